"""What a sentence that nearly copies a cited span has in the place of its words."""

from collections.abc import Iterator, Sequence, Set

from rapidfuzz.distance import Indel

from assistant.citations.facts import Evidence, kind_of, reason, same_fact, sort_of
from assistant.citations.meaning import numbered
from assistant.citations.reading import Reading
from assistant.citations.reasons import Reason, ReasonKind
from assistant.citations.vocabulary import STOP, alike, hedges, opposite

#: The share of a sentence's words that stand in a span in the same order before the rest is held against that span.
COPIED = 0.7
#: The same share from which on a word in the place of another must mean nearly the same.
CLOSE = 0.85
#: Words of a sentence, at most, that are compared one by one.
LONGEST = 250
#: Characters between a word such as "more" and the number that it bounds.
_BOUND = 6
_TURNING = (
    ("before", "after"),
    ("since", "until"),
    ("for", "against"),
    ("with", "without"),
    ("all", "some"),
    ("more", "less"),
    ("more", "fewer"),
    ("most", "least"),
    ("above", "below"),
    ("over", "under"),
    ("first", "last"),
)
_WIDENING = frozenset("all every only always none never solely exclusively".split())
#: Words on either side of a change that puts one thing for another.
_SHORT = 3
_DENYING = frozenset("not no never none nor without cannot".split())
_HEDGING = frozenset(("could", "would", "may", "might", "will", "should", "must"))


def check_edits(sentence: Reading, evidence: Evidence) -> Iterator[Reason]:
    """Where a near copy of a span was changed: one word for another, a hedge left out, names that changed places."""
    mine = [token.stem for token in sentence.tokens]
    if not 5 <= len(mine) <= LONGEST:
        return
    for quote in evidence.quotes:
        theirs = [token.stem for token in quote.tokens]
        if len(theirs) > 2 * LONGEST:
            continue
        changes = _changes(mine, theirs)
        if changes is not None:
            yield from _changed(sentence, quote, changes, evidence)
            return


def _changes(mine: Sequence[str], theirs: Sequence[str]) -> list[tuple[range, range]] | None:
    """The words that differ, as ranges of both; None where one does not copy the other."""
    codes = list(Indel.opcodes(mine, theirs))
    same = sum(c.src_end - c.src_start for c in codes if c.tag == "equal")
    if same < COPIED * len(mine):
        return None
    found: list[tuple[range, range]] = []
    for code in codes:
        if code.tag == "equal":
            continue
        here, there = range(code.src_start, code.src_end), range(code.dest_start, code.dest_end)
        if found and found[-1][0].stop == here.start and found[-1][1].stop == there.start:
            here, there = range(found[-1][0].start, here.stop), range(found[-1][1].start, there.stop)
            found.pop()
        found.append((here, there))
    return found


def _changed(
    sentence: Reading, quote: Reading, changes: Sequence[tuple[range, range]], evidence: Evidence
) -> Iterator[Reason]:
    added = {sentence.tokens[n].stem for here, _ in changes for n in here}
    gone = [quote.tokens[m].stem for _, there in changes for m in there]
    close = sum(len(here) for here, _ in changes) <= (1 - CLOSE) * len(sentence.tokens)
    for here, there in changes:
        denied = next((n for n in here if sentence.tokens[n].key in _DENYING), None)
        undenied = next((m for m in there if quote.tokens[m].key in _DENYING), None)
        if close and (denied is None) != (undenied is None):
            yield _negated(sentence, quote, denied, undenied, here, evidence)
            continue
        if not here:
            yield from _left_out(sentence, quote, there, evidence)
            continue
        widening = next((n for n in here if sentence.tokens[n].key in _WIDENING and not numbered(sentence, n)), None)
        if widening is not None and not any(quote.tokens[m].key in _WIDENING for m in there):
            token = sentence.tokens[widening]
            instead = quote.text[quote.tokens[there[0]].start : quote.tokens[there[-1]].end] if there else ""
            message = f"says “{token.text}”, which {evidence.where} does not"
            yield reason(ReasonKind.SCOPE, message, sentence, (token.start, token.end), instead)
            continue
        if not there:
            continue
        old, new = [quote.tokens[m] for m in there], [sentence.tokens[n] for n in here]
        written = quote.text[old[0].start : old[-1].end]
        span = (new[0].start, new[-1].end)
        said = sentence.text[span[0] : span[1]]
        message = f"says “{said}”; {evidence.where} says “{written}”"
        if _exchange(here, there, sentence, quote, changes):
            yield reason(ReasonKind.DIRECTION, message, sentence, span, written, True)
            continue
        bounds = any(span[1] <= q.start <= span[1] + _BOUND for q in sentence.quantities)  # compared with the number
        if not bounds and any((a.key, b.key) in _TURNING or (b.key, a.key) in _TURNING for a in new for b in old):
            yield reason(ReasonKind.OPPOSITE, message, sentence, span, written, True)
            continue
        hedged = any(a.key in hedges() for a in new) or _is_to(sentence, here)
        if any(b.key in _HEDGING for b in old) and not hedged and len(old) < 4:
            yield reason(ReasonKind.MODALITY, message, sentence, span, written, True)
            continue
        if close and len(old) == len(new) == 1 and _other_digits(old[0].key, new[0].key, gone, added):
            yield reason(ReasonKind.NUMBER, message, sentence, span, written, True)
            continue
        fact = _other_fact(sentence, quote, span, (old[0].start, old[-1].end), evidence) if close else None
        if fact:
            yield fact
            continue
        for n in here:
            token = sentence.tokens[n]
            if token.key in STOP or n in sentence.in_fact:
                continue
            turned = next((b for b in old if opposite(token.stem, b.stem) and b.stem not in added), None)
            if turned:
                yield reason(ReasonKind.OPPOSITE, message, sentence, span, written, True)
                break
            kept = token.stem in gone or token.capital or any(alike(token.stem, b.stem) for b in old)
            if not kept and close and max(len(old), len(new)) <= _SHORT and any(_content(quote, m) for m in there):
                yield reason(ReasonKind.WORDS, message, sentence, span, written)
                break


