"""Rules that make a true sentence false, one thing at a time."""

import random
import re
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

from assistant.citations.names import names
from assistant.citations.reading import read

#: Makes one false sentence of a true one; None where the rule finds nothing to change.
Rule = Callable[[str, random.Random, Sequence[str]], str | None]

ORDERS = "12947 12978 13224 13382 13405 13466 13551 13572 13573 13582 13660 13661 13662 13687 13692 13694 13722 13810"
ORDERS += " 13818 14024 14059"
_ONES = "two three four five six seven eight nine ten eleven twelve".split()
_MONTHS = "January February March April June July August September October November December".split()


def _pick(text: str, pattern: str, rng: random.Random) -> re.Match[str] | None:
    found = list(re.finditer(pattern, text))
    return rng.choice(found) if found else None


def _put(text: str, match: re.Match[str], new: str, group: int = 0) -> str:
    return text[: match.start(group)] + new + text[match.end(group) :]


def _other_digits(digits: str, rng: random.Random) -> str:
    """The number with one digit changed, and never a leading nought."""
    places = [n for n, c in enumerate(digits) if c.isdigit()]
    at = rng.choice(places[: max(1, len(places) - digits.endswith("00") * 2)])
    choices = [c for c in "123456789" if c != digits[at]]
    return digits[:at] + rng.choice(choices) + digits[at + 1 :]


def number(text: str, rng: random.Random, pool: Sequence[str]) -> str | None:
    """Another count or percentage."""
    reading = read(text)
    counts = [q for q in reading.quantities if q.kind in ("count", "percent") and q.value >= 2]
    if not counts:
        return None
    chosen = rng.choice(counts)
    written = text[chosen.start : chosen.end]
    digits = re.search(r"\d[\d,]*(?:\.\d+)?", written)
    if digits:
        return text[: chosen.start] + _put(written, digits, _other_digits(digits[0], rng)) + text[chosen.end :]
    if written.lower() not in _ONES:
        return None
    new = rng.choice([w for w in _ONES if w != written.lower()])
    return text[: chosen.start] + (new.capitalize() if written[0].isupper() else new) + text[chosen.end :]


def date(text: str, rng: random.Random, pool: Sequence[str]) -> str | None:
    """Another day, month or year."""
    found = [d for d in read(text).dates if text[d.start : d.end].strip()]
    if not found:
        return None
    chosen = rng.choice(found)
    written = text[chosen.start : chosen.end]
    parts: list[str] = []
    year = re.search(r"\b(?:19|20)\d\d\b", written)
    month = re.search("|".join(_MONTHS), written)
    day = re.search(r"(?<!\d)\d{1,2}(?!\d)", written)
    if year:
        parts.append(_put(written, year, str(int(year[0]) + rng.choice((-2, -1, 1, 2)))))
    if month:
        parts.append(_put(written, month, rng.choice([m for m in _MONTHS if m != month[0]])))
    if day:
        parts.append(_put(written, day, str(rng.choice([n for n in range(1, 29) if n != int(day[0])]))))
    return text[: chosen.start] + rng.choice(parts) + text[chosen.end :] if parts else None


def amount(text: str, rng: random.Random, pool: Sequence[str]) -> str | None:
    """Another amount of money, or another scale of it."""
    match = _pick(text, r"\$\s?(\d[\d,]*(?:\.\d+)?)(\s(?:million|billion|trillion)|bn|m\b)?", rng)
    if match is None:
        return None
    scales = {" million": " billion", " billion": " million", " trillion": " billion", "bn": "m", "m": "bn"}
    if match[2] and rng.random() < 0.25:
        return _put(text, match, scales[match[2]], 2)
    return _put(text, match, _other_digits(match[1], rng), 1)


def order(text: str, rng: random.Random, pool: Sequence[str]) -> str | None:
    """Another executive order, resolution, section or law."""
    match = _pick(
        text, r"(?:E\.O\. |Executive Order (?:\(E\.O\.\) )?|Resolution |UNSCRs? |Section |Public Law \d+-)(\d+)", rng
    )
    if match is None:
        return None
    if len(match[1]) == 5:
        return _put(text, match, rng.choice([o for o in ORDERS.split() if o not in text]), 1)
    return _put(text, match, _other_digits(match[1], rng), 1)


def name(text: str, rng: random.Random, pool: Sequence[str]) -> str | None:
    """Another party in the place of one."""
    found = [
        n
        for n in names(read(text))
        if len(n.tokens) > 1 and not re.search("Treasury|Secret|State|Offic|United", n.text)
    ]
    if not found:
        return None
    chosen = rng.choice(found)
    others = [p for p in pool if p not in text and p.count(" ") == chosen.text.count(" ")]
    return text[: chosen.start] + rng.choice(others) + text[chosen.end :] if others else None


