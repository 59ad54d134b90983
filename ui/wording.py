"""What both the command line and the page say of a citation."""

from assistant.citations.citation import Citation, shown_title
from assistant.search import Understood
from corpus.dating import in_words
from corpus.release import Release, ReleaseKind


def described(citation: Citation) -> str:
    """Id, date, title and place, in one line."""
    place = f"{citation.section}, paragraph {citation.paragraph}"
    day = in_words(citation.date, citation.date_confidence)
    return f"{citation.release_id} · {day} · {shown_title(citation)} · {place}"


def digest_note(cited: Citation | Release) -> str:
    """For a digest, that the words are ours and where the department's are; else nothing."""
    if cited.kind is not ReleaseKind.DIGEST:
        return ""
    return f"A digest in our words of release {cited.release_id}; the link leads to the original."


def understood_lines(understood: Understood) -> list[str]:
    """What was read from the question before it was searched, a line each."""
    lines = [f"read “{c.asked}” as “{c.read}”" for c in understood.corrections]
    lines += [f"read “{p.words}” as {p.start} to {p.end}" for p in understood.periods if p.start != p.end]
    lines += [f"put the {understood.order} of alike releases first"] if understood.order else []
    also = [(name.asked, ", ".join(f"“{other}”" for other in name.others)) for name in understood.names]
    return lines + [f"searched for “{asked}” also as {others}" for asked, others in also]