def _other_digits(told: str, said: str, gone: Sequence[str], added: Set[str]) -> bool:
    """Whether one number stands for another that stands nowhere else in the sentence."""
    return (
        told[0].isdigit()
        and said[0].isdigit()
        and said not in gone
        and told not in added
        and (told.replace(",", "") != said.replace(",", ""))
    )


def _other_fact(
    sentence: Reading, quote: Reading, span: tuple[int, int], there: tuple[int, int], evidence: Evidence
) -> Reason | None:
    """That a fact stands in the place of another, which a span beside this one may have of somebody else."""
    mine = [f for f in sentence.valued if f.start < span[1] and span[0] < f.end]
    theirs = [f for f in quote.valued if f.start < there[1] and there[0] < f.end]
    if not mine or not theirs or sort_of(mine[0]) != sort_of(theirs[0]):
        return None
    if any(same_fact(mine[0], told, evidence) for told in quote.valued):
        return None
    said, instead = sentence.text[mine[0].start : mine[0].end], quote.text[theirs[0].start : theirs[0].end]
    message = f"says {said}; {evidence.where} says {instead}"
    return reason(kind_of(mine[0]), message, sentence, (mine[0].start, mine[0].end), instead, True)


def _is_to(reading: Reading, here: range) -> bool:
    """Whether words hold what tells of a plan: "was to"."""
    return any(
        reading.tokens[n].key in ("is", "are", "was", "were") and reading.tokens[n + 1].key == "to"
        for n in here
        if n + 1 < len(reading.tokens)
    )


def _negated(
    sentence: Reading, quote: Reading, denied: int | None, undenied: int | None, here: range, evidence: Evidence
) -> Reason:
    """That a denial was put in or left out."""
    if denied is not None:
        token = sentence.tokens[denied]
        message = f"says “{token.text}”, which {evidence.where} does not"
        return reason(ReasonKind.NEGATION, message, sentence, (token.start, token.end), contradicts=True)
    first = quote.tokens[undenied or 0]
    last = quote.tokens[min((undenied or 0) + 1, len(quote.tokens) - 1)]
    instead = quote.text[first.start : last.end]
    token = sentence.tokens[min(here.start, len(sentence.tokens) - 1)]
    message = f"leaves out “{first.text}”: {evidence.where} says “{instead}”"
    return reason(ReasonKind.NEGATION, message, sentence, (token.start, token.end), instead, True)


def _content(quote: Reading, m: int) -> bool:
    return m not in quote.in_fact and quote.tokens[m].key not in STOP


def _left_out(sentence: Reading, quote: Reading, there: range, evidence: Evidence) -> Iterator[Reason]:
    """Where nothing but a hedge was left out."""
    gone = [quote.tokens[m] for m in there]
    if len(gone) > 2 or any(token.key in hedges() for token in sentence.tokens if token.key not in quote.keys):
        return
    to_be = [token.key for token in gone][-2:] in (["was", "to"], ["were", "to"], ["is", "to"], ["are", "to"])
    if to_be or any(t.key in hedges() and not t.capital and t.stem not in sentence.stems for t in gone):
        after = quote.tokens[min(there.stop, len(quote.tokens) - 1)]
        instead = quote.text[gone[0].start : after.end]
        at = sentence.stems.get(after.stem, (0,))[0]
        message = f"leaves out “{quote.text[gone[0].start : gone[-1].end]}”: {evidence.where} says “{instead}”"
        span = (sentence.tokens[at].start, sentence.tokens[at].end)
        yield reason(ReasonKind.MODALITY, message, sentence, span, instead, True)


def _exchange(
    here: range, there: range, sentence: Reading, quote: Reading, changes: Sequence[tuple[range, range]]
) -> bool:
    """Whether what stands here stands there in the place of what stands there here."""
    mine = {sentence.tokens[n].stem for n in here if sentence.tokens[n].key not in STOP}
    theirs = {quote.tokens[m].stem for m in there if quote.tokens[m].key not in STOP}
    if not mine or not theirs:
        return False
    return any(
        mine == {quote.tokens[m].stem for m in others if quote.tokens[m].key not in STOP}
        and theirs == {sentence.tokens[n].stem for n in ours if sentence.tokens[n].key not in STOP}
        for ours, others in changes
        if (ours, others) != (here, there) and ours and not _listed(sentence, here, ours)
    )


def _listed(sentence: Reading, one: range, other: range) -> bool:
    """Whether two parts of a sentence are items of one list, which may stand in any order."""
    low, high = (one, other) if one.start < other.start else (other, one)
    return all(
        sentence.tokens[n].key in ("and", "or") or sentence.tokens[n].capital for n in range(low.stop, high.start)
    )
