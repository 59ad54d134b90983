"""The page, in a browser. Modules here import Gradio: only what serves the page imports them."""

import os

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # nothing leaves the machine
