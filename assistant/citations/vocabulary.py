"""Words that mean nearly the same, words that mean the opposite, and the words that deny, hedge and limit.

Groups are of what releases and those who write about them use. A word may stand in several groups; two words mean
nearly the same where one group holds both, and never where a pair of opposites sets them apart.
"""

from functools import lru_cache
from pathlib import Path

from assistant.citations.folding import stem_of

#: Words that a sentence is not asked to have from its source: grammar, and what every sentence about anything holds.
STOP = frozenset(
    "a an the and or but nor so yet as at by for from in into of off on onto out over per to up upon with within about "
    "above across after against along amid among around before behind below beneath beside besides between beyond "
    "despite down during except inside like near outside past since through throughout till toward towards under until "
    "via versus without i he him his himself she her hers herself it its itself they them their theirs themselves we "
    "us our ours you your who whom whose which that this these those there here what when where why how while whereas "
    "whether if unless because although though than then thus also too very just still even both either neither each "
    "every all any some such same other others another own more most less least much many few several only not no "
    "never none be is am are was were been being have has had having do does did doing done can could may might must "
    "shall should will would ought one ones once again further moreover however therefore hence respectively etc eg ie "
    "said says say according including include includes included namely well now already made make makes making "
    "s t d ll re ve m use used uses using him her mr mrs ms dr".split()
)

#: What denies the words after it. "Refused" and the like both deny and say how.
DENIAL = frozenset(
    "not no never neither nor none without cannot nobody nothing isn't aren't wasn't weren't doesn't don't didn't "
    "hasn't haven't hadn't won't can't couldn't wouldn't shouldn't deny denies denied refuse refuses refused decline "
    "declines declined fail fails failed failure lack lacks lacked unable hardly barely rarely".split()
)

_LISTS = Path(__file__).parent / "wordlists"


def lines(name: str) -> list[str]:
    """The lines of a word list, remarks left out."""
    return [line for line in (_LISTS / name).read_text(encoding="utf-8").splitlines() if line[:1] not in ("", "#")]


@lru_cache(maxsize=1)
def _groups() -> dict[str, frozenset[int]]:
    """The groups of each stem."""
    found: dict[str, set[int]] = {}
    for n, line in enumerate(lines("synonyms.txt")):
        for word in line.split():
            found.setdefault(stem_of(word), set()).add(n)
    return {stem: frozenset(groups) for stem, groups in found.items()}


@lru_cache(maxsize=1)
def _sides() -> dict[str, tuple[tuple[int, int], ...]]:
    """Of each stem, the pairs of opposites that it stands in, and on which side."""
    found: dict[str, list[tuple[int, int]]] = {}
    for n, line in enumerate(lines("opposites.txt")):
        for side, words in enumerate(line.split("|")):
            for word in words.split():
                found.setdefault(stem_of(word), []).append((n, side))
    return {stem: tuple(sides) for stem, sides in found.items()}


@lru_cache(maxsize=1)
def hedges() -> dict[str, frozenset[str]]:
    """Of each word that hedges, in what ways: alleged, possible, planned, attempted, urged."""
    found: dict[str, set[str]] = {}
    for line in lines("hedges.txt"):
        way, _, words = line.partition(" ")
        for word in words.split():
            found.setdefault(word, set()).add(way)
    return {word: frozenset(ways) for word, ways in found.items()}


def groups(stem: str) -> frozenset[int]:
    """The groups of words that mean nearly the same in which a stem stands."""
    return _groups().get(stem, frozenset())


def sides(stem: str) -> tuple[tuple[int, int], ...]:
    """The pairs of opposites in which a stem stands, each with its side, 0 or 1."""
    return _sides().get(stem, ())


@lru_cache(maxsize=1 << 15)
def opposite(one: str, other: str) -> bool:
    """Whether two stems stand on different sides of a pair, and on one side of none."""
    mine, theirs = dict(sides(one)), dict(sides(other))
    both = mine.keys() & theirs.keys()
    return any(mine[n] != theirs[n] for n in both) and not any(mine[n] == theirs[n] for n in both)


@lru_cache(maxsize=1 << 15)
def alike(one: str, other: str) -> bool:
    """Whether two stems mean nearly the same."""
    if one == other:
        return True
    return bool(groups(one) & groups(other)) and not opposite(one, other)
