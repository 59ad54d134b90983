"""``assistant eval lint``."""

from pathlib import Path

import click

from ui.cli.tables import print_json, print_table


@click.command("lint")
@click.argument("questions", type=click.Path(path_type=Path))
@click.option("--strict", is_flag=True, help="Fail for what is only worth a look, too.")
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
@click.pass_context
def command(ctx: click.Context, questions: Path, strict: bool, as_json: bool) -> None:
    """Look at every line of QUESTIONS ("starter" is the built-in set) against the current index.

    Found: lines that are no question, ids given twice, questions asked twice, releases that the index does not hold,
    facts that stand in no gold release, gold that is missing or in two groups. Exits with 1 where something is wrong.
    """
    from assistant.evaluation.linting import lint
    from assistant.evaluation.questions import question_set_path
    from assistant.settings import load_settings
    from indexes.generation import Home

    path = question_set_path(questions)
    generation = Home(load_settings().home).open()
    try:
        count, findings = lint(path, generation.releases)
    finally:
        generation.close()
    errors = sum(finding.rule.is_error for finding in findings)
    if as_json:
        print_json(findings)
    else:
        if findings:
            rows = [(str(f.line), f.id, f.rule, f.reason) for f in findings]
            print_table(("line", "id", "rule", "reason"), rows, wide="reason")
        click.echo(f"{path}: {count:,} questions, {errors} wrong, {len(findings) - errors} worth a look")
    ctx.exit(1 if errors or (strict and findings) else 0)
