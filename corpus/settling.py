"""From documents to releases: folded, dated, their boilerplate marked. A pure function of the documents."""

import datetime
import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from corpus.boilerplate import Boilerplate, SentenceKeys, find_boilerplate
from corpus.dating import Claim, Dating, Series, day_in_id, day_in_name, establish, in_words
from corpus.document import Problem, ProblemKind
from corpus.duplicates import Copy, FoldReason, Group, distinct_ids, fold
from corpus.release import DateSource


@dataclass(frozen=True, slots=True)
class Settled:
    """One release: its documents, its date, its boilerplate. ``hash`` names its content, whatever its version."""

    release_id: str
    group: Group
    dating: Dating
    other_ids: tuple[str, ...]
    other_urls: tuple[str, ...]
    hash: str
    boilerplate: Boilerplate

    def problems(self) -> Iterator[tuple[int, Problem]]:
        """What comparing documents showed, with the document that it is about."""
        main = self.group.main
        if self.dating.suspect:
            given = in_words(self.dating.day, self.dating.confidence)
            taken = f"taken as {given}, from {self.dating.source}" if self.dating.day else "taken as unknown"
            reason = f"{self.dating.suspect}; {taken}"
            yield main.document_id, Problem(ProblemKind.SUSPECT_DATE, reason)
        if self.group.apart_from:
            fault = "its own fits the text better" if self.group.title_fits else "which fits the text better"
            reason = f"another document has this id and text under the title “{self.group.apart_from}”, {fault}"
            yield main.document_id, Problem(ProblemKind.TITLE_CONFLICT, reason)


def settle(
    copies: Sequence[Copy],
    text_hashes: dict[int, str],
    text_of: Callable[[int], str],
    sentence_keys_of: Callable[[list[int]], dict[int, SentenceKeys]],
) -> list[Settled]:
    """Turn the documents of a corpus into its releases, in the order of their ids.

    Args:
        copies: all readable documents.
        text_hashes: what names the content of each, by its id.
        text_of: the text of a document; asked where signatures cannot tell.
        sentence_keys_of: the sentence keys of documents, by their ids.
    """
    groups, _ = fold(copies, text_of)
    ids = distinct_ids(groups)
    series = Series((copy.release_id, copy.stated) for copy in copies if copy.stated)
    dated = [
        (ids[group.main.document_id], group, establish(group.main.release_id, claims(group), series))
        for group in groups
    ]
    keys = sentence_keys_of([group.main.document_id for group in groups])
    # Boilerplate is indexed with the oldest release that says it.
    dated.sort(key=lambda item: (item[2].day or datetime.date.max, item[0]))
    boilerplate = find_boilerplate([keys[group.main.document_id] for _, group, _ in dated])
    settled = [
        _settled(release_id, group, dating, found, text_hashes)
        for (release_id, group, dating), found in zip(dated, boilerplate, strict=True)
    ]
    return sorted(settled, key=lambda release: release.release_id)


def claims(group: Group) -> list[Claim]:
    """What a release's documents say of its day, the shown one's first."""
    found: list[Claim] = []
    for copy in group.copies:
        if copy.stated:
            found.append(Claim(copy.stated, copy.stated_source))
    for copy in group.copies:
        if copy.written:
            found.append(Claim(copy.written, copy.written_source))
    for copy in group.copies:
        if day := day_in_id(copy.release_id):
            found.append(Claim(day, DateSource.ID))
        if day := day_in_name(PurePosixPath(copy.path)):
            found.append(Claim(day, DateSource.FILE_NAME))
    return found


def _settled(
    release_id: str,
    group: Group,
    dating: Dating,
    boilerplate: Boilerplate,
    text_hashes: dict[int, str],
) -> Settled:
    main = group.main
    others = [copy for copy, reason in group.others if reason is not FoldReason.DIGEST]
    other_ids = sorted({copy.release_id for copy in others} - {release_id, main.release_id})
    other_urls = sorted({copy.url for copy in others if copy.url} - {main.url})
    named = (
        *(release_id, main.title, dating.day, dating.source, dating.confidence, dating.suspect),
        *(main.section, main.url, main.kind, other_ids, other_urls, text_hashes[main.document_id]),
    )
    digest = hashlib.sha256(repr(tuple(map(str, named))).encode("utf-8", "surrogatepass")).hexdigest()[:32]
    return Settled(release_id, group, dating, tuple(other_ids), tuple(other_urls), digest, boilerplate)
