"""What the linter says of a question set, and that the built-in set has nothing to be said of it."""

import json
import re
import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.engine import Assistant
from assistant.evaluation.linting import Finding, Rule, lint
from assistant.evaluation.questions import (
    STARTER_QUESTIONS,
    EvaluationQuestion,
    QuestionType,
    question_set_path,
    read_question_set,
)
from corpus.errors import QuestionError
from corpus.release import Release
from indexes.release_table import SCHEMA, ReleaseTable, write_releases
from tests.conftest import releases_in, write_release
from tests.shared import SHARED

DEV = SHARED / "questions" / "dev.jsonl"
STATEMENT = "The Harbor bank was closed on the day of the fair. " * 12


@pytest.fixture(scope="module")
def releases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ReleaseTable]:
    """``ab1``; ``ab2``; and ``sm549``, which was published as ``sm551`` on the same day, too."""
    folder = tmp_path_factory.mktemp("lint")
    write_release(folder / "news" / "2019-03-04-ab1.md", "The Harbor Network", "**Lina Okafor** moved $4.2 million.")
    write_release(folder / "news" / "2021-07-20-ab2.md", "Borrowing", "It expects to borrow $673 billion.")
    write_release(folder / "news" / "2018-11-19-sm549.md", "A Statement on Ships", STATEMENT)
    write_release(folder / "news" / "2018-11-19-sm551.md", "A Statement on Ships", STATEMENT)
    table = table_of(releases_in(folder / "news", folder / "catalog.sqlite"), folder)
    yield table
    table.close()


def table_of(made: Mapping[str, Release], folder: Path) -> ReleaseTable:
    db = sqlite3.connect(folder / "releases.sqlite")
    db.executescript(SCHEMA)
    write_releases(db, made.values(), dict.fromkeys(made, "hash"))
    db.commit()
    db.close()
    return ReleaseTable(folder / "releases.sqlite")


GOOD: dict[str, Any] = {
    "id": "w-1",
    "question": "Who moved the money of the Harbor network?",
    "type": "factoid",
    "gold_releases": [["ab1"]],
    "gold_facts": [["Lina Okafor", "Okafor"]],
}


def found(path: Path, releases: ReleaseTable, *lines: dict[str, Any] | str) -> list[Finding]:
    path.write_text("".join((line if isinstance(line, str) else json.dumps(line)) + "\n" for line in lines))
    return lint(path, releases)[1]


def test_a_good_question_is_passed_over_in_silence(tmp_path: Path, releases: ReleaseTable) -> None:
    lines = [
        GOOD,
        GOOD | {"id": "w-2", "question": "When was it published?", "gold_facts": [["March 4, 2019"]]},
        GOOD | {"id": "w-3", "question": "On what day?", "gold_facts": [["4 March 2019"], ["2019-03-04"]]},
        GOOD | {"id": "w-4", "question": "What is its title?", "gold_facts": [["HARBOR network"]]},
        GOOD | {"id": "w-5", "question": "Which bank shut?", "gold_facts": [["Harbor bank"]],
                "gold_releases": [["sm549", "sm551"]]},
        GOOD | {"id": "w-6", "question": "How much, and how much again?", "gold_releases": [["AB1"], ["ab2"]],
                "gold_facts": [["$4.2 million"], ["$673 billion", "673bn"]]},
        {"id": "w-7", "question": "Who won the cup?", "type": "unanswerable"},
        GOOD | {"id": "w-8", "question": "And then?", "type": "followup",
                "history": [{"role": "user", "content": "Who runs the network?"}]},
    ]  # fmt: skip
    (tmp_path / "q.jsonl").write_text("\n\n".join(map(json.dumps, lines)))
    assert lint(tmp_path / "q.jsonl", releases) == (8, [])


