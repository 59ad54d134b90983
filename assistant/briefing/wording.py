"""What every format of a briefing says of a note, a source and the making, in the same words."""

from assistant.briefing.briefing import Briefing, Note, day, is_digest
from assistant.citations.citation import shown_title

DIGEST = "digest in our own words; the link leads to the department's text"


def note_lead(note: Note) -> str:
    """What comes before the quote: the whole source, or, where an earlier note has it, the id and the paragraph.

    The number of that earlier note is left to the format, which may make a link of it.
    """
    c = note.citation
    if note.first != note.number:
        return f"{c.release_id}, paragraph {c.paragraph}"
    kind = f" ({DIGEST})" if is_digest(c) else ""
    return f"{c.release_id}, “{shown_title(c)}”{kind}, {day(c)}, {c.section}, paragraph {c.paragraph}"


def counted(briefing: Briefing) -> str:
    """How much of what was asked is answered, from how many releases."""
    asked, sources = len(briefing.questions), len(briefing.sources)
    return (
        f"{briefing.answered} of {asked} question{'s' if asked != 1 else ''} answered, "
        f"from {sources} release{'s' if sources != 1 else ''}."
    )


def making(briefing: Briefing) -> list[tuple[str, str]]:
    """How the briefing was made, a name and a value each."""
    p = briefing.provenance
    settings = ", ".join(f"{name} = {value or 'none'}" for name, value in p.setting_values.items())
    latest = f", the latest of {p.latest_date}" if p.latest_date else ""
    return [
        ("Program", p.program),
        ("Corpus", f"{p.corpus_name}: {p.releases:,} releases{latest}"),
        ("Retrieved", f"{p.retrieved} (the day on which the quoted copies were indexed)"),
        ("Corpus hash", p.corpus),
        ("Index", p.generation),
        ("Retrieval model", p.embedding_model),
        ("Sentence model", p.sentence_model),
        ("Writer", p.writer),
        ("Settings", f"{settings} ({p.settings})"),
        (
            "To repeat",
            "Run “assistant brief” with the same questions, program and settings over an index with the same corpus "
            f"hash, and --date {briefing.date}.",
        ),
    ]


def doubts(briefing: Briefing) -> str:
    """Whether a sentence failed the check."""
    n = sum(bool(sentence.doubt) for question in briefing.questions for sentence in question.sentences)
    if not n:
        return "Every sentence passed the check against the words it cites."
    sentences = "1 sentence, which is marked," if n == 1 else f"{n} sentences, which are marked,"
    return f"{sentences} did not pass the check against the words cited."
