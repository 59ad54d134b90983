"""What was read from a question before it was searched, as chips that can be taken out."""

from dataclasses import dataclass

from assistant.retrieval import Part
from assistant.search import Understood
from corpus.dating import in_words


@dataclass(frozen=True, slots=True)
class Chip:
    """``label`` for people; ``part`` is what retrieval leaves out where the chip is taken out."""

    label: str
    part: Part


def chips(understood: Understood) -> list[Chip]:
    """A chip for every kind of thing that was read: periods, names, release ids, an order."""
    found = []
    if understood.periods:
        periods = " and ".join(
            f"“{p.words}”" if p.start == p.end else f"“{p.words}” ({in_words(p.start)} – {in_words(p.end)})"
            for p in understood.periods
        )
        found.append(Chip(f"time: {periods}", Part.PERIODS))
    if understood.release_ids:
        found.append(Chip(f"only {', '.join(understood.release_ids)}", Part.IDS))
    if understood.order:
        found.append(Chip(f"the {understood.order} of alike releases", Part.ORDER))
    names = [f"“{name.asked}” also as {', '.join(f'“{other}”' for other in name.others)}" for name in understood.names]
    names += [f"“{c.asked}” as “{c.read}”" for c in understood.corrections]
    if names:
        found.append(Chip("; ".join(names), Part.NAMES))
    return found
