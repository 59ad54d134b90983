"""The legal authorities that a text names by number: executive orders, resolutions, laws, sections, licenses."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_LABELS = {
    "E.O.": r"(?:Presidential )?Executive Orders?(?: \(E\.? ?O\.?\))?|E\.? ?O\.?s?(?= ?\d)|E\.O\.s",
    "resolution": (
        r"(?:(?:U\.?N\.?|United Nations) )?(?:Security Council )?Resolutions?(?: \(UNSCRs?\))?|"
        r"UNSCRs?(?: Nos?\.?)?|U\.N\.S\.C\.R\."
    ),
    "Public Law": r"Public Law(?: No\.?)?|Pub\. ?L\.(?: No\.?)?|P\.L\.",
    "section": r"Sections?|Secs?\.|§{1,2}",
    "directive": r"Directives?",
    "General License": r"General Licenses?(?: Nos?\.?)?|GLs?(?= ?\d)",
    "Title": r"Title(?= (?:\d|[IVX]+\b))",
    "Part": r"Parts?(?= \d)",
    "Article": r"Articles?(?= \d)",
    "IMO": r"IMO:?(?: (?:Number|No\.?):?)?",
}
_NUMBER = r"\d+(?:[-.]\d+)?[A-Za-z]?(?:\([A-Za-z0-9]{1,4}\)){0,4}(?![\w]|[.,]\d)"
_LABELLED = re.compile(
    "|".join(
        rf"(?P<k{n}>{'(?i:' if name in ('E.O.', 'resolution', 'section') else '(?:'}(?<!\w)(?:{label})))"
        for n, (name, label) in enumerate(_LABELS.items())
    )
)
_FIRST = re.compile(rf" ?({_NUMBER})")
_NEXT = re.compile(
    rf"(?:, and |, or |,? and |,? or |, | ?/ ?)(?:(?:section|§) )?({_NUMBER})(?!(?:st|nd|rd|th)\b|"
    rf" (?:other|new|more|individuals|entities))"
)
_CODE = re.compile(rf"\b(\d+) (U\.?S\.?C\.?|C\.?F\.?R\.?)(?:,?(?: [Pp]arts?| [Ss]ections?| §{{1,2}}))? ({_NUMBER})")


@dataclass(frozen=True, slots=True)
class Authority:
    """A numbered authority at characters ``[start, end)`` of a folded text, such as ``E.O.`` and ``13810``."""

    label: str
    number: str
    start: int
    end: int

    def __str__(self) -> str:
        if self.label in ("U.S.C.", "CFR"):
            return self.number.replace(" ", f" {self.label} ", 1)
        return f"{self.label} {self.number}"


def authorities(folded: str) -> tuple[Authority, ...]:
    """The numbered authorities of a folded text, in order; each number of a list has the label before the list."""
    return tuple(sorted(_found(folded), key=lambda authority: authority.start))


def _found(folded: str) -> Iterator[Authority]:
    codes = []
    for match in _CODE.finditer(folded):
        codes.append(match.span())
        label = "U.S.C." if match[2].startswith("U") else "CFR"
        yield Authority(label, f"{match[1]} {match[3].lower()}", *match.span())
    names = list(_LABELS)
    for match in _LABELLED.finditer(folded):
        if any(start <= match.start() < end for start, end in codes):
            continue
        label = names[int(match.lastgroup[1:])] if match.lastgroup else ""
        number = _FIRST.match(folded, match.end())
        start = match.start()
        while number:
            yield Authority(label, number[1].lower(), start, number.end())
            number = _NEXT.match(folded, number.end()) if label not in ("IMO", "Title") else None
            start = number.start(1) if number else 0
