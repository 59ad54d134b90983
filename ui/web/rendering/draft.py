"""A checked draft as HTML: the text with a verdict at every sentence, and beside it what the releases say."""

from collections.abc import Iterator, Sequence
from html import escape

from assistant.briefing.draft.draft import Draft
from assistant.briefing.draft.draft_check import CheckedDraft
from assistant.briefing.draft.page import ShownBlock, ShownSentence, shown_blocks
from assistant.citations.checking import Verdict
from assistant.citations.citation import Citation, shown_title
from corpus.dating import in_words
from corpus.release import ReleaseKind
from ui.web.rendering.verdicts import BADGES

EMPTY = (
    '<div class="draft-empty"><h2>Nothing checked yet</h2>'
    "<p>Paste a text, or choose a .docx, .md or .txt file, and press <b>Check</b>. Every sentence that asserts "
    "something is looked for in the releases: you see whether they carry it, in which words, and what they have in "
    "place of a wrong figure, date or name. A sentence that cites a release, such as [jy1539], is held against that "
    "one first. What you check is not kept on the server.</p></div>"
)
#: The verdicts in the order in which they are counted: what needs a look comes first.
_ORDER = (Verdict.UNSUPPORTED, Verdict.PARTIAL, Verdict.SUPPORTED, Verdict.VERBATIM)


def results_html(draft: Draft, checked: CheckedDraft) -> str:
    """The counts, then the draft piece by piece, each with its evidence."""
    blocks = shown_blocks(draft, checked)
    none_wrong = '<p class="draft-none">No sentence needs attention.</p>' if not checked.wrong else ""
    return f"{counts_html(checked)}{none_wrong}{''.join(map(_block, blocks))}"


def counts_html(checked: CheckedDraft) -> str:
    """How many sentences have which verdict."""
    chips = [
        f'<li class="{BADGES[verdict].tone}"><b>{BADGES[verdict].icon} {n}</b> {BADGES[verdict].word}</li>'
        for verdict in _ORDER
        if (n := checked.counts[verdict])
    ]
    if unchecked := checked.counts["nothing to check"]:
        chips.append(f'<li class="none"><b>· {unchecked}</b> nothing to check</li>')
    total = len(checked.sentences)
    head = f"{escape(checked.name)}: {total} sentence{'s' if total != 1 else ''}"
    return f'<h2 class="draft-head">{head}</h2><ul class="draft-counts" aria-label="Verdicts">{"".join(chips)}</ul>'


def progress_html(done: int, total: int) -> str:
    """How far a check is."""
    return (
        f'<p class="draft-progress"><progress max="{total}" value="{done}" aria-label="Sentences checked">'
        f"</progress> {done:,} of {total:,} sentences checked</p>"
    )


def trouble_html(message: str) -> str:
    """Why a draft cannot be checked."""
    return f'<p class="draft-trouble" role="alert"><b>✗ Not checked:</b> {escape(message)}.</p>'


def _block(block: ShownBlock) -> str:
    name = "draft-block item" if block.item else "draft-block"
    if not any(sentence.checked.wrong for sentence in block.sentences):
        name += " holds"
    text = "".join(_sentence(sentence) for sentence in block.sentences)
    evidence = "".join(map(_evidence, block.sentences))
    tag = "h3" if block.heading else "p"
    return f'<section class="{name}"><{tag} class="text">{text}</{tag}><div class="evidence">{evidence}</div></section>'


def _sentence(sentence: ShownSentence) -> str:
    """The words with their verdict's icon before them; what is wrong is struck, and what stands in its place added."""
    verdict = sentence.checked.verdict
    references = f' <span class="refs">{escape(sentence.references)}</span>' if sentence.references else ""
    if verdict is None:
        return f'<span class="sentence none">{escape(_words(sentence.parts))}</span>{references} '
    badge = BADGES[verdict]
    wrong = sentence.checked.wrong
    name = f"sentence {badge.tone}{' wrong' if wrong else ''}"
    sign = f"{badge.icon} {sentence.number}{f' {badge.word}' if wrong else ''}"
    return (
        f'<span class="{name}"><a class="sign" href="#draft-e{sentence.number}" '
        f'aria-label="Sentence {sentence.number}, {badge.word}: to its evidence">{sign}</a> '
        f"{''.join(_parts(sentence.parts))}</span>{references} "
    )


def _parts(parts: Sequence[tuple[str, str]]) -> Iterator[str]:
    for words, instead in parts:
        if instead:
            yield f'<del aria-label="wrong: {escape(words)}">{escape(words)}</del> <ins>{escape(instead)}</ins>'
        else:
            yield escape(words)


def _words(parts: Sequence[tuple[str, str]]) -> str:
    return "".join(words for words, _ in parts)


def _evidence(sentence: ShownSentence) -> str:
    """What speaks for or against a sentence: open where it needs a look, else to be opened."""
    verdict = sentence.checked.verdict
    if verdict is None:
        return ""
    badge = BADGES[verdict]
    named = f'<span class="verdict">{badge.icon} {sentence.number} {badge.word}</span>'
    quotes = "".join(map(_quote, sentence.checked.evidence))
    attributes = f'class="{badge.tone}" id="draft-e{sentence.number}" tabindex="-1"'
    if not sentence.checked.wrong:
        releases = ", ".join(dict.fromkeys(escape(c.release_id) for c in sentence.checked.evidence))
        return f"<details {attributes}><summary>{named} {releases}</summary>{quotes}</details>"
    findings = "".join(f"<li>{escape(line)}</li>" for line in sentence.findings)
    return f"<article {attributes}>{named}<ul>{findings}</ul>{quotes}</article>"


def _quote(citation: Citation) -> str:
    digest = " · digest in our own words" if citation.kind is ReleaseKind.DIGEST else ""
    day = in_words(citation.date, citation.date_confidence)
    return (
        f'<blockquote>{escape(" ".join(citation.quote.split()))}<footer><button type="button" class="open-release" '
        f'data-release="{escape(citation.release_id)}" data-start="{citation.start}" data-end="{citation.end}">'
        f"{escape(citation.release_id)}</button> {escape(day)} · {escape(shown_title(citation))}{digest}</footer>"
        "</blockquote>"
    )
