"""Whether a sentence turns round what it cites: denies it, widens it, or asserts what was only alleged."""

from collections.abc import Iterable, Iterator, Sequence

from assistant.citations.facts import Evidence, reason
from assistant.citations.folding import Token, stem_of
from assistant.citations.reading import Reading
from assistant.citations.reasons import Reason, ReasonKind
from assistant.citations.vocabulary import DENIAL, STOP, alike, hedges, opposite, sides

#: Words after a denial or a hedge that it is about, and words in which they are looked for.
_HEADS, _REACH = 2, 7
#: What denies without a "not": these answer a denial, but are none that a sentence could have left out.
_BARRING = frozenset(
    map(
        stem_of,
        "bar ban prohibit forbid prevent block stop exclude omit reject free unchanged cease suspend withhold "
        "avoid refrain halt expire lack only deny refuse decline fail exempt abstain oppose unless except absent leave "
        "ineligible unable forgo".split(),
    )
)
_FORBIDDING = frozenset(map(stem_of, "bar ban prohibit forbid prevent".split()))
_NO_DENIAL = frozenset(("only", "later", "less", "fewer", "more", "least", "just", "merely", "doubt", "long"))
_ALL = frozenset("all every each both any everyone everything everywhere anyone universally".split())
_WHOLE = frozenset("whole wholly entire entirely full fully total complete completely throughout all".split())
_ONLY = frozenset("only sole solely exclusively alone just merely".split())
_ALWAYS = frozenset("always constantly invariably permanently ever".split())
_NONE = frozenset("none nobody nothing".split())
_MOST = frozenset("most majority mostly mainly largely chiefly primarily predominantly".split())
#: These are said loosely.
_HARMLESS = frozenset("any just most total complete full ever alone throughout both".split())
_WIDE = (_ALL, _WHOLE, _ONLY, _ALWAYS, _NONE, _MOST)
_NARROW = frozenset(
    "some several certain one many few part parts partly often sometimes generally numerous number "
    "half most occasionally usually".split()
)
_LIMITS = frozenset(
    "some certain generally partly partially often sometimes mainly primarily mostly largely usually "
    "typically most chiefly".split()
)
#: Which hedges may stand for which.
_STANDS_FOR = {
    "alleged": frozenset(("alleged", "possible")),
    "possible": frozenset(("alleged", "possible", "planned")),
    "planned": frozenset(("planned", "possible", "urged")),
    "attempted": frozenset(("attempted", "planned", "urged")),
    "urged": frozenset(("urged", "planned")),
}
_SURE_HEDGES = frozenset(
    "allegedly alleged reportedly may might possibly perhaps likely probably suspected purportedly apparently".split()
)
#: What was only tried was not done, in whatever words it is told.
_ATTEMPTED = frozenset("attempt attempts attempted attempting try tries tried trying".split())
_CLAUSE = frozenset(",;:()")
_OPPOSITES_LEFT_TO_BOUNDS = frozenset(
    "above over below under up down most more less long short new old early late known same differ".split()
)
_PERMITTING = frozenset(
    map(stem_of, "allow permit authorize bar prohibit forbid can eligible prevent ban license".split())
)


def check_meaning(sentence: Reading, evidence: Evidence) -> Iterator[Reason]:
    """Where a sentence turns round what it cites."""
    yield from _denials(sentence, evidence)
    yield from _hedging(sentence, evidence)
    yield from _opposites(sentence, evidence)
    yield from _scope(sentence, evidence)


def _denies(reading: Reading, n: int) -> bool:
    key = reading.tokens[n].key
    if key not in DENIAL and not key.endswith("n't"):
        return False
    after = reading.tokens[n + 1] if n + 1 < len(reading.tokens) else None
    if key in ("no", "not", "never") and after:
        if after.key in _NO_DENIAL:
            return False
        if key == "no" and (reading.text[reading.tokens[n].end] == "." or after.key[0].isdigit()):
            return False
    if key == "failure" and n and reading.tokens[n - 1].key == "of":
        return False
    return key != "failed" or bool(after and after.key == "to")


def _heads(reading: Reading, n: int, heads: int = _HEADS, skip_names: bool = False) -> list[int]:
    """The words that the word at ``n`` is about: the next ones of its clause that carry meaning."""
    found: list[int] = []
    for m in range(n + 1, min(len(reading.tokens), n + 1 + _REACH)):
        between = reading.text[reading.tokens[m - 1].end : reading.tokens[m].start]
        if m > n + 1 and any(c in _CLAUSE for c in between):
            break
        token = reading.tokens[m]
        if token.key in STOP or m in reading.in_fact or (skip_names and token.capital):
            continue
        found.append(m)
        if len(found) == heads:
            break
    return found


