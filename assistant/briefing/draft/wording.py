"""What the terminal, the page and the comments say of a checked sentence, in the same words."""

from assistant.briefing.draft.draft_check import CheckedDraft, CheckedSentence
from assistant.citations.checking import Verdict

#: A mark and a word for each verdict: colour says nothing that these do not.
MARKS = {
    Verdict.VERBATIM: ("✓", "word for word"),
    Verdict.SUPPORTED: ("✓", "supported"),
    Verdict.PARTIAL: ("!", "partly supported"),
    Verdict.UNSUPPORTED: ("✗", "not supported"),
    None: ("·", "nothing to check"),
}


def verdict_words(sentence: CheckedSentence) -> str:
    """The verdict, or why there is none."""
    words = MARKS[sentence.verdict][1]
    return f"{words}: {sentence.unchecked}" if sentence.unchecked else words


def finding_lines(sentence: CheckedSentence) -> list[str]:
    """What is wrong, a line each, the first letter large."""
    return list(dict.fromkeys(f"{f.message[:1].upper()}{f.message[1:]}" for f in sentence.findings))


def counted(draft: CheckedDraft) -> str:
    """How many sentences have which verdict."""
    wrong, total = len(draft.wrong), len(draft.sentences)
    parts = [f"{n} {MARKS[Verdict(name)][1] if name in {*Verdict} else name}" for name, n in draft.counts.items() if n]
    need = "none needs a look" if not wrong else f"{wrong} need{'s' if wrong == 1 else ''} a look"
    return f"{total} sentence{'s' if total != 1 else ''}, {need}: {', '.join(parts)}"
