"""The starter corpus: digests in our own words of real releases, which ship with the program."""

from pathlib import Path

STARTER = Path(__file__).parent / "releases"
