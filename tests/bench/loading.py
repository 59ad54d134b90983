"""Documents a second: read, cleaned and catalogued by this project, beside LlamaIndex's directory reader.

    python -m tests.bench.loading [--documents 3000]

LlamaIndex's reader only reads the files; this project cleans them, splits them into sentences, compares them with each
other and writes the catalog. What is said of a second run is what a sync costs when nothing, or little, has changed.
"""

import tempfile
import time
from pathlib import Path

import click

from corpus.catalog import Catalog
from corpus.reading import read, read_all
from corpus.sources.files import FolderSource
from corpus.sync import sync
from tests.bench.sampling import sampled_documents


@click.command()
@click.option("--documents", "wanted", default=3000, show_default=True)
def main(wanted: int) -> None:
    """Print the rates side by side."""
    from llama_index.core import SimpleDirectoryReader

    documents, source = sampled_documents(wanted)
    click.echo(f"{len(documents):,} documents of {source}")
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "news"
        for found in documents:
            copy = folder / found.path
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(found.content if isinstance(found.content, bytes) else found.content.read_bytes())

        def timed(what: str, seconds: float) -> float:
            click.echo(f"{what:<58} {len(documents) / seconds:8.0f} documents a second ({seconds:.1f} s)")
            return seconds

        started = time.perf_counter()
        SimpleDirectoryReader(str(folder), recursive=True, required_exts=[".md"]).load_data()
        plain = timed("LlamaIndex SimpleDirectoryReader, reading only", time.perf_counter() - started)
        started = time.perf_counter()
        for found in documents:
            read(found)
        alone = timed("this project, reading and cleaning, one process", time.perf_counter() - started)
        started = time.perf_counter()
        for _ in read_all(documents):
            pass
        parallel = timed("this project, reading and cleaning, in parallel", time.perf_counter() - started)
        with Catalog(Path(scratch) / "catalog.sqlite") as catalog:
            started = time.perf_counter()
            sync(catalog, FolderSource(folder))
            first = timed("this project, the whole sync, catalog included", time.perf_counter() - started)
            started = time.perf_counter()
            sync(catalog, FolderSource(folder))
            again = timed("this project, again with nothing changed", time.perf_counter() - started)
    click.echo(
        f"ratios: parallel to alone {alone / parallel:.2f}, whole sync to LlamaIndex's reading {plain / first:.2f}, "
        f"second sync to first {first / again:.0f}"
    )


if __name__ == "__main__":
    main()