def _turned(reading: Reading, n: int, reach: int = 9) -> bool:
    """Whether what stands at ``n`` is denied or barred by a word shortly before it, or just after."""
    before = range(max(0, n - reach), n)
    after = range(n + 1, min(len(reading.tokens), n + 3))
    return any(_denies(reading, m) or reading.tokens[m].stem in _BARRING for m in before) or any(
        _denies(reading, m) for m in after
    )


def _places(evidence: Evidence, stem: str) -> list[tuple[Reading, int]]:
    """Where a word, or one that means nearly the same, stands in the cited spans; the word itself, where it does."""
    exact = [(quote, n) for quote in evidence.quotes for n in quote.stems.get(stem, ())[:12]]
    if exact:
        return exact
    return [
        (quote, n)
        for quote in evidence.quotes
        for other, places in quote.stems.items()
        if alike(stem, other) and other not in STOP
        for n in places[:12]
    ]


def _denials(sentence: Reading, evidence: Evidence) -> Iterator[Reason]:
    for n, token in enumerate(sentence.tokens):
        if _denies(sentence, n) and not _answered(sentence, n, evidence):
            message = f"says “{token.text}”, which {evidence.where} does not"
            yield reason(ReasonKind.NEGATION, message, sentence, (token.start, token.end), contradicts=True)
    for quote in evidence.quotes:
        for n in range(len(quote.tokens)):
            if _denies(quote, n) or quote.tokens[n].stem in _FORBIDDING:
                left = _left_out(sentence, quote, n)
                if left is not None:
                    token, denial = sentence.tokens[left], quote.tokens[n].text
                    instead = quote.text[quote.tokens[n].start : quote.tokens[min(n + 2, len(quote.tokens) - 1)].end]
                    message = f"leaves out “{denial}”: {evidence.where} says “{instead}”"
                    yield reason(ReasonKind.NEGATION, message, sentence, (token.start, token.end), instead, True)


def _answered(sentence: Reading, n: int, evidence: Evidence) -> bool:
    """Whether the spans deny what a sentence denies, or say the opposite of it."""
    key = sentence.tokens[n].key
    if key == "never" and any("first" in quote.keys for quote in evidence.quotes):
        return True
    if any(
        key == quote.tokens[m].key and _denies(quote, m) for quote in evidence.quotes for m in quote.keys.get(key, ())
    ):
        same = True
    else:
        same = False
    heads = _heads(sentence, n)
    if not heads:
        return same or any(_denies(quote, m) for quote in evidence.quotes for m in range(len(quote.tokens)))
    for head in heads:
        stem = sentence.tokens[head].stem
        places = _places(evidence, stem)
        if any(
            _turned(quote, m) or (quote.tokens[m].stem in _BARRING and quote.tokens[m].stem != stem)
            for quote, m in places
        ):
            return True
        lacks = not any(stem in quote.stems for quote in evidence.quotes)
        if lacks and any(opposite(stem, other) for quote in evidence.quotes for other in quote.stems):
            return True
        if places:
            return False
    return same


def _left_out(sentence: Reading, quote: Reading, n: int) -> int | None:
    """The word that the spans deny at ``n`` and the sentence asserts; None where it does not."""
    heads = _heads(quote, n)
    if quote.tokens[n].stem in _FORBIDDING:  # "bars firms from dealing": what follows "from"
        ahead = range(n + 1, min(len(quote.tokens), n + _REACH + 2))
        heads = next((_heads(quote, m, 1) for m in ahead if quote.tokens[m].key == "from"), [])
    for head in heads:
        stem = quote.tokens[head].stem
        elsewhere = [m for m in quote.stems[stem] if not _turned(quote, m)]
        if elsewhere:
            continue
        for m in sentence.stems.get(stem, ()):
            if not _turned(sentence, m, 12) and not _has_denial(sentence) and not _forbids(sentence):
                return m
    return None


def _forbids(sentence: Reading) -> bool:
    return any(token.stem in _BARRING for token in sentence.tokens)


def _has_denial(sentence: Reading) -> bool:
    return any(_denies(sentence, n) for n in range(len(sentence.tokens)))