@pytest.mark.parametrize(
    ("line", "rule", "reason"),
    [
        ("not json", Rule.NOT_A_QUESTION, "Invalid JSON"),
        ("[]", Rule.NOT_A_QUESTION, "object"),
        ({"question": "Who?", "type": "factoid"}, Rule.NOT_A_QUESTION, "id: Field required"),
        (GOOD | {"id": 7}, Rule.NOT_A_QUESTION, "id: "),
        (GOOD | {"type": "riddle"}, Rule.NOT_A_QUESTION, "type: "),
        (GOOD | {"gold_releases": ["ab1"]}, Rule.NOT_A_QUESTION, r"gold_releases\.0"),
        (GOOD | {"gold_facts": [[7]]}, Rule.NOT_A_QUESTION, r"gold_facts\.0\.0"),
        (GOOD | {"history": [{"role": "judge", "content": ""}]}, Rule.NOT_A_QUESTION, r"history\.0\.role"),
        (GOOD | {"id": "first", "question": "Other words entirely?"}, Rule.DUPLICATE_ID, "the id of line 1"),
        (GOOD | {"question": "when was the FIRST, question asked"}, Rule.DUPLICATE_QUESTION, "question of line 1"),
        (GOOD | {"question": "When was the first questions asked?"}, Rule.NEAR_DUPLICATE, "question of line 1"),
        (GOOD | {"question": "Asked when was the first question?"}, Rule.NEAR_DUPLICATE, "question of line 1"),
        (GOOD | {"gold_releases": [["ab1", "ab77"]]}, Rule.UNKNOWN_ID, "ab77 is not in the index"),
        (GOOD | {"gold_releases": [["ab1"], [""]]}, Rule.UNKNOWN_ID, "not in the index"),
        (GOOD | {"gold_releases": [["sm551"]], "gold_facts": [["fair"]]}, Rule.OTHER_NAME, "sm551 is a copy of sm549"),
        (GOOD | {"gold_releases": []}, Rule.NO_GOLD, "no gold release"),
        (GOOD | {"gold_releases": [["ab1"], []]}, Rule.NO_GOLD, "an empty group"),
        (GOOD | {"gold_facts": []}, Rule.NO_GOLD, "no gold fact"),
        (GOOD | {"type": "false_premise", "gold_facts": []}, Rule.NO_GOLD, "no gold fact"),
        (GOOD | {"type": "unanswerable", "gold_facts": []}, Rule.UNWANTED_GOLD, "has gold releases or facts"),
        (GOOD | {"type": "unanswerable", "gold_releases": []}, Rule.UNWANTED_GOLD, "has gold releases or facts"),
        (GOOD | {"gold_releases": [["ab1"], ["ab2", "ab1"]]}, Rule.GROUPS_OVERLAP, "ab1 in two groups"),
        (GOOD | {"gold_releases": [["ab1"], ["AB1"]]}, Rule.GROUPS_OVERLAP, "ab1 in two groups"),
        (GOOD | {"gold_facts": [["Okafor"], ["—", "network"]]}, Rule.EMPTY_FORM, "a form without a word"),
        (GOOD | {"gold_facts": [["Okafor", ""]]}, Rule.EMPTY_FORM, "a form without a word"),
        (GOOD | {"gold_facts": [["Okafor"], ["Karl Moe", "Moe"]]}, Rule.FACT_NOWHERE, "“Karl Moe”"),
        (GOOD | {"gold_facts": [["Oka"]]}, Rule.FACT_NOWHERE, "“Oka”"),
        (GOOD | {"gold_facts": [["4.2 million"]]}, Rule.FACT_NOWHERE, "4.2 million"),
        (GOOD | {"type": "followup"}, Rule.NO_HISTORY, "without the turns before it"),
    ],
)  # fmt: skip
def test_each_rule(tmp_path: Path, releases: ReleaseTable, line: dict[str, Any] | str, rule: Rule, reason: str) -> None:
    first = GOOD | {"id": "first", "question": "When was the first question asked?"}
    findings = found(tmp_path / "q.jsonl", releases, first, "", line)
    assert [(finding.line, finding.rule) for finding in findings] == [(3, rule)]
    assert findings[0].id == ("" if rule is Rule.NOT_A_QUESTION or not isinstance(line, dict) else line["id"])
    assert re.search(reason, findings[0].reason)


def test_every_rule_has_an_example() -> None:
    marks: Any = test_each_rule.pytestmark
    assert {example[1] for example in marks[0].args[1]} | {Rule.CANNOT_BE_ASKED} == set(Rule)


def test_what_is_only_worth_a_look_is_no_error() -> None:
    assert {rule for rule in Rule if not rule.is_error} == {Rule.NEAR_DUPLICATE, Rule.OTHER_NAME}


def test_the_same_words_after_another_history_are_another_question(tmp_path: Path, releases: ReleaseTable) -> None:
    turns = [[{"role": "user", "content": f"Tell me of the {name}."}] for name in ("Osprey and its crew", "Lagos fair")]
    lines = [GOOD | {"id": f"w-{n}", "question": "Who?", "history": turn} for n, turn in enumerate(turns)]
    assert found(tmp_path / "q.jsonl", releases, *lines) == []


def test_findings_come_in_the_order_of_lines(tmp_path: Path, releases: ReleaseTable) -> None:
    lines: list[dict[str, Any] | str] = [
        GOOD | {"gold_facts": [["Moe"]]},
        GOOD,
        "bad",
        GOOD | {"id": "w-9", "gold_releases": [["ab8"]]},
    ]
    findings = found(tmp_path / "q.jsonl", releases, *lines)
    assert [(finding.line, finding.rule) for finding in findings] == [
        (1, Rule.FACT_NOWHERE),
        (2, Rule.DUPLICATE_ID),
        (2, Rule.DUPLICATE_QUESTION),
        (3, Rule.NOT_A_QUESTION),
        (4, Rule.DUPLICATE_QUESTION),
        (4, Rule.UNKNOWN_ID),
    ]


def test_a_fact_without_a_form_is_a_finding(tmp_path: Path, releases: ReleaseTable) -> None:
    findings = found(tmp_path / "q.jsonl", releases, GOOD | {"gold_facts": [["Okafor"], []]})
    assert [finding.rule for finding in findings] == [Rule.NO_GOLD]


