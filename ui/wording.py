"""What both the command line and the page say of a citation."""

from assistant.citations.citation import Citation
from corpus.dating import in_words
from corpus.release import ReleaseKind


def described(citation: Citation) -> str:
    """Id, date, title and place, in one line."""
    place = f"{citation.section}, paragraph {citation.paragraph}"
    day = in_words(citation.date, citation.date_confidence)
    return f"{citation.release_id} · {day} · {shown_title(citation)} · {place}"


def shown_title(citation: Citation) -> str:
    """The title; a document that has none is named by its file, which its id says already."""
    return "untitled" if citation.title.lower() == citation.release_id else citation.title


def digest_note(citation: Citation) -> str:
    """For a digest, that the words are ours and where the department's are; else nothing."""
    if citation.kind is not ReleaseKind.DIGEST:
        return ""
    return f"A digest in our words of release {citation.release_id}; the link leads to the original."
