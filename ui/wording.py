"""What both the command line and the page say of a citation."""

from assistant.citations.citation import Citation
from corpus.release import ReleaseKind


def dated(citation: Citation) -> str:
    """The date of the cited release in words; says so where it is unknown."""
    if citation.date is None:
        return "date unknown"
    return f"{citation.date:%B} {citation.date.day}, {citation.date.year}"


def described(citation: Citation) -> str:
    """Id, date, title and place, in one line."""
    title = "untitled" if citation.title == citation.release_id else citation.title
    return f"{citation.release_id} · {dated(citation)} · {title} · {citation.section}, paragraph {citation.paragraph}"


def digest_note(citation: Citation) -> str:
    """For a digest, that the words are ours and where the department's are; else nothing."""
    if citation.kind is not ReleaseKind.DIGEST:
        return ""
    return f"A digest in our words of release {citation.release_id}; the link leads to the original."
