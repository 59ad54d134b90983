"""How fast the page is: its first paint, an answer as a person sees it, and the longest release opened at a quote.

    python -m tests.bench.page [HOME]

Three rounds of each in a real Chromium, over the index of HOME, in which a conversation a round is kept; without one,
over the starter corpus in a home made for it.
"""

import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright

from assistant.engine import Assistant
from assistant.settings import load_settings
from corpus.release import Release
from corpus.starter import STARTER
from indexes.build import build_index
from indexes.embedding.encoder import DEFAULT_MODEL
from indexes.generation import PASSAGES, Home
from tests.browser.conftest import ARGUMENTS, CHROMIUM, serving, visit

if TYPE_CHECKING:
    from playwright.sync_api import Page

ROUNDS = 3
QUESTION = "Why was Tornado Cash sanctioned?"
#: A button as any list on the page has it, at a sentence in the middle of a release.
_BUTTON = """([id, start, end]) => {
  const button = document.createElement("button");
  Object.assign(button.dataset, {release: id, start, end});
  button.className = "open-release";
  document.body.append(button);
  document.querySelector("#reader article")?.remove();
  const began = performance.now();
  button.click();
  return new Promise((done) => {
    const look = () => document.querySelector("#reader mark.chosen")
      ? requestAnimationFrame(() => done(performance.now() - began)) : requestAnimationFrame(look);
    look();
  });
}"""
_PAINT = "performance.getEntriesByName('first-contentful-paint')[0].startTime"


def main(home: Path) -> None:
    """Print the medians, in milliseconds."""
    with Assistant(load_settings(home=home)) as assistant:
        with closing(sqlite3.connect(home / "generations" / assistant.generation().name / PASSAGES)) as db:
            (name,) = db.execute("SELECT release_id FROM release ORDER BY length(text) DESC LIMIT 1").fetchone()
        longest = assistant.release(name)
    assert longest is not None
    with serving(home) as (address, _), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        paints, answers, opened = [], [], []
        for _round in range(ROUNDS):
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            visit(page, address)
            paints.append(float(page.evaluate(_PAINT)))
            answers.append(_timed(lambda page=page: _ask(page)))
            opened.append(float(page.evaluate(_BUTTON, _place(longest))))
            page.close()
    for what, values in (
        ("first contentful paint", paints),
        ("question to cited answer on the page", answers),
        (f"a release of {len(longest.text):,} characters, opened at its quote", opened),
    ):
        print(f"{what}: {statistics.median(values):,.0f} ms ({min(values):,.0f} to {max(values):,.0f})")  # noqa: T201


def _ask(page: "Page") -> None:
    page.locator("#question textarea").fill(QUESTION)
    page.locator("#question textarea").press("Enter")
    page.locator("#chat a[href*='#link-']").first.wait_for()


def _place(release: Release) -> tuple[str, int, int]:
    spans = [span for paragraph in release.paragraphs for span in paragraph.sentences]
    middle = spans[len(spans) // 2]
    return release.release_id, middle.start, middle.end


def _timed(work: Callable[[], None]) -> float:
    began = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - began)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        main(Path(sys.argv[1]))
    else:
        with tempfile.TemporaryDirectory() as folder:
            build_index(STARTER, Home(Path(folder)), DEFAULT_MODEL)
            main(Path(folder))
