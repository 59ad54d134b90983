"""``python -m ui`` is ``assistant``."""

from ui.cli import main

main()