def _hedges(reading: Reading) -> list[tuple[int, frozenset[str]]]:
    """The words that hedge, and in what ways."""
    found = []
    for n, token in enumerate(reading.tokens):
        after = reading.tokens[n + 1].key if n + 1 < len(reading.tokens) else ""
        before = reading.tokens[n - 1].key if n else ""
        ways = hedges().get(token.key)
        if token.key in ("is", "are", "was", "were") and after == "to":
            found.append((n + 1, frozenset(("planned",))))
        elif (
            ways is None
            or n in reading.in_fact
            or (token.capital and n and not token.text.isupper())
            or (token.key in ("aim", "aims", "aimed") and after != "to")
            or (token.key == "possible" and before in ("made", "make", "makes"))
            or (token.key == "may" and after and after[0].isdigit())
            or (
                ways == {"urged"}
                and token.key not in ("should", "must", "ought")
                and after not in ("to", "for", "that", "on", "upon")
                and not token.key.startswith(("urg", "recommend"))
            )
            or (token.key == "charged" and after != "with" and before not in ("was", "were", "been"))
            or (token.key in ("claim", "claims", "claimed") and after not in ("that", "to"))
            or (
                token.key
                in (
                    "considered",
                    "thought",
                    "plans",
                    "plan",
                    "draft",
                    "proposal",
                    "attempts",
                    "consider",
                    "estimated",
                )
                and after not in ("to", "that", "a", "an", "the")
            )
        ):
            continue
        else:
            found.append((n, ways))
    return found


def _hedging(sentence: Reading, evidence: Evidence) -> Iterator[Reason]:
    mine = _hedges(sentence)
    attributed = any(key in sentence.keys for key in ("according", "reports", "reporting", "accounts", "estimate"))
    for quote in evidence.quotes:
        theirs = _hedges(quote)
        ways = frozenset(way for n, each in mine if not _repeated(sentence, n, quote, theirs) for way in each)
        for n, told in theirs:
            if told & {other for way in ways for other in _STANDS_FOR[way]} or _same_hedge(sentence, quote.tokens[n]):
                continue
            if attributed and "alleged" in told:
                continue
            asserted = _asserted(sentence, quote, n)
            if asserted is not None:
                token = sentence.tokens[asserted]
                first = quote.tokens[n - 1] if quote.tokens[n].key == "to" else quote.tokens[n]
                last = quote.tokens[min(len(quote.tokens) - 1, n + 1)]
                instead = quote.text[first.start : last.end]
                message = f"asserts “{token.text}”; {evidence.where} says “{instead}”"
                yield reason(ReasonKind.MODALITY, message, sentence, (token.start, token.end), instead, True)
                break
    if not any(_hedges(quote) for quote in evidence.quotes):
        for n, _ in mine:
            token = sentence.tokens[n]
            if (
                token.key in _SURE_HEDGES
                and not _permits(sentence, n, evidence)
                and any(_places(evidence, sentence.tokens[m].stem) for m in _heads(sentence, n, skip_names=True))
            ):
                message = f"says “{token.text}”; {evidence.where} states it without"
                yield reason(ReasonKind.MODALITY, message, sentence, (token.start, token.end))


def _repeated(sentence: Reading, n: int, quote: Reading, theirs: Sequence[tuple[int, frozenset[str]]]) -> bool:
    """Whether a hedge of a sentence is one that a span has in the same word, and so stands for no other of it."""
    return len(theirs) > 1 and any(sentence.tokens[n].key == quote.tokens[m].key for m, _ in theirs)


def _same_hedge(sentence: Reading, hedge: Token) -> bool:
    """Whether a sentence has the same hedge, in another form if it is no adverb."""
    return hedge.key != "to" and (
        hedge.key in sentence.keys or (hedge.stem in sentence.stems and not hedge.key.endswith("ly"))
    )


def _permits(sentence: Reading, n: int, evidence: Evidence) -> bool:
    """Whether "may" is about what is allowed."""
    return sentence.tokens[n].key == "may" and any(s in _PERMITTING for quote in evidence.quotes for s in quote.stems)


def _asserted(sentence: Reading, quote: Reading, n: int) -> int | None:
    """The word that the spans hedge at ``n`` and the sentence has; None where it has none of them."""
    for head in _heads(quote, n, 2, skip_names=True):
        stem = quote.tokens[head].stem
        if len(quote.stems[stem]) == 1 and stem in sentence.stems:
            return sentence.stems[stem][0]
        if quote.tokens[n].key in _ATTEMPTED:
            done = next((m for m in sentence.content if alike(sentence.tokens[m].stem, stem)), None)
            if done is not None:
                return done
    if quote.tokens[n].key.endswith(("ed", "edly")):  # "attacks were reportedly", "the suspected"
        for head in range(n - 1, max(-1, n - 4), -1):
            token = quote.tokens[head]
            if token.key not in STOP and not token.capital and head not in quote.in_fact:
                return None
    return None


