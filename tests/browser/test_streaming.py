"""An answer that a language model writes, as it is seen while it grows; and stopping it."""

import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.assistant.model_server import Handler, ModelServer, model_server
from tests.browser.conftest import IN_A_BROWSER, serving, visit

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

QUESTION = "Who is Choe Un Jong?"
WIFE = "Choe Un Jong is the wife of Choe Chol Min"

pytestmark = IN_A_BROWSER


@pytest.fixture(scope="module")
def model() -> Iterator[ModelServer]:
    with model_server() as server:
        yield server


@pytest.fixture(scope="module")
def written(model: ModelServer, desk_home: Path) -> Iterator[str]:
    """A server whose answers the model writes."""
    with serving(desk_home, ASSISTANT_LLM_URL=model.url, ASSISTANT_LLM_MODEL="model-9") as (address, _):
        yield address


@pytest.fixture
def page(browser: "Browser", written: str) -> Iterator["Page"]:
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.set_default_timeout(60_000)
    visit(page, written)
    yield page
    page.context.close()


def begins(handler: Handler) -> None:
    """One true sentence with the number of its passage, and then another without end."""
    passages = re.split(r"<passage (\d+)>", handler.server.read(len(handler.server.requests) - 1))
    number = next(int(n) for n, text in zip(passages[1::2], passages[2::2], strict=True) if WIFE in text)
    handler.begin()
    handler.event(f"{WIFE} [{number}]. Choe Chol Min is")
    while True:
        handler.event(" very")
        time.sleep(0.2)


def test_sentences_show_as_they_pass_the_check_and_the_answer_can_be_stopped(page: "Page", model: ModelServer) -> None:
    model.says(begins)
    page.locator("#question textarea").fill(QUESTION)
    page.locator("#question textarea").press("Enter")
    page.locator("#chat .bot", has_text=WIFE).wait_for()
    page.locator("#chat .bot", has_text="Writing").wait_for()
    place = page.locator("#question").bounding_box()
    page.get_by_role("button", name="Stop").or_(page.locator("#question .stop-button")).first.click()
    page.locator("#chat .bot", has_text="Stopped before it was answered").wait_for()
    assert model.hung_up.wait(10)  # the model was told, too
    assert page.locator("#question").bounding_box() == place  # nothing jumped
    model.says("NOT_IN_CORPUS")
    page.get_by_role("button", name="Retry").last.click()
    page.locator("#chat a[href*='#cite-jy1539']").first.wait_for()


def test_what_became_of_a_models_work_is_noted(page: "Page", model: ModelServer) -> None:
    model.says("Choe Un Jong won $4 million in the lottery of Monaco in 1987 [1].")
    page.locator("#question textarea").fill(QUESTION)
    page.locator("#question textarea").press("Enter")
    page.locator("#chat .bot", has_text="Note:").wait_for()
    assert "Monaco" not in page.locator("#chat .bot").inner_text()