def swap(text: str, rng: random.Random, pool: Sequence[str]) -> str | None:
    """Who did it, and to whom, exchanged."""
    verbs = (
        r"designat\w+|own\w*|control\w*|support\w*|sold|bought|pa(?:id|ys)|le(?:d|ads)|acquir\w+|sanction\w+|assist\w*|"
        r"finance\w*|transfer\w+|sen[dt]s?|named|accus\w+|fund\w*|help\w*|us(?:ed|es)|process\w*|operat\w+|carr\w+|"
        r"launder\w+|threaten\w*|commands?|commanded|joined|opened|opposed|revoked|arrested|captured|captured|bar\w*|"
        r"made|gave|give|drew|took|supplies|supplied|trained|urged|asked|directed|described|identified|subsidiary of"
    )
    found = names(read(text))
    pairs = [
        (a, b)
        for a, b in pairwise(found)
        if re.search(rf"\b(?:{verbs})\b", text[a.end : b.start])
        and len(text[a.end : b.start]) < 70
        and not re.search(r"[,;:]| (?:and|in|on|under|from|at|pursuant to) (?:the )?$", text[a.end : b.start])
        and not re.match(r"[’'-]", text[a.end :])
        and not re.match(r"[’'-]", text[b.end :])
    ]
    if not pairs:
        return None
    a, b = rng.choice(pairs)
    return text[: a.start] + b.text + text[a.end : b.start] + a.text + text[b.end :]


def negation(text: str, rng: random.Random, pool: Sequence[str]) -> str | None:
    """Denied, or a denial left out."""
    match = _pick(text, r"\b(?:was|were|is|are|had|has|have|will|may|could|can|would) (not |never )?(?=[a-z]+)", rng)
    if match is None:
        return None
    if match[1]:
        return _put(text, match, "", 1)
    return text[: match.end()] + "not " + text[match.end() :]


_HEDGES = (
    (r"\breportedly ", ""),
    (r"\blikely (?=[a-z]+(?:ed|le|ps)\b)", ""),
    (r"\bprobably ", ""),
    (r"\ballegedly ", ""),
    (r"\balleged (?=[a-z])", ""),
    (r"\ba suspected ", "an "),
    (r"\bmay have paid\b", "paid"),
    (r"\btried to ship\b", "shipped"),
    (r"\btried to conceal\b", "concealed"),
    (r"\bproposed to prohibit\b", "prohibited"),
    (r"\bcould reach\b", "reached"),
    (r"\bwere to go\b", "went"),
    (r"\bwas to (raise|take|be|mature|have|travel|replace|run|refund)\b", None),
    (r"\bwere to (become|be|leave|settle|meet)\b", None),
    (r"\bwould (be|get|let|receive|freeze|exceed)\b", None),
    (r"\bplanned to (exchange|raise|issue)\b", None),
    (r"\bexpected to (bring|raise|start|hold|publish|add|borrow|end)\b", None),
    (r"\bis expected to\b", "does"),
    (r"\bintended to (issue|buy|hold)\b", None),
    (r"\bmay (?=be\b|invest\b|spend\b|help\b)", "always "),
    (r"\bhad attempted thefts of\b", "had carried out thefts of"),
    (r"\bfailed attempt to buy\b", "purchase of"),
    (r"\bwidely seen as\b", "in fact"),
    (r"\bis estimated to be\b", "is"),
    (r"\balleges that\b", "proves that"),
    (r"\bsought (?=\d|\$)", "received "),
    (r"\bcould (raise|lower|cut|reach|give|claim|use|pursue)\b", None),
    (r"\battempted to (steal|buy|ship)\b", None),
    (r"\btrying to steal\b", "stealing"),
    (r"\bproposed rule\b", "final rule"),
    (r"\bwill (buy|purchase|bar|ensure|make|begin|be)\b", None),
    (r"\burged (?=every|China)", "got the agreement of "),
    (r"\bhad reason to believe\b", "had proved"),
    (r"\bwas accused\b", "was convicted"),
    (r"\baccused ([A-Z]\w+) of\b", r"convicted \1 of"),
    (r"\balleged that\b", "proved that"),
    (r"\bpurported (?=annex)", ""),
    (r"\bpotentially ", ""),
    (r"\bcould say\b", "said"),
    (r"\bproposed that\b", "ordered that"),
    (r"\bproposed (?=a )", "adopted "),
    (r"\bwould (?=like)", ""),
)
_PAST = {
    "raise": "raised", "take": "took", "be": "was", "mature": "matured", "have": "had", "travel": "travelled",
    "replace": "replaced", "run": "ran", "refund": "refunded", "become": "became", "leave": "left", "settle": "settled",
    "meet": "met", "get": "got", "let": "let", "receive": "received", "freeze": "froze", "exceed": "exceeded",
    "exchange": "exchanged", "issue": "issued", "bring": "brought", "start": "started", "hold": "held",
    "publish": (
        "published"
    ), "add": "added", "borrow": "borrowed", "end": "ended", "buy": "bought", "purchase": "purchased",
    "lower": "lowered", "cut": "cut", "reach": "reached", "give": "gave", "claim": "claimed", "use": "used",
    "pursue": "pursued", "steal": "stole", "ship": "shipped", "bar": "barred", "ensure": "ensured", "make": "made",
    "begin": "began",
}  # fmt: skip


