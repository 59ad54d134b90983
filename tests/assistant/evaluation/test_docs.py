"""The worked examples of the documentation are true."""

import doctest
import importlib
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[3] / "docs"


def test_the_examples_of_the_evaluation_page() -> None:
    failed, tried = doctest.testfile(str(DOCS / "evaluation.md"), module_relative=False)
    assert tried > 20
    assert failed == 0


@pytest.mark.parametrize("name", ["facts", "metrics.abstention", "metrics.efficiency", "systems.passages"])
def test_the_examples_of_docstrings(name: str) -> None:
    failed, tried = doctest.testmod(importlib.import_module(f"assistant.evaluation.{name}"))
    assert tried > 0
    assert failed == 0
