"""What a briefing states under a question: an answer's sentences, or these as a person edited them, checked anew."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from pydantic import BaseModel

from assistant.answers.answer import Answer
from assistant.briefing.draft.draft import Draft, DraftSentence, make_draft
from assistant.briefing.draft.draft_check import CheckedSentence, DraftChecker, known_in
from assistant.briefing.draft.markup import text_blocks
from assistant.briefing.draft.wording import finding_lines
from assistant.citations.checking import Verdict
from assistant.citations.citation import Citation
from assistant.engine import Assistant
from assistant.question import AnswerType
from corpus.errors import BriefingError

#: Characters of one edited answer, at most: ten pages.
LONGEST_TEXT = 30_000
#: Sentences that one quote of an answer may be cut into, at most.
LONGEST_QUOTE = 6


class Stated(BaseModel):
    """One sentence with what it cites. ``verdict`` is None where nothing can be checked, which ``unchecked`` says.

    ``lead_in`` stands before it, in our words. ``edited`` says that the words are not the answer's.
    """

    text: str
    citations: list[Citation]
    verdict: Verdict | None
    reasons: list[str] = []
    unchecked: str = ""
    lead_in: str = ""
    edited: bool = False

    @property
    def in_doubt(self) -> bool:
        """Whether the check does not hold it carried by what it cites."""
        return self.verdict in (Verdict.PARTIAL, Verdict.UNSUPPORTED)


def stated(answer: Answer) -> list[Stated]:
    """The sentences of an answer as it was given."""
    cited = {citation.marker: citation for citation in answer.citations}
    return [
        Stated(
            text=sentence.text,
            citations=[cited[marker] for marker in sentence.citations],
            verdict=sentence.verdict,
            reasons=sentence.reasons,
            lead_in=sentence.lead_in,
        )
        for sentence in answer.sentences
    ]


def is_list(answer: Answer) -> bool:
    """Whether the sentences of an answer are items of a list."""
    return len(answer.sentences) > 1 and answer.understood.answer_type is AnswerType.LIST


def editable_text(answer: Answer) -> str:
    """The answer as text that a person may edit: an item of a list a line, a line where another release begins."""
    text = ""
    for sentence in answer.sentences:
        words = " ".join(f"{sentence.lead_in} {sentence.text}".split())
        if is_list(answer) or sentence.is_item:
            text += ("\n" if text else "") + f"- {words}"
        else:
            text += ("\n" if sentence.lead_in else " ") + words if text else words
    return text


def edited(assistant: Assistant, answer: Answer, text: str) -> list[Stated]:
    """The sentences of an answer that a person edited.

    Those that are still the answer's keep their citations and verdict. All others are checked as a draft's are, in the
    releases that the answer cites among others, and cite what carries them. One that nothing carries cites at most
    what the answer or the sentence itself cites: what merely comes nearest elsewhere is no source of it.

    Raises:
        BriefingError: the text is longer than ``LONGEST_TEXT``.
    """
    if len(text) > LONGEST_TEXT:
        raise BriefingError(
            f"the text has {len(text):,} characters, {LONGEST_TEXT:,} are the most under one question; "
            "divide it, or check it as a draft"
        )
    lead_ins = {sentence.lead_in: sentence.citations[0].release_id for sentence in stated(answer) if sentence.lead_in}
    draft = _draft(assistant, text, lead_ins)
    cited = dict.fromkeys(citation.release_id for citation in answer.citations)
    checker = DraftChecker(assistant, draft, list(cited))
    found: list[Stated] = []
    for sentences, original in _kept(draft, stated(answer)):
        if original is None:
            found.append(_as_stated(sentences[0], checker.check(sentences[0]), cited))
        else:
            for sentence in sentences:
                checker.pass_over(sentence, [citation.release_id for citation in original.citations])
            found.append(original)
        found[-1] = _with_lead_in(found[-1], text[: sentences[0].start].rstrip(), lead_ins)
    return found


def _draft(assistant: Assistant, text: str, lead_ins: Iterable[str]) -> Draft:
    """The text as a draft; the lead-ins, which are ours and no part of its sentences, are blanked."""
    bare = text
    for lead_in in sorted(lead_ins, key=len, reverse=True):
        bare = bare.replace(lead_in, " " * len(lead_in))
    return make_draft("edited text", text, list(text_blocks(bare)), {}, known_in(assistant))


def _kept(draft: Draft, originals: Sequence[Stated]) -> Iterator[tuple[Sequence[DraftSentence], Stated | None]]:
    """The sentences in order, each alone, or those together that are one of the answer's still, with that."""
    known = {" ".join(original.text.split()): original for original in originals}
    sentences = draft.sentences
    at = 0
    while at < len(sentences):
        original = None
        end = at
        while original is None and end < min(at + LONGEST_QUOTE, len(sentences)):
            end += 1
            original = known.get(" ".join(draft.text[sentences[at].start : sentences[end - 1].end].split()))
        end = end if original else at + 1
        yield sentences[at:end], original
        at = end


def _as_stated(sentence: DraftSentence, checked: CheckedSentence, cited: Collection[str]) -> Stated:
    named = {*cited, *(release_id for reference in checked.cited for release_id in reference.release_ids)}
    carried = checked.verdict is not Verdict.UNSUPPORTED
    return Stated(
        text=" ".join(sentence.words.split()),
        citations=[c for c in checked.evidence if carried or c.release_id in named],
        verdict=checked.verdict,
        reasons=finding_lines(checked),
        unchecked=checked.unchecked,
        edited=True,
    )


def _with_lead_in(sentence: Stated, before: str, lead_ins: Mapping[str, str]) -> Stated:
    """The sentence with the lead-in that the text before it ends with, unless that names a release it does not cite."""
    cited = {citation.release_id for citation in sentence.citations}
    holding = (lead_in for lead_in, named in lead_ins.items() if before.endswith(lead_in) and named in cited)
    return sentence.model_copy(update={"lead_in": next(holding, "")})
