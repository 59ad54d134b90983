"""The questions of a briefing: a file of text, a question a line, or Markdown, whose headings are sections."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.question import parse_question
from assistant.questions_file import read_text
from corpus.errors import BriefingError, QuestionError
from corpus.loaders.markdown import FRONT_MATTER

if TYPE_CHECKING:
    from markdown_it.token import Token

MARKDOWN = (".md", ".markdown")
#: What people put before the items of a list in plain text.
_BULLET = re.compile(r"\s*(?:[-*•–]|\d{1,3}[.)])\s+")


@dataclass(frozen=True, slots=True)
class BriefingQuestion:
    """A question and the line of the file that it starts on."""

    text: str
    line: int


@dataclass(frozen=True, slots=True)
class QuestionSection:
    """Questions under one heading; the heading is empty for those before the first."""

    heading: str
    questions: list[BriefingQuestion]


@dataclass(frozen=True, slots=True)
class BriefingQuestions:
    """What a file asks. ``title`` is empty where it has none; ``bad`` are lines that cannot be asked, and why."""

    title: str
    sections: list[QuestionSection]
    bad: list[tuple[int, str]]

    @property
    def count(self) -> int:
        """How many questions there are."""
        return sum(len(section.questions) for section in self.sections)


def read_briefing_questions(path: Path) -> BriefingQuestions:
    """Read a file of questions, Markdown by its name's ending, else plain text.

    Raises:
        BriefingError: it cannot be read, or holds no question that can be asked.
    """
    text = read_text(path, BriefingError)
    if "\x00" in text:
        raise BriefingError(f"{path} is no text; write the questions as .txt, one a line, or as .md")
    try:
        questions = parse_markdown(text) if path.suffix.lower() in MARKDOWN else parse_lines(text)
    except BriefingError as error:
        raise BriefingError(f"{path}: {error}") from error
    if not questions.count:
        line, reason = questions.bad[0] if questions.bad else (1, "write one a line, or in Markdown as items of a list")
        raise BriefingError(f"{path} holds no question that can be asked; line {line}: {reason}")
    return questions


def parse_lines(text: str) -> BriefingQuestions:
    """Plain text: every line that is not blank is a question; the mark of a list before it is left out."""
    lines = _with_plain_ends(text).split("\n")
    found = ((number, _BULLET.sub("", line, count=1)) for number, line in enumerate(lines, 1))
    return _asked("", [("", number, line) for number, line in found if line.strip()])


def parse_markdown(text: str) -> BriefingQuestions:
    """Markdown: headings are sections, items of lists and lines that end in a question mark are questions.

    A heading that asks and has nothing under it is a question, too. A file that has none of these asks every
    paragraph. The title is the front matter's, else the only heading of the first rank where it comes first.
    """
    title, body, first_line = _front_matter(_with_plain_ends(text))
    blocks = _with_asking_headings([(kind, line + first_line, words) for kind, line, words in _blocks(body)])
    top = [words for kind, _, words in blocks if kind == "h1"]
    if len(top) == 1 and blocks[0][0] == "h1":
        title, blocks = title or top[0], blocks[1:]
    marked = [(line, words) for kind, line, words in blocks if kind == "item" or _asks(kind, words)]
    asked: list[tuple[str, int, str]] = []
    heading = ""
    for kind, line, words in blocks:
        if kind.startswith("h"):
            heading = words
        elif (line, words) in marked or not marked:
            asked.append((heading, line, words))
    return _asked(title, asked)


def _with_plain_ends(text: str) -> str:
    """A text whose lines all end as those of Unix do: a file's lines are counted however they end."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _with_asking_headings(blocks: list[tuple[str, int, str]]) -> list[tuple[str, int, str]]:
    """The blocks, headings that ask and have nothing under them as lines."""
    below = [*(kind for kind, _, _ in blocks), "h"][1:]
    found: list[tuple[str, int, str]] = []
    for (kind, line, words), following in zip(blocks, below, strict=True):
        if kind.startswith("h") and following.startswith("h") and _asks("line", words):
            found += [("line", line + at, text) for at, text in _lines(words)]
        else:
            found.append((kind, line, " ".join(words.split()) if kind.startswith("h") else words))
    return found


def _asks(kind: str, words: str) -> bool:
    return kind == "line" and words.rstrip("*_ ").endswith("?")


def _asked(title: str, found: list[tuple[str, int, str]]) -> BriefingQuestions:
    """Put questions under their headings, and aside what cannot be asked."""
    sections: list[QuestionSection] = []
    bad: list[tuple[int, str]] = []
    for heading, line, words in found:
        try:
            question = BriefingQuestion(parse_question(words).text, line)
        except QuestionError as error:
            bad.append((line, str(error)))
            continue
        if not sections or sections[-1].heading != heading:
            sections.append(QuestionSection(heading, []))
        sections[-1].questions.append(question)
    return BriefingQuestions(title, sections, bad)


def _front_matter(text: str) -> tuple[str, str, int]:
    """The title that the front matter gives, the text after it, and the lines before that."""
    import yaml

    match = FRONT_MATTER.match(text)
    if match is None:
        return "", text, 0
    try:
        meta = yaml.safe_load(match.group(1) or "")
    except yaml.YAMLError as error:
        raise BriefingError(f"the front matter cannot be read: {' '.join(str(error).split())}") from error
    title = meta.get("title") if isinstance(meta, dict) else None
    return str(title or "").strip(), text[match.end() :], text.count("\n", 0, match.end())


def _blocks(text: str) -> Iterator[tuple[str, int, str]]:
    """Headings ("h1", ...), items of lists and lines of paragraphs, each with its line number and its words."""
    from markdown_it import MarkdownIt

    tokens = MarkdownIt("commonmark").parse(text)
    item = False
    for n, token in enumerate(tokens):
        if token.type == "list_item_open":
            item = True
            if tokens[n + 1].type == "list_item_close":
                yield "item", _line(token), ""
        elif token.type == "inline":
            opened = tokens[n - 1]
            words = _words(token)
            if opened.type == "heading_open":
                yield opened.tag, _line(token), words
            elif item:
                yield "item", _line(token), " ".join(words.split())
                item = False
            else:
                yield from (("line", _line(token) + at, line) for at, line in _lines(words))


def _lines(words: str) -> Iterator[tuple[int, str]]:
    """The lines of a paragraph that asks, those together that only the margin cuts; any other paragraph as one."""
    begun: list[str] = []
    started = 0
    asks = any(_asks("line", line) for line in words.split("\n"))
    for at, line in enumerate(words.split("\n")):
        if not begun:
            started = at
        begun.append(line.strip())
        if asks and line.rstrip("*_ ").endswith((".", "?", "!", ":")):
            yield started, " ".join(begun)
            begun = []
    if begun:
        yield started, " ".join(begun)


def _line(token: "Token") -> int:
    return token.map[0] + 1 if token.map else 1


def _words(inline: "Token") -> str:
    """The words of a block without its marks, its line breaks kept."""
    return "".join(
        "\n" if child.type in ("softbreak", "hardbreak") else child.content for child in inline.children or ()
    )
