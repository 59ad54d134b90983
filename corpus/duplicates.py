"""One release for one document: which files are copies of which, by what reason.

A release is often published more than once: under several sections, as a stub, under two ids, as a teaser of the old
site's front page. And different releases may share an id, or repeat one text on different days. ``docs/corpus.md``
states the rules with examples.
"""

import datetime
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import chain, count
from pathlib import PurePosixPath

import numpy as np

from corpus import titles
from corpus.dating import FILE_DATE, SERIES_ID, is_crawl_day
from corpus.release import DateSource, ReleaseKind
from corpus.similarity import banded, containment, resemblance, shingles

#: Copies under one id hold at least this share of the shorter one in common; less where their titles agree.
SAME_ID_CONTAINMENT, SAME_ID_SAME_TITLE = 0.7, 0.5
#: Equal texts under two ids are one release if their days are this near: a text said again later is a new release.
#: Two numbered releases must be of one day: the department numbered them apart.
SAME_TEXT_DAYS = 14
#: Nearly equal texts must be of these days, have this resemblance, equal figures and titles this much alike.
NEAR_DAYS, NEAR_RESEMBLANCE, NEAR_TITLE = 3, 0.9, 92
#: A copy that has this share of the longest one's words says as much.
AS_MUCH = 0.9
#: Texts of fewer words are alike by chance (a page for a photo): their titles must agree too.
FEW_WORDS = 40
#: A teaser has up to so many words, of which so many stand in the release that it leads to.
TEASER_WORDS, TEASER_CONTAINMENT, TEASER_DAYS = 200, 0.8, 3
#: The old site numbered its pages by the moment they were made: 9 digits or more.
PAGE_ID = re.compile(r"\d{9,}")


class FoldReason(StrEnum):
    """Why a document belongs to a release."""

    ITSELF = "itself"
    SAME_ID = "same id"
    STUB = "stub"
    SAME_TEXT = "same text"
    NEAR_DUPLICATE = "near-duplicate"
    TEASER = "teaser"
    DIGEST = "digest"


@dataclass(frozen=True, slots=True)
class Copy:
    """What has to be known of a document to tell whose copy it is. ``order`` ranks documents that are else alike."""

    document_id: int
    order: int
    path: str
    release_id: str
    title: str
    section: str
    url: str
    kind: ReleaseKind
    words: int
    text_key: bytes
    figures_key: bytes
    signature: bytes
    stated: datetime.date | None
    stated_source: DateSource
    written: datetime.date | None
    written_source: DateSource

    @property
    def day(self) -> datetime.date | None:
        """The day stated for it, unless nobody can believe it."""
        if self.stated is None or is_crawl_day(self.stated, self.release_id):
            return None
        return self.stated


@dataclass(slots=True)
class Group:
    """Documents that are one release: the one that is shown, and the others with their reasons.

    ``apart_from`` is the title of another group that has the same id and text, but a title of another matter;
    ``title_fits`` is False where the other's title suits the text better.
    """

    main: Copy
    others: list[tuple[Copy, FoldReason]] = field(default_factory=list)
    apart_from: str = ""
    title_fits: bool = True

    @property
    def copies(self) -> list[Copy]:
        """All of them, the shown one first."""
        return [self.main, *(copy for copy, _ in self.others)]


TextOf = Callable[[int], str]


def fold(copies: Sequence[Copy], text_of: TextOf) -> tuple[list[Group], list[Copy]]:
    """Sort documents into releases.

    Args:
        copies: all documents of the corpus.
        text_of: the text of a document by its id; asked only where a signature cannot tell.

    Returns:
        The releases, and the documents without text that belong to none.
    """
    by_id: dict[str, list[Copy]] = defaultdict(list)
    for copy in copies:
        by_id[copy.release_id].append(copy)
    groups: list[Group] = []
    stubs: list[Copy] = []
    memory = _Shingles(text_of)
    for same_id in by_id.values():
        found, empty = _fold_same_id(same_id, memory)
        groups += found
        stubs += empty
    groups = _fold_same_text(groups)
    groups = _fold_near_duplicates(groups, memory)
    groups = _fold_teasers(groups, memory)
    homeless = _fold_stubs(groups, stubs)
    return groups, homeless