@pytest.mark.parametrize("text", ["", " \n", "?!", "a" * 5_000])
def test_a_question_that_the_assistant_refuses_is_a_finding(tmp_path: Path, releases: ReleaseTable, text: str) -> None:
    findings = found(tmp_path / "q.jsonl", releases, GOOD | {"question": text})
    assert [finding.rule for finding in findings] == [Rule.CANNOT_BE_ASKED]


def test_a_file_that_is_not_there_is_told(tmp_path: Path, releases: ReleaseTable) -> None:
    with pytest.raises(QuestionError, match=r"q\.jsonl cannot be read"):
        lint(tmp_path / "q.jsonl", releases)
    (tmp_path / "q.jsonl").write_bytes(b"\xff\xfe")
    with pytest.raises(QuestionError, match=r"q\.jsonl cannot be read"):
        lint(tmp_path / "q.jsonl", releases)


def test_line_ends_of_another_system_are_no_matter(tmp_path: Path, releases: ReleaseTable) -> None:
    (tmp_path / "q.jsonl").write_bytes(f"{json.dumps(GOOD)}\r\n\r\nbad\r\n".encode())
    count, findings = lint(tmp_path / "q.jsonl", releases)
    assert (count, [finding.line for finding in findings]) == (1, [3])


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.just("ab1"),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=6,
)
nonempty = st.lists(st.lists(st.text(max_size=8) | st.just("ab1"), min_size=1, max_size=2), max_size=3)
rows = st.fixed_dictionaries(
    {},
    optional={
        "id": json_values | st.text(max_size=3),
        "question": json_values | st.text(max_size=8),
        "type": st.sampled_from(QuestionType) | json_values,
        "history": json_values,
        "gold_releases": nonempty | json_values.filter(lambda value: not isinstance(value, list)),
        "gold_facts": nonempty | json_values.filter(lambda value: not isinstance(value, list)),
    },
)


@settings(deadline=None)
@given(lines=st.lists(rows.map(json.dumps) | st.text(max_size=30), max_size=5))
def test_whatever_stands_in_a_file_is_looked_at(
    tmp_path_factory: pytest.TempPathFactory, releases: ReleaseTable, lines: list[str]
) -> None:
    path = tmp_path_factory.getbasetemp() / "fuzz.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8", newline="")
    count, findings = lint(path, releases)
    bad = sum(finding.rule is Rule.NOT_A_QUESTION for finding in findings)
    assert count + bad == sum(bool(line.strip()) for line in path.read_text(encoding="utf-8").split("\n"))
    assert all(1 <= finding.line <= path.read_text(encoding="utf-8").count("\n") + 1 for finding in findings)


# --- the built-in set ---


def test_the_built_in_set_has_nothing_to_be_said_of_it(starter: Assistant) -> None:
    count, findings = lint(STARTER_QUESTIONS, starter.generation().releases)
    assert findings == []
    assert count == len(read_question_set(STARTER_QUESTIONS)) >= 80


def test_the_built_in_set_asks_in_every_way() -> None:
    asked = read_question_set(STARTER_QUESTIONS)
    kinds = Counter(question.type for question in asked)
    assert set(kinds) == set(QuestionType)
    assert kinds[QuestionType.UNANSWERABLE] + kinds[QuestionType.FALSE_PREMISE] >= len(asked) / 5
    assert all(question.history for question in asked if question.type is QuestionType.FOLLOWUP)
    assert all(question.answerable == bool(question.gold_releases) == bool(question.gold_facts) for question in asked)
    assert len({question.slice for question in asked}) > 1


def test_the_documentation_tells_how_many_questions_are_built_in() -> None:
    count = len(read_question_set(STARTER_QUESTIONS))
    documented = Path(__file__).parents[3] / "docs" / "evaluation.md"
    assert f"the built-in set: {count} questions" in documented.read_text(encoding="utf-8")


def test_starter_is_the_built_in_set_unless_there_is_such_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert question_set_path(Path("starter")) == STARTER_QUESTIONS
    assert question_set_path(Path("other.jsonl")) == Path("other.jsonl")
    Path("starter").write_text("")
    assert question_set_path(Path("starter")) == Path("starter")


@pytest.mark.skipif(not DEV.is_file(), reason=f"the development questions are not at {DEV}")
def test_the_development_questions_lack_nothing_but_their_releases(tmp_path: Path) -> None:
    """Their corpus is not indexed here: every gold release is unknown, and that is all there is to say."""
    releases = table_of({}, tmp_path)
    count, findings = lint(DEV, releases)
    releases.close()
    assert count == len(read_question_set(DEV)) > 100
    gold = sum(len(group) for question in read_question_set(DEV) for group in question.gold_releases)
    assert [finding.rule for finding in findings if finding.rule.is_error] == [Rule.UNKNOWN_ID] * gold


def test_slices_and_gold_are_told_by_the_question() -> None:
    question = EvaluationQuestion.model_validate(GOOD | {"id": "a-b-1", "gold_releases": [["AB1", "x"], ["İ"]]})
    assert question.slice == "a"
    assert question.gold_ids == {"ab1", "x", "i̇"}