def modality(text: str, rng: random.Random, pool: Sequence[str]) -> str | None:
    """What was alleged, possible or planned told as a fact."""
    ways = []
    for pattern, new in _HEDGES:
        for match in re.finditer(pattern, text):
            if new is None:
                past = _PAST[match[1]]
                if past == "was" and re.search(r"s\b[^.]*$|\bwere\b", text[: match.start()].rsplit(" ", 1)[0][-3:]):
                    past = "were"
                start = match.start()
                before = re.search(r"\b(?:is|was|were|are) $", text[:start])
                ways.append(text[: before.start() if before else start] + past + text[match.end() :])
            else:
                ways.append(text[: match.start()] + match.expand(new) + text[match.end() :])
    return rng.choice(ways) if ways else None


_WIDER = (
    (r"\b[Ss]ome of\b", "all of"),
    (r"\b[Ss]everal\b", "all"),
    (r"\bat least some\b", "all"),
    (r"\bgenerally\b", "always"),
    (r"\b[Mm]any\b", "all"),
    (r"\b[Mm]ost\b(?= [a-z]+s\b)", "all"),
    (r"\bone of the\b", "the only one of the"),
    (r"\bmainly\b", "only"),
    (r"\bprimarily\b", "only"),
    (r"\boften\b", "always"),
    (r"\bregularly\b", "always"),
    (r"\bnumerous\b", "all"),
    (r"\b[Cc]ertain\b", "all"),
    (r", (?:among them|including) (?=[A-Z])", ", which are only "),
    (r"\bunder (?=Executive Order|E\.O\.)", "only under "),
    (r"\bsome (?=[a-z]+s\b)", "all "),
    (r"\bhalf of\b", "all of"),
    (r"\bwas designated (?=under|for)", "was always designated "),
    (r"^(?=Officials |Members |Banks |Recipients |Tax filers |Companies |Corporate )", "All "),
    (r"\b(?<=by )U\.S\. persons\b", "any person"),
    (r"\bdozens of\b", "all"),
    (r"\ba number of\b", "all"),
    (r"\busually\b", "always"),
    (r"\bmostly\b", "only"),
    (r"\bpart of\b", "all of"),
    (r"\bsought to\b", "always sought to"),
    (r"\bin (?=Russia|China|Iran|Syria|North Korea|Afghanistan|Mexico|Lebanon)", "only in "),
    (r"\bfor (?=supporting|operating|acting)", "only for "),
    (r"\bapproximately half\b", "all"),
    (r"\bwith (?=Iran|Russia)", "only with "),
)


def scope(text: str, rng: random.Random, pool: Sequence[str]) -> str | None:
    """Told of more, or of less, than the source tells it of."""
    ways = []
    for pattern, new in _WIDER:
        for match in re.finditer(pattern, text):
            put = new.capitalize() if match.start() == 0 and new else new
            ways.append(_put(text, match, put))
    made = rng.choice(ways) if ways else None
    return made and made.replace("All recipients", "All recipients")