class _Shingles:
    """The shingles of documents, each read once."""

    def __init__(self, text_of: TextOf) -> None:
        self._text_of = text_of
        self._known: dict[int, set[str]] = {}

    def __getitem__(self, copy: Copy) -> set[str]:
        if copy.document_id not in self._known:
            self._known[copy.document_id] = shingles(self._text_of(copy.document_id))
        return self._known[copy.document_id]


def preference(copy: Copy) -> tuple[object, ...]:
    """Which of several copies that say as much is shown: the least.

    The department's own before a digest, one with a text, one with a number, a press release, one with a day that can
    be believed.
    """
    return (
        copy.kind is ReleaseKind.DIGEST,
        not copy.words,
        not SERIES_ID.fullmatch(copy.release_id),
        copy.section != "press-releases",
        copy.day is None,
        len(copy.release_id),
        copy.order,
        copy.path,
    )


def shown(copies: Iterable[Copy]) -> Copy:
    """The copy that stands for a release: of those that say nearly as much as the longest, the preferred one."""
    copies = list(copies)
    own = [copy for copy in copies if copy.kind is not ReleaseKind.DIGEST] or copies
    longest = max(copy.words for copy in own)
    return min((copy for copy in own if copy.words >= AS_MUCH * longest), key=preference)


def _merge(groups: Iterable[Group], reason: FoldReason) -> Group:
    """One group of several: the copy that is shown is chosen anew, and every other keeps or gets its reason."""
    groups = list(groups)
    main = shown(group.main for group in groups)
    first = next(group for group in groups if group.main is main)
    merged = replace(first, others=list(first.others))
    for group in sorted(groups, key=lambda g: preference(g.main)):
        if group is not first:
            merged.others += [(group.main, reason), *group.others]
    return merged


def _fold_same_id(copies: list[Copy], memory: _Shingles) -> tuple[list[Group], list[Copy]]:
    copies = sorted(copies, key=lambda copy: (copy.kind is ReleaseKind.DIGEST, -copy.words, preference(copy)))
    groups: list[Group] = []
    stubs = [copy for copy in copies if not copy.words]
    for copy in (copy for copy in copies if copy.words):
        for group in groups:
            if copy.kind is ReleaseKind.DIGEST and group.main.kind is ReleaseKind.RELEASE:
                group.others.append((copy, FoldReason.DIGEST))
                break
            if _same_under_one_id(copy, group.main, memory):
                group.others.append((copy, FoldReason.SAME_ID))
                break
        else:
            groups.append(_keep_apart(copy, groups, memory))
    for group in groups:
        alike = [group.main, *(copy for copy, reason in group.others if reason is FoldReason.SAME_ID)]
        if (best := shown(alike)) is not group.main:
            group.others = [(copy, reason) for copy, reason in group.others if copy is not best]
            group.others.append((group.main, FoldReason.SAME_ID))
            group.main = best
    if groups:
        for stub in stubs:
            home = next((g for g in groups if not titles.conflict(g.main.title, stub.title)), groups[0])
            home.others.append((stub, FoldReason.STUB))
        stubs = []
    return groups, stubs


def _keep_apart(copy: Copy, groups: Iterable[Group], memory: _Shingles) -> Group:
    """A group of its own for a copy; where another has its text under another title, one of the two titles is wrong."""
    twin = next((g for g in groups if _shared(copy, g.main, memory) >= SAME_ID_CONTAINMENT), None)
    if twin is None:
        return Group(copy)
    text = " ".join(memory[copy])
    own, other = titles.share_in(copy.title, text), titles.share_in(twin.main.title, text)
    twin.apart_from, twin.title_fits = copy.title, other >= own
    return Group(copy, apart_from=twin.main.title, title_fits=own >= other)


def _shared(a: Copy, b: Copy, memory: _Shingles) -> float:
    """The share of the shorter text that stands in the longer."""
    if a.text_key == b.text_key:
        return 1.0
    shorter, longer = sorted((a, b), key=lambda copy: copy.words)
    return containment(memory[shorter], memory[longer])


