"""What people write where they cite a release: ``[jy1539]``, ``(jy1539)``, addresses, footnotes.

References are taken out of the words before these are checked: an id is no fact of a sentence.
"""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from assistant.question import PAGE, page_id

#: Gives the ids of the releases that a name leads to, none where it leads nowhere.
Known = Callable[[str], Sequence[str]]

_ID = r"[A-Za-z]{2}[- ]?\d{2,5}"
_SLUG = r"(?=[\w-]*\d)[A-Za-z0-9][\w-]{3,}"
#: Two letters and digits that are no release's id.
_NO_SERIES = {"eo", "fy", "co", "no", "pl", "ai", "un", "us", "eu", "uk"}
_LEAD = r"(?:see|cf\.|source:|sources:|release|press\srelease)?\s*"
_SEPARATOR = r"\s*(?:[;,]|and|&)\s*"

_FORMS = re.compile(
    rf"""[ \t]*\[\^(?P<footnote>[^\]\s]+)\]
    | [ \t]*\[(?P<number>\d{{1,3}})\]
    | [ \t]*\[{_LEAD}(?P<slugs>(?:{_ID}|{_SLUG})(?:{_SEPARATOR}(?:{_ID}|{_SLUG}))*)\]
    | [ \t]*\({_LEAD}(?P<ids>{_ID}(?:{_SEPARATOR}{_ID})*)\)
    | [ \t]*[<(\[]?(?P<page>{PAGE.pattern})[>)\]]?
    | (?P<led>\b(?:according\ to|as\ announced\ in|per)\s+(?:press\ )?(?:release\s+)?
        (?P<led_id>[A-Za-z]{{2}}-?\d{{2,5}})\b,?\s*)
    | \b(?P<bare>[A-Za-z]{{2}}-?\d{{2,5}})\b
    """,
    re.X | re.I,
)
#: How an address ends that a sentence runs on after.
_TRAILING = ".,;:!?'”\""


@dataclass(frozen=True, slots=True)
class Mention:
    """A reference before the character ``start`` of a text: what is written, the names in it, or a footnote's label.

    ``at`` is where it is written, in the text that it was found in.
    """

    start: int
    at: tuple[int, int]
    written: str
    names: tuple[str, ...] = ()
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """A text without its references; its character ``n`` was the character ``kept[n]``."""

    text: str
    kept: Sequence[int]
    mentions: Sequence[Mention]


def take_out(text: str, mentions: Iterable[Mention], notes: Mapping[str, str], known: Known) -> Taken:
    """Take the references out of a text, and keep where they stood.

    Args:
        text: words with references among them.
        mentions: those already found, by place in ``text``.
        notes: footnotes by label: ``[3]`` is a reference only where there is such a note.
        known: gives the releases that a name leads to; an id without brackets is a reference only where it leads
            somewhere.
    """
    gone: list[tuple[int, int]] = []
    found = list(mentions)
    for match in _FORMS.finditer(text):
        start, end = match.span()
        written = match[0].strip()
        at = (start + len(match[0]) - len(match[0].lstrip()), end)
        if label := match["footnote"]:
            found.append(Mention(start, at, written, note=label))
        elif label := match["number"]:
            if label not in notes:
                continue
            found.append(Mention(start, at, written, note=label))
        elif listed := match["slugs"] or match["ids"]:
            names = tuple(map(_joined, re.split(_SEPARATOR, listed)))
            if not all(_may_be_id(name) or known(name) for name in names):
                continue
            found.append(Mention(start, at, written, names))
        elif page := match["page"]:
            bare = page.rstrip(_TRAILING)
            end = match.end() - (len(page) - len(bare)) if match[0].endswith(page) else match.end()
            found.append(Mention(start, (at[0], end), bare, (page_id(bare),)))
        else:
            name = _joined(match["led_id"] or match["bare"])
            if not known(name):
                continue
            found.append(Mention(start if match["led"] else end, at, written, (name,)))
            if not match["led"]:
                continue
        gone.append((start, end))
    kept = _outside(len(text), gone)
    moved = [replace(mention, start=bisect_left(kept, mention.start)) for mention in found]
    return Taken("".join(text[at] for at in kept), kept, sorted(moved, key=lambda m: m.at))


def note_names(note: str, known: Known) -> tuple[str, ...]:
    """The names of releases in a footnote: addresses, bracketed ids, and ids that lead somewhere.

    Where it has none of these, what looks like an id is meant as one.
    """
    named = (name for mention in take_out(note, (), {}, known).mentions for name in mention.names)
    meant = (name for match in _FORMS.finditer(note) if match["bare"] and _may_be_id(name := _joined(match["bare"])))
    return tuple(dict.fromkeys(named)) or tuple(dict.fromkeys(meant))


def _joined(name: str) -> str:
    """An id as releases have it ("JY-1539" is jy1539); any other name in small letters."""
    name = name.strip()
    return re.sub(r"[- ]", "", name).lower() if re.fullmatch(_ID, name) else name.lower()


def _may_be_id(name: str) -> bool:
    return bool(re.fullmatch(r"[a-z]{2}\d{2,5}", name)) and name[:2] not in _NO_SERIES


def _outside(length: int, gone: Sequence[tuple[int, int]]) -> list[int]:
    kept: list[int] = []
    at = 0
    for start, end in gone:
        kept += range(at, start)
        at = end
    return [*kept, *range(at, length)]
