"""Answers and sources as Markdown and HTML. Everything that comes from a question or a release is escaped here."""

import re
from html import escape

from assistant.answers.answer import Answer
from assistant.citations.citation import Citation, cite, shown_title
from assistant.engine import Assistant
from assistant.search import Understood
from corpus.dating import in_words
from corpus.release import Release, Span
from indexes.generation import Manifest
from ui.wording import digest_note, understood_lines

#: A longer paragraph is shown around its quote only, cut at sentences.
LONGEST_PARAGRAPH = 1_500
CONTEXT = 500

_MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$&:])")
_MARKER = re.compile(r"\]\(#cite-(\S+?)-(\d+)-(\d+)\)")


def escape_markdown(text: str) -> str:
    """Words that a Markdown renderer shows exactly as they are."""
    return _MARKDOWN.sub(r"\\\1", text)


def anchor(citation: Citation) -> str:
    """Names a citation within the page; ``cited_spans`` reads it back."""
    return f"cite-{citation.release_id}-{citation.start}-{citation.end}"


def answer_markdown(answer: Answer, sentences: int | None = None) -> str:
    """The answer with its markers as links to the sources beside it, or its first ``sentences``."""
    if answer.abstained:
        return escape_markdown(answer.answer)
    anchors = {citation.marker: anchor(citation) for citation in answer.citations}
    shown = []
    for sentence in answer.sentences[:sentences]:
        lead_in = escape_markdown(sentence.lead_in) + " " if sentence.lead_in else ""
        markers = "".join(f" [\\[{m}\\]](#{anchors[m]})" for m in sentence.citations)
        shown.append(("\n- " if sentence.is_item else "") + lead_in + escape_markdown(sentence.text) + markers)
    notices = "".join(f"\n\n*Note: {escape_markdown(notice)}*" for notice in answer.notices if sentences is None)
    return " ".join(shown).replace(" \n", "\n") + notices


def cited_spans(markdown: str) -> list[tuple[str, Span]]:
    """The spans that a shown answer cites, in order: its links are all that is needed to show its sources again."""
    found = [(i, Span(int(start), int(end))) for i, start, end in _MARKER.findall(markdown)]
    return list(dict.fromkeys(found))


def sources_html(cited: list[tuple[Citation, Release]]) -> str:
    """A card for every citation: the release, and the quoted words marked in their paragraph."""
    if not cited:
        return '<p class="empty">The releases that an answer cites are shown here.</p>'
    return "".join(_card(citation, release) for citation, release in cited)


def sources_of_message(markdown: str, assistant: Assistant) -> str:
    """The cards of a shown answer, looked up anew; a release that is no longer indexed is left out."""
    cited = []
    for marker, (release_id, span) in enumerate(cited_spans(markdown), 1):
        release = assistant.release(release_id)
        if release is None:
            continue
        try:
            cited.append((cite(release, span, marker), release))
        except ValueError:  # the release has changed since, and these characters are no longer one paragraph's
            continue
    return sources_html(cited)


def sources_of_answer(answer: Answer, assistant: Assistant) -> str:
    """What was read from the question, and the cards of its answer."""
    releases = {citation.release_id: assistant.release(citation.release_id) for citation in answer.citations}
    cards = sources_html([(c, release) for c in answer.citations if (release := releases[c.release_id])])
    return understood_html(answer.understood) + cards


def understood_html(understood: Understood) -> str:
    """What was read from a question before it was searched; nothing where nothing was."""
    lines = "; ".join(understood_lines(understood))
    return f'<p class="understood">Understood: {escape(lines)}.</p>' if lines else ""


def corpus_html(manifest: Manifest) -> str:
    """What is indexed and how old that is, in one line; and how to get more where it is the starter corpus."""
    age = {0: "today", 1: "yesterday"}.get(manifest.age_days, f"{manifest.age_days} days ago")
    latest = f", the latest of {in_words(manifest.latest_date)}" if manifest.latest_date else ""
    name = escape(manifest.corpus_name)
    line = f"<b>{manifest.releases:,} releases</b> of {name}{latest} · indexed {age}"
    if manifest.digests < manifest.releases:
        return f'<p class="corpus">{line}</p>'
    return (
        f'<p class="corpus">{line}</p><p class="banner">Starter corpus: digests in our own words of real releases, '
        "each linked to its original. For the full corpus run <code>assistant index FOLDER</code> on a copy of the "
        "department’s news files; this page then serves it with the next question.</p>"
    )


def _card(citation: Citation, release: Release) -> str:
    paragraph = release.paragraphs[citation.paragraph - 1]
    start, end = _window(paragraph.start, paragraph.end, paragraph.sentences, citation)
    before, after = release.text[start : citation.start], release.text[citation.end : end]
    heading = " › ".join(paragraph.headings)
    name = escape(citation.release_id)
    if citation.url.startswith(("https://", "http://")):
        name = f'<a href="{escape(citation.url)}" target="_blank" rel="noopener noreferrer">{name}</a>'
    note = digest_note(citation)
    day = escape(in_words(citation.date, citation.date_confidence))
    also = f"Also published as {', '.join(citation.also_published_as)}." if citation.also_published_as else ""
    return (
        f'<article class="source" id="{escape(anchor(citation))}" tabindex="-1">'
        f'<header><span class="marker">{citation.marker}</span> {name} · {day} · '
        f"{escape(citation.section)}{' · digest' if note else ''}</header>"
        f"<h3>{escape(shown_title(citation))}</h3>"
        f'<p class="place">{escape(heading + ", " if heading else "")}paragraph {citation.paragraph}</p>'
        f"<blockquote>{'… ' if start > paragraph.start else ''}{escape(before)}<mark>{escape(citation.quote)}</mark>"
        f"{escape(after)}{' …' if end < paragraph.end else ''}</blockquote>"
        + "".join(f'<p class="note">{escape(text)}</p>' for text in (note, also) if text)
        + "</article>"
    )


def _window(start: int, end: int, sentences: tuple[Span, ...], citation: Citation) -> tuple[int, int]:
    """The whole paragraph, or the sentences around the quote where it is long."""
    if end - start <= LONGEST_PARAGRAPH:
        return start, end
    near = [s for s in sentences if s.end > citation.start - CONTEXT and s.start < citation.end + CONTEXT]
    return min(citation.start, *(s.start for s in near)), max(citation.end, *(s.end for s in near))
