"""How much of the sources' words the cleaned texts keep, and what was taken out, by kind.

    python -m tests.bench.words_kept [--documents 4000] [--samples 3]

The source's words are counted on their own: link targets and HTML tags are taken off by regular expressions, nothing
else; what is neither kept nor recorded as dropped is the remainder.
"""

import html
import random
import re
from collections import Counter, defaultdict
from pathlib import PurePosixPath

import click

from corpus.errors import DocumentError
from corpus.loaders import load_document
from tests.bench.sampling import sampled_documents

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\x00-\x08]")
_TARGET = re.compile(r"\]\([^)\s]*(?:\([^)]*\)[^)]*)?(?:\s\"[^\"]*\")?\)")
_TAG = re.compile(r"</?(?:a|b|br|col|em|font|i|p|span|strong|sup|table|tbody|td|th|thead|tr|u|address)\b[^>]*>")
_FRONT = re.compile(r"\A---\n.*?\n---\n", re.S)


def letters(text: str) -> int:
    """The number of letters and digits."""
    return sum(map(len, re.findall(r"[^\W_]+", text)))


def letters_of_source(data: bytes) -> int:
    """The number of letters and digits of a Markdown body, markup left out."""
    body = _FRONT.sub("", data.decode("utf-8", "replace").replace("\r\n", "\n"))
    body = re.sub(r"!\[[^\]]*\]\([^)]*\)", "", _INVISIBLE.sub("", body))
    return letters(html.unescape(_TAG.sub(" ", _TARGET.sub("] ", body))))


@click.command()
@click.option("--documents", "wanted", default=4000, show_default=True)
@click.option("--samples", default=3, show_default=True, help="Samples printed of each kind.")
def main(wanted: int, samples: int) -> None:
    """Print shares of letters and digits: kept, dropped by kind, neither."""
    documents, source = sampled_documents(wanted)
    total = kept = 0
    dropped: Counter[str] = Counter()
    seen: dict[str, list[str]] = defaultdict(list)
    worst: list[tuple[int, int, str]] = []
    for found in documents:
        data = found.content if isinstance(found.content, bytes) else found.content.read_bytes()
        try:
            document = load_document(PurePosixPath(found.path), data)
        except DocumentError:
            continue
        here, taken = letters_of_source(data), letters(document.text)
        for drop in document.dropped:
            dropped[drop.kind] += letters(drop.text)
            taken += letters(drop.text)
            seen[drop.kind].append(drop.text)
        if not document.text:  # a stub: what little it holds is no text of its own
            dropped["stub without text"] += here - taken
            seen["stub without text"].append(found.path)
            taken = here
        total += here
        kept += letters(document.text)
        worst.append((here - taken, here, found.path))
    click.echo(f"{len(documents):,} documents of {source}: {total:,} letters and digits")
    click.echo(f"kept       {kept / total:9.4%}")
    for kind, count in dropped.most_common():
        click.echo(f"dropped    {count / total:9.4%}  {kind}, {len(seen[kind]):,} times")
        for text in random.Random(1).sample(seen[kind], min(samples, len(seen[kind]))):  # noqa: S311
            click.echo(f"             “{text[:100]}”")
    click.echo(f"neither    {1 - (kept + sum(dropped.values())) / total:9.4%}; the furthest off:")
    for missing, here, path in sorted(worst, key=lambda item: -abs(item[0]))[:5]:
        click.echo(f"             {missing:+,} of {here:,}: {path}")


if __name__ == "__main__":
    main()