def _same_under_one_id(a: Copy, b: Copy, memory: _Shingles) -> bool:
    if titles.conflict(a.title, b.title):
        return False
    shared = _shared(a, b, memory)
    return shared >= SAME_ID_CONTAINMENT or (shared >= SAME_ID_SAME_TITLE and titles.likeness(a.title, b.title) >= 90)


def _days_apart(a: Group, b: Group) -> int | None:
    """Between the furthest days of two groups; None where one has no day that can be believed."""
    one = [copy.day for copy in a.copies if copy.day]
    other = [copy.day for copy in b.copies if copy.day]
    return max(abs((x - y).days) for x in one for y in other) if one and other else None


def _both_numbered(a: Copy, b: Copy) -> bool:
    return bool(SERIES_ID.fullmatch(a.release_id) and SERIES_ID.fullmatch(b.release_id))


def _variants(a: str, b: str) -> bool:
    """Whether one id is the other with one character more, as ``po3360b`` and ``po3360``."""
    shorter, longer = sorted((a, b), key=len)
    return len(longer) == len(shorter) + 1 and any(longer[:n] + longer[n + 1 :] == shorter for n in range(len(longer)))


def _fold_same_text(groups: list[Group]) -> list[Group]:
    by_text: dict[bytes, list[Group]] = defaultdict(list)
    for group in groups:
        by_text[group.main.text_key].append(group)
    folded: list[Group] = []
    for alike in by_text.values():
        clusters: list[list[Group]] = []
        for group in sorted(alike, key=lambda g: (g.main.day or datetime.date.max, preference(g.main))):
            home = next((c for c in clusters if all(_same_text(group, other) for other in c)), None)
            if home is None:
                clusters.append([group])
            else:
                home.append(group)
        folded += [c[0] if len(c) == 1 else _merge(c, FoldReason.SAME_TEXT) for c in clusters]
    return folded


def _same_text(a: Group, b: Group) -> bool:
    if a.main.release_id == b.main.release_id:
        return False  # two documents under one id, found to be different before
    enough = 90 if a.main.words < FEW_WORDS else 0
    if titles.conflict(a.main.title, b.main.title) or titles.likeness(a.main.title, b.main.title) < enough:
        return False
    apart = _days_apart(a, b)
    most = 0 if _both_numbered(a.main, b.main) else SAME_TEXT_DAYS
    return apart is None or apart <= most or _variants(a.main.release_id, b.main.release_id)


def _fold_near_duplicates(groups: list[Group], memory: _Shingles) -> list[Group]:
    signatures = np.array([np.frombuffer(g.main.signature, np.uint32) for g in groups if g.main.signature])
    if len(signatures) < 2:
        return groups
    with_text = [g for g in groups if g.main.signature]
    ordinals = np.array([g.main.day.toordinal() if g.main.day else 0 for g in with_text])
    pairs: set[tuple[int, int]] = set()
    for rows in banded(signatures):
        rows = rows[np.argsort(ordinals[rows], kind="stable")]
        days = ordinals[rows]
        undated = int(np.searchsorted(days, 1))
        for n in range(undated, len(rows)):
            for m in range(n + 1, len(rows)):
                if days[m] - days[n] > NEAR_DAYS:
                    break
                pairs.add((min(rows[n], rows[m]), max(rows[n], rows[m])))
        for n in rows[:undated]:
            # Without a day to go by, only texts with equal figures come into question.
            key = with_text[n].main.figures_key
            pairs.update((min(n, m), max(n, m)) for m in rows if m != n and with_text[m].main.figures_key == key)
    home = {n: {n} for n in range(len(with_text))}
    for n, m in sorted(pairs):
        if home[n] is not home[m] and all(_near(with_text[a], with_text[b], memory) for a in home[n] for b in home[m]):
            joined = home[n] | home[m]
            home.update(dict.fromkeys(joined, joined))
    clusters = {id(members): sorted(members) for members in home.values()}.values()
    folded = [
        with_text[members[0]]
        if len(members) == 1
        else _merge((with_text[n] for n in members), FoldReason.NEAR_DUPLICATE)
        for members in clusters
    ]
    return folded + [g for g in groups if not g.main.signature]


