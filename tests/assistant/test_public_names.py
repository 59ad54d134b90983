"""What a program imports from ``assistant``, and that importing it costs nothing until it is used."""

import subprocess
import sys

import pytest

import assistant
from assistant import Assistant
from indexes.generation import Home


@pytest.mark.parametrize("name", assistant.__all__)
def test_every_public_name_can_be_imported(name: str) -> None:
    assert getattr(assistant, name).__name__.lower() == name.lower()


def test_the_list_of_public_names_is_true() -> None:
    assert sorted(assistant.__all__) == assistant.__all__ == dir(assistant)
    with pytest.raises(AttributeError, match="no attribute 'Oracle'"):
        assistant.Oracle  # noqa: B018


def test_the_package_alone_imports_nothing_heavy() -> None:
    heavy = "import assistant, sys; print({'numpy', 'faiss', 'pydantic', 'onnxruntime'} & sys.modules.keys())"
    assert subprocess.run([sys.executable, "-c", heavy], capture_output=True, text=True).stdout.strip() == "set()"


def test_an_assistant_is_opened_over_a_home(starter_home: Home) -> None:
    with Assistant.open(home=starter_home.folder, sentences=1) as opened:
        answer = opened.ask("Which executive order was Choe Un Jong designated under?")
    assert [citation.release_id for citation in answer.citations] == ["jy1539"]
