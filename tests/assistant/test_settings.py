"""Where settings come from, which one wins, and how a wrong one is told."""

from pathlib import Path

import pytest

from assistant.settings import load_settings
from corpus.errors import SettingsError


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ASSISTANT_HOME", str(tmp_path))
    return tmp_path


def test_an_argument_beats_the_environment_and_that_the_file(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert load_settings().port == 7860
    (home / "settings.toml").write_text("port = 1111\nsentences = 2\n")
    assert (load_settings().port, load_settings().sentences, load_settings().home) == (1111, 2, home)
    monkeypatch.setenv("GRADIO_SERVER_PORT", "2222")
    assert load_settings().port == 2222
    monkeypatch.setenv("ASSISTANT_PORT", "3333")
    assert load_settings().port == 3333
    assert load_settings(port=4444, sentences=None).port == 4444


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("port = 70000", "less than or equal to 65535"),
        ("prot = 7860", "prot"),
        ("port = ", "settings.toml"),
        ('dense_weight = "much"', "valid number"),
    ],
)
def test_a_wrong_setting_is_told_by_name(home: Path, content: str, told: str) -> None:
    (home / "settings.toml").write_text(content)
    with pytest.raises(SettingsError, match=told):
        load_settings()
