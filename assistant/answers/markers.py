"""A language model's reply, read as sentences with the numbers of the passages that they cite."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.answers.prompt import NO_ANSWER, visible
from corpus.sentences import sentence_spans

_NUMBERS = r"\^?\s*(?:(?:passages?|sources?)\s*)?\d{1,3}(?:\s*(?:[,;&–-]|and)\s*\^?\d{1,3})*"
#: [1], [1, 2], [1-3], [^1], [passage 1], 【1】, 【1†source】.
_MARKER = re.compile(rf"\[\s*({_NUMBERS})\s*\](?!\()|【\s*({_NUMBERS})\s*(?:†[^】]*)?】", re.I)
_ANY_MARKER = rf"(?i:\[\s*{_NUMBERS}\s*\]|【\s*{_NUMBERS}[^】]*】)"
#: Where a marker says that a sentence has ended, whatever abbreviation its last word may be.
_BOUNDARY = re.compile(rf"(?:(?:{_ANY_MARKER}\s*)+[.!?][\"”’)]*|[.!?][\"”’)]*(?:\s*{_ANY_MARKER})+)\s+(?=[“\"(]?[A-Z])")
_OPEN_MARKER = re.compile(r"[\[【][^\]】]*\Z")
_RANGE = re.compile(r"(\d+)\s*[–-]\s*(\d+)|(\d+)")

#: What colours a terminal's letters, or moves its cursor.
_TERMINAL = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]")
_THINKING = re.compile(r"<(think|thinking|reasoning)>.*?(?:</\1>|\Z)", re.S | re.I)
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.S)
_TARGET = r"\((?:[^()]|\([^()]*\))*\)"
_IMAGE = re.compile(rf"!\[[^\]]*\](?:{_TARGET}|\[[^\]]*\])?")
_NUMBER_LINK = re.compile(r"\[(\^?\d{1,3})\]\([^)\s]*\)")
_LINK = re.compile(rf"\[([^\[\]]*)\]{_TARGET}")
_TAG = re.compile(r"</?[a-z][^<>]*>|<[a-z][a-z+.-]*:[^<>\s]*>", re.I)
_FENCE = re.compile(r"^[ \t]*(?:```|~~~).*$", re.M)
_EMPHASIS = re.compile(r"(\*{1,3}|(?<!\w)_{1,3})(?=\S)([^*_\n]+?)(?<=\S)(?:\1)(?!\w)")
_HEADING = re.compile(r"\s{0,3}(?:#{1,6}\s|\*\*[^*]+\*\*:?\s*$)")
_RULE = re.compile(r"\s*(?:[-=_*]\s*){3,}$|\s*\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)*\|?\s*$")
_ITEM = re.compile(r"\s*(?:[-*+•–]|\(?\d{1,2}[.)])\s+")
_SENTENCE_END = re.compile(r"[.!?:][\"”’')]*$")

#: With fewer words there is no statement.
FEWEST_WORDS = 3


@dataclass(frozen=True, slots=True)
class WrittenSentence:
    """A sentence of a reply, and the numbers of the passages that it cites: each is that of one."""

    text: str
    numbers: tuple[int, ...]


def read_reply(reply: str, passages: int, *, ended: bool = True) -> list[WrittenSentence]:
    """The sentences of a reply, in order, without what is not one: thoughts, headings, links, questions.

    Args:
        reply: what the model has written so far.
        passages: how many it was given; a marker with another number is none.
        ended: whether it has written all: if not, the last sentence may go on and is left out.
    """
    sentences: list[WrittenSentence] = []
    text = reply if ended else _OPEN_MARKER.sub("", reply)
    for block in _blocks(_without_markup(text)):
        sentences += _sentences(block, passages)
    if not ended:
        sentences = sentences[:-1]
    return [s for s in sentences if _says_something(s)]


def declines(reply: str) -> bool:
    """Whether the model says that the passages hold no answer."""
    return NO_ANSWER in reply


def read_repairs(reply: str, count: int, passages: int) -> dict[int, list[WrittenSentence]]:
    """The corrected sentences of a reply, by the number, from 0, of the sentence that each stands for."""
    repairs: dict[int, list[WrittenSentence]] = {}
    for line in _without_markup(reply).splitlines():
        found = re.match(r"\s*(?:[-*]\s*)?S\s*(\d{1,2})\s*[:.)]\s*(.+)", line, re.I)
        if found and 1 <= int(found[1]) <= count and int(found[1]) - 1 not in repairs:
            written = [] if re.match(r"DROP\b", found[2].strip()) else read_reply(found[2], passages)
            repairs[int(found[1]) - 1] = written
    return repairs


def _without_markup(reply: str) -> str:
    """The words of a reply; nothing that a page would render, run or follow."""
    text = reply.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    text = visible(_TERMINAL.sub("", text))
    for pattern in (_THINKING, _COMMENT, _FENCE, _IMAGE):
        text = pattern.sub("", text)
    text = _LINK.sub(r"\1", _NUMBER_LINK.sub(r"[\1]", text))
    return _EMPHASIS.sub(r"\2", _headings_left_out(_TAG.sub("", text))).replace("**", "").replace("`", "")


def _headings_left_out(text: str) -> str:
    return "\n".join("" if _HEADING.match(line) or _RULE.match(line) else line for line in text.split("\n"))


def _blocks(text: str) -> Iterator[str]:
    """Paragraphs, cut where a marker ends a sentence, and items of lists; a line may end amid a sentence."""
    for paragraph in _paragraphs(text):
        start = 0
        for boundary in _BOUNDARY.finditer(paragraph):
            yield paragraph[start : boundary.end()]
            start = boundary.end()
        yield paragraph[start:]


def _paragraphs(text: str) -> Iterator[str]:
    block = ""
    for line in text.splitlines():
        item = _ITEM.match(line)
        if block and (item or not line.strip() or _SENTENCE_END.search(_MARKER.sub("", block).rstrip())):
            yield block
            block = ""
        block = f"{block} {line[item.end() if item else 0 :].strip(' |')}".strip()
    if block:
        yield block


def _sentences(block: str, passages: int) -> list[WrittenSentence]:
    """Split a block; a marker is of the sentence that it ends or stands in, one at the very start of the next."""
    bare, markers, position = "", [], 0
    for match in _MARKER.finditer(block):
        bare += block[position : match.start()].rstrip() if _closes(block, match) else block[position : match.start()]
        markers.append((len(bare), _cited(match[1] or match[2], passages)))
        position = match.end()
    bare += block[position:]
    spans = sentence_spans(bare)
    cited: list[dict[int, None]] = [{} for _ in spans]
    for place, numbers in markers:
        if spans:
            before = [n for n, span in enumerate(spans) if span.start < place]
            cited[before[-1] if before else 0] |= dict.fromkeys(numbers)
    return [
        WrittenSentence(" ".join(bare[span.start : span.end].split()), tuple(numbers))
        for span, numbers in zip(spans, cited, strict=True)
    ]


def _closes(block: str, marker: re.Match[str]) -> bool:
    """Whether a marker stands before the mark that ends its sentence, or the space after it."""
    after = block[marker.end() : marker.end() + 1]
    return not after or after in ".,;:!?)[【 "


def _cited(words: str, passages: int) -> list[int]:
    """The numbers in a marker that are those of passages."""
    numbers: list[int] = []
    for first, last, one in _RANGE.findall(words):
        low, high = (int(one), int(one)) if one else (int(first), int(last))
        numbers += range(max(low, 1), min(high, passages) + 1)
    return numbers


def _says_something(sentence: WrittenSentence) -> bool:
    """Whether it may be part of an answer: no question, no mere words, and not that the answer follows, or is none."""
    preamble = not sentence.numbers and sentence.text.endswith((":", "!"))
    words = len(re.findall(r"\w+", sentence.text))
    return words >= FEWEST_WORDS and not (preamble or sentence.text.endswith("?") or NO_ANSWER in sentence.text)
