"""What browser tests share: the browser, the real server over the starter corpus, and the marks that they carry."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from indexes.generation import Home

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
ARGUMENTS = (
    "--headless --no-sandbox --disable-gpu --disable-background-networking --disable-component-update --disable-sync "
    "--no-first-run"
).split()

TABS = ("Chat", "Briefing", "Check a draft", "Corpus", "Evaluation")

IN_A_BROWSER = [
    pytest.mark.browser,
    pytest.mark.xdist_group("browser"),
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine; install the package chromium"),
]


@pytest.fixture(scope="module")  # no longer: it keeps an event loop running, which other tests of its worker trip over
def browser() -> Iterator["Browser"]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def desk_home(starter_home: Home, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home of the server's own, with the starter corpus: what people do is kept in it."""
    folder = tmp_path_factory.mktemp("desk") / "home"
    shutil.copytree(starter_home.folder, folder, symlinks=True)
    return folder


@pytest.fixture(scope="session")
def address(desk_home: Path) -> Iterator[str]:
    """Where the real server answers, started as a person starts it."""
    with serving(desk_home) as (address, _):
        yield address


@contextmanager
def serving(
    home: Path, options: Sequence[str] = ("--port", "0"), **settings: str
) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """A server with options and settings of its own: its address and its process."""
    env = {**os.environ, "ASSISTANT_HOME": str(home), "PYTHONUNBUFFERED": "1", **settings}
    command = [sys.executable, "-m", "ui", "serve", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=env) as server:
        assert server.stdout is not None
        line = server.stdout.readline()
        found = re.search(r"http://127\.0\.0\.1:\d+", line)
        try:
            assert found, f"the server said {line!r}"
            yield found.group(), server
        finally:
            server.terminate()
            server.wait(20)


@pytest.fixture
def page(browser: "Browser", address: str) -> Iterator["Page"]:
    """The page, opened."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.set_default_timeout(60_000)
    visit(page, address)
    yield page
    context.close()


def visit(page: "Page", address: str) -> None:
    """Open the page, and wait until it listens."""
    page.goto(address)
    page.locator("#conversations :is(.empty, ul)").wait_for(state="attached")  # the first answer of the server


def ask(page: "Page", question: str) -> None:
    """Ask, and wait until it is answered."""
    answered = page.locator("#chat a[href*='#link-']").count()
    box = page.locator("#question textarea")
    box.fill(question)
    box.press("Enter")
    page.locator("#chat a[href*='#link-']").nth(answered).wait_for()


def go_to(page: "Page", name: str) -> None:
    """Choose a tab, also where a narrow window hides it behind the menu of tabs."""
    tab = page.locator("#tabs").get_by_role("tab", name=name, exact=True).first
    if tab.is_visible():
        tab.click()
    else:
        page.locator("#tabs .overflow-menu > button").first.click()
        page.locator("#tabs .overflow-dropdown button", has_text=name).click()
