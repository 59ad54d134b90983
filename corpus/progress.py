"""How long work tells how far it is, without knowing who watches."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

#: Opens a stage of ``total`` steps named ``what``; the function it gives is called with the steps just done.
Progress = Callable[[str, int], AbstractContextManager[Callable[[int], None]]]


@contextmanager
def silent(what: str, total: int) -> Iterator[Callable[[int], None]]:
    """A ``Progress`` that shows nothing."""
    yield lambda steps: None
