"""The real corpus, where it is present: a sample of its files is read, and every position in them is exact."""

import random

import pytest

from corpus.errors import DocumentError
from corpus.folder import release_files
from corpus.loaders.markdown import load_markdown
from corpus.release import ParagraphKind
from tests.corpus.test_cleaning import check_positions
from tests.shared import TREASURY_NEWS, needs_treasury_corpus

pytestmark = needs_treasury_corpus


def test_a_sample_of_real_files() -> None:
    files = random.Random(7).sample(release_files(TREASURY_NEWS), 600)  # noqa: S311 - a fixed sample, no secret
    read, refused = [], []
    for file in files:
        try:
            read.append(load_markdown(file))
        except DocumentError as problem:
            refused.append(problem.reason)
    assert set(refused) <= {"holds no text, only front matter or site menus; nothing to index"}
    assert len(read) > 570
    for release in read:
        check_positions(release.text, release.paragraphs)
        assert "\u200b" not in release.text
        assert "(Archived Content)" not in release.text
        assert "Enter Search Term(s)" not in release.text


@pytest.mark.parametrize(
    ("release_id", "heading", "sentence"),
    [
        ("jy1539", "DPRK PROCUREMENT REPRESENTATIVES", "Choe Un Jong is being designated pursuant to E.O. 13810"),
        ("js4317", None, "The Chinese companies designated today are Beijing Alite Technologies Company, Ltd."),
    ],
)
def test_sentences_of_known_releases(release_id: str, heading: str | None, sentence: str) -> None:
    (file,) = TREASURY_NEWS.rglob(f"*-{release_id}.md")
    release = load_markdown(file)
    bodies = [p for p in release.paragraphs if p.kind is ParagraphKind.BODY]
    (found,) = [p for p in bodies for s in p.sentences if release.text[s.start : s.end].startswith(sentence)]
    assert found.headings == ((heading,) if heading else ())