def _near(a: Group, b: Group, memory: _Shingles) -> bool:
    one, other = a.main, b.main
    if one.release_id == other.release_id or one.figures_key != other.figures_key:
        return False
    if titles.conflict(one.title, other.title) or titles.likeness(one.title, other.title) < NEAR_TITLE:
        return False
    apart = _days_apart(a, b)
    if apart is not None and apart > (0 if _both_numbered(one, other) else NEAR_DAYS):
        return False
    return resemblance(memory[one], memory[other]) >= NEAR_RESEMBLANCE


def _fold_teasers(groups: list[Group], memory: _Shingles) -> list[Group]:
    """A page with an automatic number whose words stand in a longer, numbered release of those days leads to it."""
    releases: dict[datetime.date, list[Group]] = defaultdict(list)
    for group in groups:
        if group.main.day and group.main.words and SERIES_ID.fullmatch(group.main.release_id):
            releases[group.main.day].append(group)
    kept: list[Group] = []
    for group in groups:
        teaser = group.main
        best: tuple[float, Group] | None = None
        if PAGE_ID.fullmatch(teaser.release_id) and teaser.day and 0 < teaser.words <= TEASER_WORDS:
            mine = np.frombuffer(teaser.signature, np.uint32)
            for offset in range(-TEASER_DAYS, TEASER_DAYS + 1):
                for release in releases.get(teaser.day + datetime.timedelta(offset), ()):
                    if release.main.words < 1.3 * teaser.words or not _may_contain(mine, teaser.words, release.main):
                        continue
                    share = containment(memory[teaser], memory[release.main])
                    if share >= TEASER_CONTAINMENT and (best is None or share > best[0]):
                        best = share, release
        if best is None:
            kept.append(group)
        else:
            best[1].others += [(teaser, FoldReason.TEASER), *group.others]
    return kept


def _may_contain(teaser: np.ndarray, words: int, release: Copy) -> bool:
    """Whether the signatures leave it open that most of a teaser stands in a release."""
    alike = float(np.mean(teaser == np.frombuffer(release.signature, np.uint32)))
    return alike * (words + release.words) / (words * (1 + alike)) >= TEASER_CONTAINMENT / 2


def _fold_stubs(groups: list[Group], stubs: list[Copy]) -> list[Copy]:
    """A page without text belongs to the release that has its title and its day."""
    by_title: dict[frozenset[str], list[Group]] = defaultdict(list)
    for group in groups:
        by_title[titles.content_words(group.main.title)].append(group)
    homeless: list[Copy] = []
    for stub in stubs:
        same_title = [] if titles.is_placeholder(stub.title) else by_title[titles.content_words(stub.title)]
        near = (g for g in same_title if g.main.day and stub.day and abs((g.main.day - stub.day).days) <= NEAR_DAYS)
        home = min(near, key=lambda g: preference(g.main), default=None)
        if home is None:
            homeless.append(stub)
        else:
            home.others.append((stub, FoldReason.STUB))
    return homeless


def distinct_ids(groups: Sequence[Group]) -> dict[int, str]:
    """The id of every release, by the number of its shown document.

    Different documents under one id stay apart: the one that is preferred keeps the id, another gets its section or
    its file's day after it (``tg1111-media-advisories``), or a number.
    """
    ids: dict[int, str] = {}
    taken: set[str] = set()

    def claim(group: Group) -> tuple[object, ...]:
        copy = group.main
        return not group.title_fits, copy.section != "press-releases", copy.day is None, preference(copy)

    for group in sorted(groups, key=claim):
        copy = group.main
        name = PurePosixPath(copy.path).name
        day = name[:10] if FILE_DATE.match(name) else ""
        section = f"-{copy.section}" if copy.section != "press-releases" else ""
        wanted = (copy.release_id, copy.release_id + section, f"{copy.release_id}-{day}" if day else copy.release_id)
        numbered = (f"{copy.release_id}-{n}" for n in count(2))
        ids[copy.document_id] = next(i for i in chain(wanted, numbered) if i not in taken)
        taken.add(ids[copy.document_id])
    return ids