def _opposites(sentence: Reading, evidence: Evidence) -> Iterator[Reason]:
    stems = {stem for quote in evidence.quotes for stem in quote.stems}
    for n, token in enumerate(sentence.tokens):
        if (
            (token.stem in stems and not _more_often(sentence, token.stem, evidence))
            or n in sentence.in_fact
            or token.stem in _OPPOSITES_LEFT_TO_BOUNDS
            or not sides(token.stem)
        ):
            continue
        mine = dict(sides(token.stem))
        if token.stem not in stems and any(mine.get(pair) == side for stem in stems for pair, side in sides(stem)):
            continue
        for quote, m in _opposed(token.stem, evidence.quotes):
            other = quote.tokens[m]
            if _turned(sentence, n, 4) or _turned(quote, m, 4):
                break
            if m in quote.in_fact or other.stem in sentence.stems:
                continue
            message = f"says “{token.text}”; {evidence.where} says “{other.text}”"
            yield reason(ReasonKind.OPPOSITE, message, sentence, (token.start, token.end), other.text, True)
            break


def _more_often(sentence: Reading, stem: str, evidence: Evidence) -> bool:
    """Whether a sentence has a word more often than the spans do."""
    return len(sentence.stems[stem]) > sum(len(quote.stems.get(stem, ())) for quote in evidence.quotes)


def _opposed(stem: str, quotes: Iterable[Reading]) -> Iterator[tuple[Reading, int]]:
    for quote in quotes:
        for other, places in quote.stems.items():
            if other not in _OPPOSITES_LEFT_TO_BOUNDS and opposite(stem, other):
                yield quote, places[0]


def _scope(sentence: Reading, evidence: Evidence) -> Iterator[Reason]:
    keys = {key for quote in evidence.quotes for key in quote.keys}
    for n, token in enumerate(sentence.tokens):
        wide = next((words for words in _WIDE if token.key in words), None)
        if wide is None or keys & wide or n in sentence.in_fact or numbered(sentence, n):
            continue
        if token.key in _HARMLESS:
            continue
        narrow = _narrow_word(evidence.quotes)
        message = f"says “{token.text}”" + (
            f"; {evidence.where} says “{narrow}”" if narrow else f", which {evidence.where} does not"
        )
        yield reason(ReasonKind.SCOPE, message, sentence, (token.start, token.end), narrow, bool(narrow))
    for quote in evidence.quotes:
        yield from _limits_left_out(sentence, quote, evidence)


def numbered(sentence: Reading, n: int) -> bool:
    """Whether it says no more than without: "all four banks", "each year"."""
    if n + 1 < len(sentence.tokens) and sentence.tokens[n + 1].key in ("year", "month", "week", "day", "quarter"):
        return True
    at = sentence.tokens[n].end
    return any(at <= q.start <= at + 10 for q in sentence.quantities)


def _narrow_word(quotes: Sequence[Reading]) -> str:
    return next(
        (t.text for quote in quotes for n, t in enumerate(quote.tokens) if t.key in _NARROW and n not in quote.in_fact),
        "",
    )


def _limits_left_out(sentence: Reading, quote: Reading, evidence: Evidence) -> Iterator[Reason]:
    for n, token in enumerate(quote.tokens):
        if token.key not in _LIMITS or n in quote.in_fact or any(alike_limit(token.key, t) for t in sentence.keys):
            continue
        heads = _heads(quote, n, 1)
        if (
            heads
            and quote.tokens[heads[0]].stem in sentence.stems
            and len(quote.stems[quote.tokens[heads[0]].stem]) == 1
        ):
            said = sentence.tokens[sentence.stems[quote.tokens[heads[0]].stem][0]]
            instead = quote.text[token.start : quote.tokens[heads[0]].end]
            message = f"leaves out “{token.text}”: {evidence.where} says “{instead}”"
            yield reason(ReasonKind.SCOPE, message, sentence, (said.start, said.end), instead)


def alike_limit(told: str, said: str) -> bool:
    """Whether a word limits as another does."""
    return (
        said == told or said in _LIMITS or said in _NARROW or (alike(stem_of(told), stem_of(said)) and said not in STOP)
    )
