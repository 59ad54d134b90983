"""What the parts of the corpus tab read: the files of the generation in use, and the catalog."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from assistant.engine import Assistant
from corpus.catalog_view import CatalogView, viewing
from indexes.generation import LEXICAL, PASSAGES, Generation, Home
from indexes.listing import ReleaseListing
from indexes.mentions import MentionIndex


@dataclass(frozen=True, slots=True)
class CorpusFiles:
    """Opens what is asked for anew each time, so that a new generation is seen with the next request."""

    assistant: Assistant

    @property
    def home(self) -> Home:
        """Where everything lies."""
        return Home(self.assistant.settings.home)

    def listing(self, generation: Generation) -> ReleaseListing:
        """The releases of a generation, listed and counted."""
        return ReleaseListing(self._folder(generation) / PASSAGES)

    def mentions(self, generation: Generation) -> MentionIndex:
        """The words of a generation.

        Raises:
            IndexingError: its files are damaged.
        """
        return MentionIndex(self._folder(generation) / LEXICAL)

    def catalog(self) -> AbstractContextManager[CatalogView]:
        """The catalog, to look at; raises as ``viewing``."""
        return viewing(self.home.catalog_file)

    def _folder(self, generation: Generation) -> Path:
        return self.home.generations / generation.name
