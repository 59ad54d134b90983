"""Words of questions and releases as text that no renderer takes for markup; names of places within the page."""

import re
from html import escape

from assistant.citations.citation import Citation

_MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$&:])")


def escape_markdown(text: str) -> str:
    """Words that a Markdown renderer shows exactly as they are."""
    return _MARKDOWN.sub(r"\\\1", text)


def anchor(citation: Citation) -> str:
    """Names a citation within the page; the page's script reads release and characters from it."""
    return f"cite-{citation.release_id}-{citation.start}-{citation.end}"


def web_link(url: str, words: str) -> str:
    """A link to a page of the web, in a tab of its own; the words alone where the address is none."""
    if not url.startswith(("https://", "http://")):
        return escape(words)
    return f'<a href="{escape(url)}" target="_blank" rel="noopener noreferrer">{escape(words)}</a>'
