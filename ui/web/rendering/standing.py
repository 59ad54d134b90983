"""What is indexed and how old that is, in one line; and how to get more where it is the starter corpus."""

from html import escape

from corpus.dating import in_words
from indexes.generation import Manifest


def standing_html(manifest: Manifest) -> str:
    """The line, and a banner where only the starter digests are indexed."""
    age = {0: "today", 1: "yesterday"}.get(manifest.age_days, f"{manifest.age_days} days ago")
    latest = f", the latest of {in_words(manifest.latest_date)}" if manifest.latest_date else ""
    line = f"<b>{manifest.releases:,} releases</b> of {escape(manifest.corpus_name)}{latest} · indexed {age}"
    if manifest.digests < manifest.releases:
        return f'<p class="standing">{line}</p>'
    return (
        f'<p class="standing">{line}</p><p class="banner"><b>Starter corpus:</b> digests in our own words of real '
        "releases, each linked to its original. For the full corpus run <code>assistant index FOLDER</code> on a copy "
        "of the department’s news files; this page then serves it with the next question.</p>"
    )
