"""A source that holds nothing any more: syncing it takes its documents out."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar

from corpus.sources import Listed


@dataclass(slots=True)
class EmptiedSource:
    """Stands for a known source whose documents are all to go."""

    kind: str
    location: str
    cursor: str = "removed"
    lists_all: ClassVar[bool] = True
    streams: ClassVar[bool] = False

    def listing(self, known: Mapping[str, str], cursor: str) -> Iterator[Listed]:
        """Nothing."""
        return iter(())
