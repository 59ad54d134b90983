"""``assistant eval convert``."""

from pathlib import Path

import click

FORMATS = click.Choice(["jsonl", "beir", "trec", "ragas"])


@click.command("convert")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--from", "source", type=FORMATS, default="jsonl", show_default=True, help="What PATH is.")
@click.option("--to", "target", type=FORMATS, required=True, help="What OUT becomes.")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="A file, or a folder for beir and trec.")
def command(path: Path, source: str, target: str, out: Path) -> None:
    """Turn a question set into another format; PATH may also be a run (RUN/SYSTEM), whose answers then come along.

    "jsonl" is this project's own. beir: queries.jsonl and qrels/test.tsv. trec: topics.tsv, qrels.txt, run.txt.
    ragas: one sample a line. docs/evaluation.md says what each can hold.
    """
    from assistant.evaluation.formats.format import Format, read_format, write_format
    from assistant.evaluation.questions import question_set_path
    from assistant.evaluation.run_folder import single_run

    answers = None
    if (path / "metrics.json").exists() or (path / "run.json").exists():
        run = single_run(path)
        questions, answers, passed_over = run.questions, run.answers, []
    else:
        imported = read_format(question_set_path(path), Format(source))
        questions, passed_over = imported.questions, imported.passed_over
    written = write_format(out, Format(target), questions, answers)
    click.echo(f"{len(questions):,} questions: {', '.join(map(str, written))}")
    for reason in passed_over:
        click.echo(f"passed over {reason}", err=True)
