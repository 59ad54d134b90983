"""Every error that this program raises on purpose, in one tree.

    AssistantError
    ├── CorpusError            a folder or document cannot be used
    │   ├── DocumentError      one document is bad: it is reported and the rest goes on
    │   ├── SourceError        a source cannot be reached or understood
    │   └── CatalogError       the catalog is damaged, of another version, or cannot be written
    ├── IndexingError          an index cannot be built or opened
    │   ├── NoIndexError       nothing is indexed yet
    │   ├── StaleIndexError    made by another program version, chunker or embedding model
    │   └── BusyError          another process is writing to the home
    ├── EmbeddingError         the embedding model is missing, altered or does not agree with its reference
    ├── QuestionError          a question, or a file of questions, cannot be used
    │   ├── EvaluationError    a run, a set of questions or a recorded answer cannot be used in an evaluation
    │   └── BriefingError      a briefing's questions or a draft cannot be read, or what is made of them not written
    ├── LanguageModelError     a language model cannot be reached, or what it sends is no reply
    ├── SettingsError          a setting is unknown or out of range
    ├── ServingError           the web page cannot be served
    ├── HistoryError           the conversations that are kept cannot be opened, or one is not there
    └── LoginError             a file of users cannot be used, or a user not be added to it

A message says what is wrong, where, and how to mend it, in one line; the command line prints it after
``error:`` and exits with the class's ``exit_code``: 2 where the caller's input is at fault, 1 otherwise.
"""

from pathlib import PurePath

from corpus.document import ProblemKind


class AssistantError(Exception):
    """The root of the tree; never raised itself."""

    exit_code = 1


class CorpusError(AssistantError):
    """A folder or document cannot be used."""

    exit_code = 2


class DocumentError(CorpusError):
    """One document cannot be read. Carries the place, so that a report can list it."""

    def __init__(self, path: PurePath, reason: str, line: int = 0, kind: ProblemKind = ProblemKind.UNREADABLE) -> None:
        self.path = path
        self.reason = reason
        self.line = line
        self.kind = kind
        super().__init__(path, reason, line, kind)  # all arguments, so that it pickles out of a worker process

    def __str__(self) -> str:
        return f"{self.path}{f':{self.line}' if self.line else ''}: {self.reason}"


class SourceError(CorpusError):
    """A source of documents cannot be reached or understood."""


class CatalogError(CorpusError):
    """The catalog is damaged, of another version, or cannot be written."""

    exit_code = 1


class IndexingError(AssistantError):
    """An index cannot be built or opened."""


class NoIndexError(IndexingError):
    """Nothing is indexed yet."""


class StaleIndexError(IndexingError):
    """The index was made by another program version, chunker or embedding model."""


class BusyError(IndexingError):
    """Another process is writing to the same home."""


class EmbeddingError(AssistantError):
    """The embedding model is missing, altered, or does not agree with its reference."""


class QuestionError(AssistantError):
    """A question, or a file of questions, cannot be used."""

    exit_code = 2


class EvaluationError(QuestionError):
    """A run, a set of questions or a recorded answer cannot be used in an evaluation."""


class BriefingError(QuestionError):
    """The questions of a briefing or a draft cannot be read, or what is made of them cannot be written."""


class LanguageModelError(AssistantError):
    """A language model cannot be reached, or what it sends is no reply."""


class SettingsError(AssistantError):
    """A setting is unknown or out of range."""

    exit_code = 2


class ServingError(AssistantError):
    """The web page cannot be served."""


class HistoryError(AssistantError):
    """The conversations that are kept cannot be opened or written, or the one that is asked for is not there."""


class LoginError(AssistantError):
    """A file of users cannot be used, or a user not be added to it."""

    exit_code = 2
