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
        ("To repeat", _how_to_repeat(briefing)),
    ]


def _how_to_repeat(briefing: Briefing) -> str:
    if briefing.collected:
        return (
            "The answers were chosen, put in order and perhaps edited by a person; what was edited was checked anew. "
            "Ask the questions again with the same program and settings over an index with the same corpus hash."
        )
    return (
        "Run “assistant brief” with the same questions, program and settings over an index with the same corpus "
        f"hash, and --date {briefing.date}."
    )


def doubts(briefing: Briefing) -> str:
    """Whether a sentence failed the check, and whether there are such as were edited or cannot be checked."""
    sentences = [sentence for question in briefing.questions for sentence in question.sentences]
    doubted = sum(bool(sentence.doubt) for sentence in sentences)
    unchecked = sum(sentence.verdict is None for sentence in sentences)
    edited = sum(sentence.edited for sentence in sentences)
    if doubted:
        marked = "1 sentence, which is marked," if doubted == 1 else f"{doubted} sentences, which are marked,"
        said = f"{marked} did not pass the check against the words cited."
    else:
        every = "Every other sentence" if unchecked else "Every sentence"
        said = f"{every} passed the check against the words it cites."
    if edited:
        said += f" {_number(edited, 'was', 'were')} edited by a person and checked anew."
    if unchecked:
        said = f"{_number(unchecked, 'asserts', 'assert')} nothing that can be checked. {said}"
    return said


def _number(n: int, does: str, do: str) -> str:
    return f"1 sentence {does}" if n == 1 else f"{n} sentences {do}"
