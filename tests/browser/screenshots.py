"""Pictures of every tab, light and dark, on a desk and on a phone: ``make screenshots``.

    python -m tests.browser.screenshots FOLDER [HOME]

The home is a copy of the one given, or of a starter home made for it: what is asked here is kept nowhere else.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from assistant.settings import load_settings
from tests.browser.conftest import ARGUMENTS, CHROMIUM, TABS, ask, go_to, serving, visit

QUESTION = "Why was Tornado Cash sanctioned in the summer of 2022, and what happened to Blender.io?"
WINDOWS = {"desk": (1440, 900), "phone": (390, 844)}
DRAFT = (
    "OFAC sanctioned the virtual currency mixer Tornado Cash on August 8, 2022 [jy0916]. "
    "It had sanctioned Blender.io on May 6, 2021. Choe Un Jong was designated under Executive Order 13382."
)


def main(folder: Path, home: Path) -> None:
    """Take them all."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as playwright:
        copy = Path(shutil.copytree(home, Path(scratch) / "home", symlinks=True))
        command = [sys.executable, "-m", "ui", "eval", "run", "starter", "--system", "assistant", "--system", "bm25"]
        env = {**os.environ, "ASSISTANT_HOME": str(copy)}
        subprocess.run([*command, "--out", str(copy / "runs" / "first")], env=env, check=True, capture_output=True)
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        with serving(copy) as (address, _):
            for theme in ("light", "dark"):
                for window, (width, height) in WINDOWS.items():
                    page = browser.new_page(viewport={"width": width, "height": height})
                    page.set_default_timeout(60_000)
                    visit(page, f"{address}/?__theme={theme}")
                    _work(page)
                    for tab in TABS:
                        go_to(page, tab)
                        page.wait_for_timeout(500)
                        page.wait_for_timeout(700)
                        name = tab.lower().replace(" ", "-")
                        page.screenshot(path=folder / f"{name}-{theme}-{window}.png")
                    page.close()


def _work(page: Page) -> None:
    """Something on every tab: an answer, a briefing of it, a checked draft, mentions of a name."""
    ask(page, QUESTION)
    page.get_by_role("link", name="Add to briefing").last.click()
    page.locator("#clip .seen").wait_for()
    page.locator("#clip .seen").wait_for(state="detached")
    go_to(page, "Check a draft")
    page.locator("#tabs textarea:visible").first.fill(DRAFT)
    page.get_by_role("button", name="Check", exact=True).click()
    page.locator("#reader, .draft-page").first.wait_for()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else load_settings().home)
