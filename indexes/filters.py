"""Which releases a search may return: one description, understood by both indexes and by SQL."""

import datetime
from dataclasses import dataclass

from corpus.release import ReleaseKind


@dataclass(frozen=True, slots=True)
class SearchFilter:
    """Every condition that is set must hold. A release whose date is unknown is outside any date range.

    Of ``programmes`` a release need be under one only.
    """

    date_from: datetime.date | None = None
    date_to: datetime.date | None = None
    sections: tuple[str, ...] = ()
    kinds: tuple[ReleaseKind, ...] = ()
    release_ids: tuple[str, ...] = ()
    programmes: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return self != SearchFilter()

    def sql(self) -> tuple[str, list[str]]:
        """A condition on the table ``release`` and its parameters."""
        conditions: list[str] = ["1"]
        values: list[str] = []
        if self.date_from:
            conditions.append("release.date >= ?")
            values.append(self.date_from.isoformat())
        if self.date_to:
            conditions.append("release.date <= ?")
            values.append(self.date_to.isoformat())
        for column, wanted in (("section", self.sections), ("kind", self.kinds), ("release_id", self.release_ids)):
            if wanted:
                conditions.append(f"release.{column} IN ({','.join('?' * len(wanted))})")
                values.extend(wanted)
        if self.programmes:
            marks = ",".join("?" * len(self.programmes))
            conditions.append(
                f"release.release_id IN (SELECT release_id FROM release_programme WHERE programme IN ({marks}))"
            )
            values.extend(self.programmes)
        return " AND ".join(conditions), values