_OPPOSITES = (
    ("imposed", "lifted"),
    ("increased", "decreased"),
    ("rose", "fell"),
    ("grew", "shrank"),
    ("fell", "rose"),
    ("reduced", "increased"),
    ("decline[ds]?", "increase"),
    ("more than", "less than"),
    ("over(?= \\$?\\d)", "under"),
    ("at least", "at most"),
    ("up to", "at least"),
    ("before", "after"),
    ("after", "before"),
    ("largest", "smallest"),
    ("first(?! time)", "last"),
    ("highest", "lowest"),
    ("approved", "rejected"),
    ("joined", "left"),
    ("blocked", "unblocked"),
    ("froze", "unfroze"),
    ("frozen", "unfrozen"),
    ("designated", "delisted"),
    ("sanctioned", "delisted"),
    ("bought", "sold"),
    ("sold", "bought"),
    ("exported", "imported"),
    ("imported", "exported"),
    ("opened", "closed"),
    ("began", "ended"),
    ("supported", "opposed"),
    ("allow", "forbid"),
    ("prohibit(?:s|ed)?", "allowed"),
    ("barred", "allowed"),
    ("bar(?= U)", "allow"),
    ("negative", "positive"),
    ("former", "current"),
    ("directly", "indirectly"),
    ("voluntary", "mandatory"),
    ("temporary", "permanent"),
    ("wife", "husband"),
    ("welcomed", "rejected"),
    ("publish(?:ed)?", "withheld"),
    ("long-term", "short-term"),
    ("short-term", "long-term"),
    ("appointed", "dismissed"),
    ("foreign(?= [a-z])", "domestic"),
    ("purchases", "sales"),
    ("illicit", "legal"),
    ("violated", "complied with"),
    ("failed", "succeeded"),
    ("majority", "minority"),
    ("maximum", "minimum"),
    ("raise", "lower"),
    ("raised", "lowered"),
    ("lower", "raise"),
    ("confirmed", "denied"),
    ("completed", "started"),
    ("since", "until"),
    ("created", "abolished"),
    ("established", "abolished"),
    ("arrested", "released"),
    ("accept", "refuse"),
)


def opposite(text: str, rng: random.Random, pool: Sequence[str]) -> str | None:
    """The opposite of what was done."""
    ways = [_put(text, m, new) for old, new in _OPPOSITES for m in re.finditer(rf"\b{old}\b", text)]
    return rng.choice(ways) if ways else None


_PREDICATES = (
    ("was designated", ("was convicted", "was extradited", "was acquitted", "was pardoned", "was arrested")),
    ("were designated", ("were convicted", "were extradited", "were prosecuted", "were deported")),
    ("designated", ("prosecuted", "extradited", "fined", "acquitted")),
    ("sanctioned", ("fined", "sued", "praised", "indicted")),
    ("announced", ("denied", "postponed", "leaked")),
    ("owned", ("bombed", "audited", "insured")),
    ("supported", ("criticized", "infiltrated")),
    ("based in", ("expelled from", "convicted in")),
    ("arrested", ("killed", "interviewed")),
    ("signed", ("vetoed", "drafted")),
    ("met", ("criticized", "avoided")),
    ("agreed", ("threatened", "forgot")),
    ("captured", ("killed", "pardoned")),
    ("said", ("denied", "doubted")),
    ("facilitated", ("sabotaged", "exposed")),
    ("identified", ("demolished", "repaired")),
    ("operates", ("burned", "insured")),
    ("leads", ("betrayed", "left")),
    ("transferred", ("gambled away", "counterfeited")),
    ("published", ("burned", "classified")),
    ("opened", ("robbed", "searched")),
    ("issued", ("burned", "lost")),
    ("expected", ("refused", "feared")),
    ("sold", ("burned", "auctioned")),
    ("processed", ("confiscated", "delayed")),
    ("carried", ("dumped", "sank with")),
    ("controlled", ("sabotaged", "inspected")),
    ("led", ("betrayed", "sued")),
    ("indicted", ("convicted", "pardoned")),
    ("steal", ("borrow", "recover")),
    ("stole", ("recovered", "borrowed")),
)


def predicate(text: str, rng: random.Random, pool: Sequence[str]) -> str | None:
    """Something else said to have been done."""
    ways = [
        _put(text, m, new) for old, others in _PREDICATES for m in re.finditer(rf"\b{old}\b", text) for new in others
    ]
    return rng.choice(ways) if ways else None


RULES: dict[str, Rule] = {
    "number": number,
    "date": date,
    "amount": amount,
    "order": order,
    "name": name,
    "swapped": swap,
    "negated": negation,
    "modality": modality,
    "wider": scope,
    "opposite": opposite,
    "predicate": predicate,
}


def name_pool(texts: Sequence[str]) -> list[str]:
    """The names of several words of texts, which may take each other's place."""
    found: Iterator[str] = (n.text for text in texts for n in names(read(text)) if len(n.tokens) > 1)
    return sorted(
        {n for n in found if not re.search("Treasury|Secret|State|Offic|United|E\\.O", n) and n.count(" ") < 5}
    )
