"""Where documents come from: folders and files, archives, git repositories, the department's JSON:API."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from corpus.document import Problem
from corpus.reading import Found


@dataclass(frozen=True, slots=True)
class Refused:
    """Something in a source that is not even opened, and why."""

    path: str
    token: str
    problem: Problem


@dataclass(frozen=True, slots=True)
class Gone:
    """A document that the source says it no longer has."""

    path: str


Listed = Found | Refused | Gone


class Source(Protocol):
    """A source lists what it has; what is new or changed is told by the tokens."""

    @property
    def kind(self) -> str:
        """Such as ``folder`` or ``git``."""

    @property
    def location(self) -> str:
        """A path or url, the same in every sync."""

    @property
    def lists_all(self) -> bool:
        """Whether a document that is not listed is gone."""

    @property
    def streams(self) -> bool:
        """Whether listing takes long or carries the documents themselves, so that they are read as they come."""

    @property
    def cursor(self) -> str:
        """What the listing saw, once it is through: a commit, a moment."""

    def listing(self, known: Mapping[str, str], cursor: str) -> Iterator[Listed]:
        """What the source has now.

        Args:
            known: the tokens of the documents that are known, by path.
            cursor: what the last finished sync saw; empty before the first.

        Raises:
            SourceError: it cannot be reached or understood.
        """
