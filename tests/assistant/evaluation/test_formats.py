"""Question sets and runs in the formats of the field: there and back, other people's files, and bad ones."""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import ir_measures
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.evaluation.formats import beir, ragas, trec
from assistant.evaluation.formats.format import Format, Imported, read_format, write_format
from assistant.evaluation.questions import EvaluationQuestion, QuestionType, read_question_set
from assistant.evaluation.record import AnswerRecord
from assistant.evaluation.systems.recorded import RecordedSystem
from corpus.errors import EvaluationError, QuestionError
from tests.assistant.evaluation.strategies import NAMES, TEXTS, question_sets

read_trec_run: Any = ir_measures.read_trec_run
read_trec_qrels: Any = ir_measures.read_trec_qrels

HEADER = "query-id\tcorpus-id\tscore\n"
SAMPLE = AnswerRecord.model_validate(
    {
        "id": "w-1",
        "answer": "Lina Okafor [1].",
        "citations": [{"marker": 1, "release_id": "ab1", "quote": "Lina Okafor runs it."}],
        "retrieved": [{"release_id": "AB1", "score": 0.5}, {"release_id": "ab2", "score": 0.25}],
    }
)


def question(**fields: Any) -> EvaluationQuestion:
    return EvaluationQuestion.model_validate({"id": "w-1", "question": "Who?", "type": "factoid"} | fields)


def write(path: Path, content: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def there_and_back(format: Format, questions: Sequence[EvaluationQuestion]) -> list[EvaluationQuestion]:  # noqa: A002
    with TemporaryDirectory() as folder:
        write_format(Path(folder) / "set", format, questions)
        return read_format(Path(folder) / "set", format).questions


# --- there and back ---


@settings(deadline=None)
@given(question_sets())
@pytest.mark.parametrize("format", [Format.JSONL, Format.BEIR, Format.RAGAS])
def test_nothing_is_lost_on_the_way(format: Format, questions: list[EvaluationQuestion]) -> None:  # noqa: A002
    assert there_and_back(format, questions) == questions


@settings(deadline=None)
@given(question_sets(TEXTS))
@pytest.mark.parametrize("format", [Format.JSONL, Format.RAGAS])
def test_any_text_may_be_an_id(format: Format, questions: list[EvaluationQuestion]) -> None:  # noqa: A002
    assert there_and_back(format, questions) == questions


@pytest.mark.parametrize("name", ["a\x85b", "a\u2028b", "a\x1cb"])
def test_beir_keeps_an_id_with_a_line_break(name: str) -> None:
    questions = [question(id=name, gold_releases=[["ab1"]])]
    assert there_and_back(Format.BEIR, questions) == questions


@pytest.mark.parametrize("name", ["<", "<top>", "<num>1"])
def test_trec_keeps_an_id_that_looks_like_a_tag(tmp_path: Path, name: str) -> None:
    asked = question(id=name, gold_releases=[["ab1"]])
    write_format(tmp_path, Format.TREC, [asked])
    (kept,) = read_format(tmp_path, Format.TREC).questions
    assert (kept.id, kept.question, kept.gold_releases) == (name, asked.question, [["ab1"]])


@settings(deadline=None)
@given(question_sets().filter(lambda made: any(one.gold_releases for one in made)))
def test_trec_keeps_ids_words_and_groups(drawn: list[EvaluationQuestion]) -> None:
    questions = [one.model_copy(update={"question": f"Who? {one.question}"}) for one in drawn]
    kept = [one for one in questions if one.gold_releases]
    with TemporaryDirectory() as folder:
        write_format(Path(folder), Format.TREC, questions)
        imported = read_format(Path(folder), Format.TREC)
    assert [(one.id, one.question, one.gold_releases) for one in imported.questions] == [
        (one.id, " ".join(one.question.split()), one.gold_releases) for one in kept
    ]
    assert imported.passed_over == [f"{one.id}: no relevant document" for one in questions if not one.gold_releases]
    for one in imported.questions:
        several = len(one.gold_releases) > 1
        assert one.type is (QuestionType.MULTI_RELEASE if several else QuestionType.FACTOID)


@pytest.mark.parametrize(
    "fields",
    [
        {"id": "a question"},
        {"id": ""},
        {"id": "a\tb"},
        {"id": " w-1"},
        {"gold_releases": [["ab 1"]]},
        {"gold_releases": [["a\u00a01"]]},
        {"gold_releases": [[""]]},
        {"question": " "},
        {"question": "What does <top> mean?"},
    ],
)
def test_what_trec_cannot_hold_is_refused_or_read_again(tmp_path: Path, fields: dict[str, Any]) -> None:
    asked = question(**({"gold_releases": [["ab1"]]} | fields))
    try:
        write_format(tmp_path, Format.TREC, [asked])
    except EvaluationError:
        return
    imported = read_format(tmp_path, Format.TREC).questions
    assert [(one.id, one.gold_releases) for one in imported] == [(asked.id, asked.gold_releases)]


@pytest.mark.parametrize("fields", [{"gold_facts": [[]]}, {"gold_releases": [["ab1"], []]}])
def test_ragas_keeps_a_fact_without_a_form_and_an_empty_group(fields: dict[str, Any]) -> None:
    assert there_and_back(Format.RAGAS, [question(**fields)]) == [question(**fields)]


@pytest.mark.parametrize("format", Format)
def test_a_set_that_cannot_be_written_is_told(tmp_path: Path, format: Format) -> None:  # noqa: A002
    write(tmp_path / "file", "")
    with pytest.raises(EvaluationError, match="cannot be written"):
        write_format(tmp_path / "file" / "set", format, [question()])


# --- what is written ---


def test_beir_files_are_those_of_beir(tmp_path: Path) -> None:
    written = beir.write_questions(tmp_path, [question(gold_releases=[["ab1", "ab2"], ["ab3"]])])
    assert written == [tmp_path / "queries.jsonl", tmp_path / "qrels" / "test.tsv"]
    query = json.loads(written[0].read_text())
    assert (query["_id"], query["text"], query["metadata"]["treasury_assistant"]["type"]) == ("w-1", "Who?", "factoid")
    assert written[1].read_text() == HEADER + "w-1\tab1\t1\nw-1\tab2\t1\nw-1\tab3\t1\n"


def test_trec_files_are_those_of_trec(tmp_path: Path) -> None:
    asked = question(question="Who\truns\n it?", gold_releases=[["ab1", "ab2"], ["ab3"]])
    written = trec.write_questions(tmp_path, [asked], {"w-1": SAMPLE})
    assert [path.read_text() for path in written] == [
        "w-1\tWho runs it?\n",
        "w-1 1 ab1 1\nw-1 1 ab2 1\nw-1 2 ab3 1\n",
        "w-1 Q0 ab1 1 0.5 run\nw-1 Q0 ab2 2 0.25 run\n",
    ]
    qrels = list(read_trec_qrels(str(written[1])))
    assert [(one.query_id, one.iteration, one.doc_id, one.relevance) for one in qrels] == [
        ("w-1", "1", "ab1", 1), ("w-1", "1", "ab2", 1), ("w-1", "2", "ab3", 1)
    ]  # fmt: skip


def test_ragas_columns_are_those_of_ragas(tmp_path: Path) -> None:
    asked = question(
        history=[{"role": "user", "content": "Hm?"}, {"role": "assistant", "content": "Yes."}],
        gold_releases=[["ab1", "ab2"], ["ab3"]],
        gold_facts=[["Lina Okafor", "Okafor"], ["Lagos"]],
    )
    [path] = ragas.write_questions(tmp_path / "r.jsonl", [asked], {"w-1": SAMPLE})
    sample = json.loads(path.read_text())
    assert sample["user_input"] == [
        {"type": "human", "content": "Hm?"},
        {"type": "ai", "content": "Yes."},
        {"type": "human", "content": "Who?"},
    ]
    assert sample["reference"] == "Lina Okafor; Lagos"
    assert sample["reference_context_ids"] == ["ab1", "ab3"]
    assert sample["response"] == "Lina Okafor [1]."
    assert sample["retrieved_contexts"] == ["Lina Okafor runs it."]
    assert sample["retrieved_context_ids"] == ["ab1", "ab2"]
    assert ragas.read_questions(path).questions == [asked]


# --- other people's files ---


def beir_set(folder: Path, queries: str | bytes, qrels: str | bytes) -> Imported:
    write(folder / "queries.jsonl", queries)
    write(folder / "qrels" / "test.tsv", qrels)
    return read_format(folder, Format.BEIR)


def trec_set(folder: Path, topics: str | bytes, qrels: str | bytes) -> Imported:
    write(folder / "topics.tsv", topics)
    write(folder / "qrels.txt", qrels)
    return read_format(folder, Format.TREC)


def ragas_set(folder: Path, samples: str | bytes) -> Imported:
    return read_format(write(folder / "r.jsonl", samples), Format.RAGAS)


def json_set(folder: Path, format: Format, text: str) -> Imported:  # noqa: A002
    """A set of one question, whose text is written in JSON."""
    if format is Format.BEIR:
        return beir_set(folder, f'{{"_id": "1", "text": {text}}}', HEADER + "1\ta\t1\n")
    return ragas_set(folder, f'{{"user_input": {text}}}')


def gold_of(imported: Imported) -> dict[str, list[list[str]]]:
    return {one.id: one.gold_releases for one in imported.questions}


def test_beir_graded_and_zero_judgements(tmp_path: Path) -> None:
    queries = "".join(json.dumps({"_id": i, "text": f"Question {i}?", "metadata": {"url": "x"}}) + "\n" for i in "123")
    qrels = HEADER + "1\tD1\t2\n1\td2\t0\n1\td3\t1\n2\td4\t0\n2\td5\t-1\n4\td6\t1\n"
    imported = beir_set(tmp_path, queries, qrels)
    assert gold_of(imported) == {"1": [["d1", "d3"]]}
    assert imported.passed_over == ["2: no relevant document", "3: no relevant document"]
    assert imported.questions[0].type is QuestionType.FACTOID
    assert imported.questions[0].question == "Question 1?"


@pytest.mark.parametrize("metadata", ["", ', "metadata": {}', ', "metadata": null', ', "title": "x", "more": [1]'])
def test_beir_metadata_may_be_missing(tmp_path: Path, metadata: str) -> None:
    query = f'{{"_id": "1", "text": "Who?"{metadata}}}\n'
    assert gold_of(beir_set(tmp_path, query, HEADER + "1\td1\t1\n")) == {"1": [["d1"]]}


@pytest.mark.parametrize("metadata", [{"id": "7"}, {"question": "x"}, {"type": "comparison"}, {"note": 5}])
def test_beir_metadata_of_other_people_is_left_alone(tmp_path: Path, metadata: dict[str, Any]) -> None:
    query = json.dumps({"_id": "1", "text": "Who?", "metadata": metadata})
    assert gold_of(beir_set(tmp_path, query, HEADER + "1\td1\t1\n")) == {"1": [["d1"]]}


def test_beir_ids_in_quotes_and_in_any_script(tmp_path: Path) -> None:
    queries = "".join(json.dumps({"_id": i, "text": "Who?"}) + "\n" for i in ('a"b', "日本", "İ"))
    imported = beir_set(tmp_path, queries, HEADER + '"a""b"\td1\t1\n日本\tDÉ\t1\nİ\td3\t1\n')
    assert gold_of(imported) == {'a"b': [["d1"]], "日本": [["dé"]], "İ": [["d3"]]}


CLASSIC = """<top>

<num> Number: 301
<title> International
   Organized Crime

<desc> Description:
Identify organizations.
</top>
<top>
<num> 302
<title>Topic: Polio
<narr> Narrative:
</top>
<top>
<num> Number: 303
<title> Nothing relevant
</top>
"""


def test_classic_topics(tmp_path: Path) -> None:
    imported = trec_set(tmp_path, CLASSIC, "301 0 FBIS-1 1\n301 0 FT-2 2\n301 0 FT-3 0\n302 0 LA-4 1\n303 0 LA-5 0\n")
    assert {one.id: one.question for one in imported.questions} == {
        "301": "International Organized Crime",
        "302": "Polio",
    }
    assert gold_of(imported) == {"301": [["fbis-1", "ft-2"]], "302": [["la-4"]]}
    assert imported.passed_over == ["303: no relevant document"]


def test_a_classic_topic_without_a_title_does_not_take_the_next_one(tmp_path: Path) -> None:
    topics = "<top>\n<num> Number: 1\n<desc> x\n</top>\n<top>\n<num> Number: 2\n<title> Second\n</top>\n"
    try:
        imported = trec_set(tmp_path, topics, "1 0 a 1\n2 0 b 1\n")
    except EvaluationError:
        return
    assert [(one.id, one.question) for one in imported.questions] == [("2", "Second")]


def test_classic_topics_with_closing_tags(tmp_path: Path) -> None:
    topics = "<top><num>1</num><title>Who?</title></top>"
    assert gold_of(trec_set(tmp_path, topics, "1 0 a 1\n")) == {"1": [["a"]]}


def test_trec_subtopics_are_groups_and_nought_is_one_group(tmp_path: Path) -> None:
    qrels = "1 2 b 1\n1 1 a 1\n1 2 c 1\n1 3 d 0\n2 0 e 1\n2 0 f 1\n"
    imported = trec_set(tmp_path, "1\tWho?\n2\tWhen was it?\n", qrels)
    assert gold_of(imported) == {"1": [["b", "c"], ["a"]], "2": [["e", "f"]]}
    assert [one.type for one in imported.questions] == [QuestionType.MULTI_RELEASE, QuestionType.FACTOID]


def test_a_sample_of_ragas_alone(tmp_path: Path) -> None:
    sample = {"user_input": "Who?", "reference": "Lina.", "reference_contexts": ["x"], "synthesizer_name": "y"}
    [one] = ragas_set(tmp_path, f"\n{json.dumps(sample | {'reference_context_ids': ['D1', 'd2']})}\n").questions
    assert one == question(id="2", gold_releases=[["d1"], ["d2"]], gold_facts=[["Lina."]])


def test_a_sample_of_ragas_with_messages(tmp_path: Path) -> None:
    messages = [
        {"type": "human", "content": "Hm?"},
        {"type": "ai", "content": "Yes."},
        {"type": "human", "content": "Who?"},
    ]
    [one] = ragas_set(tmp_path, json.dumps({"user_input": messages, "reference": None})).questions
    assert [(turn.role, turn.content) for turn in one.history] == [("user", "Hm?"), ("assistant", "Yes.")]
    assert (one.question, one.gold_facts, one.gold_releases) == ("Who?", [], [])


def test_a_conversation_that_ends_with_an_answer_asks_what_the_person_asked_last(tmp_path: Path) -> None:
    messages = [{"type": "human", "content": "Who?"}, {"type": "ai", "content": "Lina Okafor."}]
    assert [one.question for one in ragas_set(tmp_path, json.dumps({"user_input": messages})).questions] == ["Who?"]


@pytest.mark.parametrize("column", [{"id": 5}, {"type": "single_hop"}])
def test_other_columns_of_a_sample_are_left_alone(tmp_path: Path, column: dict[str, Any]) -> None:
    [one] = ragas_set(tmp_path, json.dumps({"user_input": "Who?"} | column)).questions
    assert one.question == "Who?"


def test_reference_ids_are_a_list(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match=r"r\.jsonl:1"):
        ragas_set(tmp_path, '{"user_input": "Who?", "reference_context_ids": "ab1"}')


READERS: dict[Format, Any] = {
    Format.BEIR: lambda folder, end, start: beir_set(
        folder,
        start + ('{"_id": "1", "text": "Who?"}' + end).encode(),
        start + (HEADER.strip() + end + "1\td1\t1" + end).encode(),
    ),
    Format.TREC: lambda folder, end, start: trec_set(
        folder, start + f"1\tWho?{end}".encode(), start + f"1 0 d1 1{end}".encode()
    ),
    Format.RAGAS: lambda folder, end, start: ragas_set(
        folder, start + ('{"user_input": "Who?", "reference_context_ids": ["d1"]}' + end).encode()
    ),
    Format.JSONL: lambda folder, end, start: read_format(
        write(
            folder / "q.jsonl",
            start + ('{"id": "1", "question": "Who?", "type": "factoid", "gold_releases": [["d1"]]}' + end).encode(),
        ),
        Format.JSONL,
    ),
}


@pytest.mark.parametrize("format", Format)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\n\n"])
def test_lines_may_end_as_on_any_system(tmp_path: Path, format: Format, end: str) -> None:  # noqa: A002
    assert gold_of(READERS[format](tmp_path, end, b"")) == {"1": [["d1"]]}


@pytest.mark.parametrize("format", Format)
def test_a_byte_order_mark_is_no_part_of_the_text(tmp_path: Path, format: Format) -> None:  # noqa: A002
    assert gold_of(READERS[format](tmp_path, "\r\n", b"\xef\xbb\xbf")) == {"1": [["d1"]]}


@pytest.mark.parametrize(
    ("format", "files"),
    [
        (Format.BEIR, {"queries.jsonl": '{"_id": "1", "text": "Who?"}', "qrels/test.tsv": HEADER}),
        (Format.TREC, {"topics.tsv": "1\tWho?\n", "qrels.txt": ""}),
        (Format.TREC, {"topics.tsv": "", "qrels.txt": "1 0 a 1\n"}),
        (Format.RAGAS, {"": ""}),
        (Format.JSONL, {"": "\n"}),
    ],
)
def test_a_set_without_a_question_is_told(tmp_path: Path, format: Format, files: Mapping[str, str]) -> None:  # noqa: A002
    for name, content in files.items():
        write(tmp_path / "set" / name if name else tmp_path / "set", content)
    with pytest.raises(QuestionError, match="holds no question"):
        read_format(tmp_path / "set", format)


# --- bad files ---

GOOD_QRELS = "1 0 a 1\n"
DEEP = "[" * 100_000


@pytest.mark.parametrize(
    ("queries", "qrels", "told"),
    [
        ("not json", HEADER, r"queries\.jsonl:1"),
        ('{"_id": "1", "text": "Who?"}\n\n{"_id": "2"}', HEADER + "1\ta\t1\n2\ta\t1\n", r"queries\.jsonl:3"),
        ('{"text": "Who?"}', HEADER, r"queries\.jsonl:1"),
        ('{"_id": [], "text": "Who?"}', HEADER, r"queries\.jsonl:1"),
        ('{"_id": "1", "text": null}', HEADER + "1\ta\t1\n", r"queries\.jsonl:1"),
        ("5", HEADER, r"queries\.jsonl:1"),
        ("null", HEADER, r"queries\.jsonl:1"),
        ("9" * 5_000, HEADER, r"queries\.jsonl:1"),
        ('{"_id": "1", "text": "?", "metadata": {"treasury_assistant": [1]}}', HEADER, r"queries\.jsonl:1"),
        ('{"_id": "1", "text": "?", "metadata": {"treasury_assistant": {"type": "x"}}}', HEADER, r"queries\.jsonl:1"),
        (b"\xff", HEADER, r"queries\.jsonl cannot be read"),
        ("", b"\xff", r"test\.tsv cannot be read"),
        ("", HEADER + "1\ta\tmany\n", r"test\.tsv:2: .*many"),
        ("", HEADER + "1\ta\n", r"test\.tsv"),
        ("", HEADER + "1\n", r"test\.tsv"),
        ("", HEADER + '1\t"a\t1\n', r"test\.tsv"),
        ("", "query-id corpus-id score\n1 a 1\n", r"test\.tsv"),
    ],
)
def test_bad_beir_files(tmp_path: Path, queries: str | bytes, qrels: str | bytes, told: str) -> None:
    with pytest.raises(EvaluationError, match=told):
        beir_set(tmp_path, queries, qrels)


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param(
            "1\ta\t1\n1\tb\tmany\n",
        ),
        pytest.param(
            "1\ta\t1\n1\t" + "b" * 200_000 + "\t1\n",
        ),
    ],
)
def test_bad_beir_judgements_are_told_with_their_line(tmp_path: Path, rows: str) -> None:
    with pytest.raises(EvaluationError, match=r"test\.tsv:3"):
        beir_set(tmp_path, "", HEADER + rows)


@pytest.mark.parametrize(
    ("topics", "qrels", "told"),
    [
        ("1 Who?\n", GOOD_QRELS, r"topics\.tsv:1"),
        ("1\tWho?\n1\t \n", GOOD_QRELS, r"topics\.tsv:2"),
        ("1\tWho?\n1\n", GOOD_QRELS, r"topics\.tsv:2"),
        ("1\tWho?\n", "1 0 a\n", r"qrels\.txt:1 has 3 columns, not 4"),
        ("1\tWho?\n", "\n1 0 a 1\n1 0 a b 1\n", r"qrels\.txt:3 has 5 columns, not 4"),
        ("1\tWho?\n", "1 0 a yes\n", r"qrels\.txt:1: 'yes' is no relevance"),
        ("1\tWho?\n", "1 0 a 0.5\n", r"qrels\.txt:1: '0.5' is no relevance"),
        ("1\tWho?\n", "1 0 a NaN\n", r"qrels\.txt:1: 'NaN' is no relevance"),
        ("1\tWho?\n", f"1 0 a {'9' * 5_000}\n", r"qrels\.txt:1: '9+' is no relevance"),
        (b"\xff", GOOD_QRELS, r"topics\.tsv cannot be read"),
        ("1\tWho?\n", b"\xff", r"qrels\.txt cannot be read"),
    ],
)
def test_bad_trec_files(tmp_path: Path, topics: str | bytes, qrels: str | bytes, told: str) -> None:
    with pytest.raises(EvaluationError, match=told):
        trec_set(tmp_path, topics, qrels)


def test_a_bad_topic_after_an_empty_line_is_told_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match=r"topics\.tsv:3"):
        trec_set(tmp_path, "1\tWho?\n\nno tab\n", GOOD_QRELS)


@pytest.mark.parametrize(
    "line",
    [
        "not json",
        "{}",
        "[]",
        "7",
        "null",
        "9" * 5_000,
        '{"user_input": null}',
        '{"user_input": []}',
        '{"user_input": ["Who?"]}',
        '{"user_input": [{"type": "human"}]}',
        '{"user_input": [{"type": "tool", "content": "Who?"}]}',
        '{"user_input": [{"type": [], "content": "Who?"}]}',
        '{"user_input": [{"type": "human", "content": 7}]}',
        '{"user_input": "Who?", "reference": ["Lina"]}',
        '{"user_input": "Who?", "reference_context_ids": 7}',
        '{"user_input": "Who?", "reference_context_ids": [7]}',
        '{"user_input": "Who?", "reference_context_ids": ' + "[" * 500 + "]" * 500 + "}",
    ],
)
def test_bad_ragas_samples(tmp_path: Path, line: str) -> None:
    with pytest.raises(EvaluationError, match=r"r\.jsonl:2"):
        ragas_set(tmp_path, f'{{"user_input": "Who?"}}\n{line}\n')


@pytest.mark.parametrize("format", [Format.BEIR, Format.RAGAS])
def test_a_line_nested_too_deep_is_told(tmp_path: Path, format: Format) -> None:  # noqa: A002
    with pytest.raises(EvaluationError, match=r"jsonl:1"):
        beir_set(tmp_path, DEEP, HEADER) if format is Format.BEIR else ragas_set(tmp_path, DEEP)


@pytest.mark.parametrize("format", [Format.BEIR, Format.RAGAS])
def test_half_a_character_is_told_when_it_is_read(tmp_path: Path, format: Format) -> None:  # noqa: A002
    """Read from JSON's escapes, it can be written in no format: that ends in an error of another kind."""
    with pytest.raises(EvaluationError, match=r"jsonl:1"):
        json_set(tmp_path, format, '"Who \\ud800?"')


@pytest.mark.parametrize("format", [Format.BEIR, Format.RAGAS])
def test_a_message_is_one_line(tmp_path: Path, format: Format) -> None:  # noqa: A002
    with pytest.raises(EvaluationError) as told:
        json_set(tmp_path, format, "7")
    assert "\n" not in str(told.value)


@pytest.mark.parametrize("format", Format)
def test_files_that_are_not_there_are_told(tmp_path: Path, format: Format) -> None:  # noqa: A002
    with pytest.raises(QuestionError, match="cannot be read"):
        read_format(tmp_path / "none", format)
    write(tmp_path / "file", "x") if format in (Format.BEIR, Format.TREC) else (tmp_path / "file").mkdir()
    with pytest.raises(QuestionError, match="cannot be read"):
        read_format(tmp_path / "file", format)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.sampled_from(["1", "human"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["type", "content", "role", "gold_releases", "history"]), inner, max_size=3)
    ),
    max_leaves=8,
)
NAMES_OF_FIELDS = "_id text metadata user_input reference reference_context_ids question history".split()
objects = st.dictionaries(
    st.sampled_from([*NAMES_OF_FIELDS, *(name for name in ragas.OURS if name != "id")]), json_values, max_size=6
)
json_lines = st.lists(objects.map(json.dumps) | json_values.map(json.dumps) | st.text(max_size=20), max_size=4).map(
    "\n".join
)
columns = st.lists(
    st.lists(st.sampled_from(["1", "0", "a", "1.5", "nan", "-1", "", "é"]) | st.text(max_size=4), max_size=7),
    max_size=4,
).map(lambda rows: "\n".join(" \t"[len(rows) % 2].join(row) for row in rows))


def assert_read_or_told(read: Any, folder: Path) -> None:
    """It is read, or the reason why not names the file and a line of it, or says that the set is empty."""
    told = ""
    try:
        read()
    except QuestionError as error:
        told = str(error)
    assert not told or re.search(rf"{re.escape(str(folder))}\S*(:\d+|.*(holds no question|is not query-id))", told)


@settings(deadline=None, max_examples=60)
@given(json_lines, columns, columns.map(lambda rows: HEADER + rows) | columns)
def test_whatever_stands_in_a_file_it_is_read_or_told(lines: str, rows: str, qrels: str) -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        assert_read_or_told(lambda: beir_set(folder, lines, HEADER + "1\ta\t1\n"), folder)
        assert_read_or_told(lambda: beir_set(folder, '{"_id": "1", "text": "Who?"}', qrels), folder)
        assert_read_or_told(lambda: ragas_set(folder, lines), folder)
        assert_read_or_told(lambda: read_question_set(write(folder / "q.jsonl", lines)), folder)
        assert_read_or_told(lambda: trec_set(folder, rows, GOOD_QRELS), folder)
        assert_read_or_told(lambda: trec_set(folder, "1\tWho?\n", rows), folder)
        assert_read_or_told(lambda: trec_set(folder, f"<top>{rows}<num>1{lines}<title>", GOOD_QRELS), folder)
        assert_read_or_told(lambda: trec.read_run(write(folder / "run.txt", rows)), folder)
        assert_read_or_told(lambda: RecordedSystem(write(folder / "a.jsonl", lines)), folder)
        assert_read_or_told(lambda: RecordedSystem(write(folder / "a.trec", rows)), folder)


# --- runs ---


def answer(ranking: Iterable[tuple[str, float]], name: str = "w-1") -> AnswerRecord:
    hits = [{"release_id": release_id, "score": score} for release_id, score in ranking]
    return AnswerRecord.model_validate({"id": name, "retrieved": hits})


def orders(folder: Path, answers: Sequence[AnswerRecord]) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """The rankings of a run file as we read it, and as ir-measures does, which sorts by score."""
    path = write(folder / "run.txt", "".join(trec.run_lines(answers, "tag")))
    scored: dict[str, list[tuple[float, str]]] = defaultdict(list)
    for hit in read_trec_run(str(path)):
        scored[hit.query_id].append((hit.score, hit.doc_id))
    for hits in scored.values():
        assert len({score for score, _ in hits}) == len(hits), "no two scores are equal"
    theirs = {name: [doc_id for _, doc_id in sorted(hits, reverse=True)] for name, hits in scored.items()}
    return {name: [release_id for release_id, _ in hits] for name, hits in trec.read_run(path).items()}, theirs


scores = st.sampled_from([0.0, 0.25, 0.5, 0.5, 1.0]) | st.floats(-1, 1).map(lambda score: round(score, 6))


@settings(deadline=None)
@given(
    st.dictionaries(
        st.text("abc123-", min_size=1, max_size=4),
        st.lists(st.tuples(st.text("abc123", min_size=1, max_size=3), scores), min_size=1, max_size=12),
        max_size=3,
    )
)
def test_a_run_is_read_in_the_order_in_which_it_was_found(drawn: dict[str, list[tuple[str, float]]]) -> None:
    """Scores that are tied, or that rise along the ranking, change nothing."""
    answers = [answer(ranking, name) for name, ranking in drawn.items()]
    expected = {one.id: one.ranked for one in answers}
    with TemporaryDirectory() as folder:
        assert orders(Path(folder), answers) == (expected, expected)


@settings(deadline=None)
@given(st.lists(st.tuples(NAMES, scores), min_size=1, max_size=6))
def test_releases_of_any_script_are_in_a_run(ranking: list[tuple[str, float]]) -> None:
    one = answer(ranking)
    with TemporaryDirectory() as folder:
        assert orders(Path(folder), [one]) == ({one.id: one.ranked}, {one.id: one.ranked})


def ranks_of_trec_eval(folder: Path, one: AnswerRecord) -> list[float]:
    """The rank that trec_eval, by pytrec_eval, gives to each release in turn."""
    path = write(folder / "run.txt", "".join(trec.run_lines([one], "tag")))
    measure = ir_measures.RR
    return [
        1 / ir_measures.calc_aggregate([measure], {one.id: {i: 1}}, read_trec_run(str(path)))[measure]
        for i in one.ranked
    ]


@pytest.mark.parametrize(
    "score",
    [
        0.0,
        0.5,
        1.0,
        -0.5,
        *(
            pytest.param(
                score,
            )
            for score in (25.0, 300.0, 1e12, -40.0)
        ),
    ],
)
def test_tied_scores_keep_their_order_for_trec_eval(tmp_path: Path, score: float) -> None:
    one = answer([(f"ab{n}", score) for n in range(1, 8)])
    assert ranks_of_trec_eval(tmp_path, one) == pytest.approx(list(range(1, 8)))


@pytest.mark.parametrize("score", [5.5e-06, 1e12, 1e300])
def test_tied_scores_are_told_apart_in_the_file(tmp_path: Path, score: float) -> None:
    expected = {"w-1": ["ab1", "ab2", "ab3"]}
    assert orders(tmp_path, [answer([(i, score) for i in expected["w-1"]])]) == (expected, expected)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("1 Q0 a 1 high tag", r"run\.txt:2: 'high' is no score"),
        ("1 Q0 a 1 0.5", r"run\.txt:2 has 5 columns, not 6"),
        ("1 Q0 a b 1 0.5 tag", r"run\.txt:2 has 7 columns, not 6"),
        pytest.param(
            "1 Q0 a 1 nan tag",
            r"run\.txt:2",
        ),
    ],
)
def test_a_bad_line_of_a_run_is_told(tmp_path: Path, line: str, told: str) -> None:
    path = write(tmp_path / "run.txt", f"1 Q0 b 1 0.75 tag\n{line}\n")
    with pytest.raises(EvaluationError, match=told):
        trec.read_run(path)
    with pytest.raises(EvaluationError, match=told):
        RecordedSystem(path)


@pytest.mark.parametrize(("name", "release_id"), [("a question", "ab1"), ("w-1", "ab 1"), ("w-1", ""), ("", "ab1")])
def test_a_run_that_was_written_can_be_read(tmp_path: Path, name: str, release_id: str) -> None:
    path = tmp_path / "run.txt"
    try:
        write(path, "".join(trec.run_lines([answer([(release_id, 0.5)], name)], "tag")))
    except EvaluationError:
        return
    assert [len(ranking) for ranking in trec.read_run(path).values()] == [1]


# --- recorded answers ---


def test_recorded_answers_are_given_back(tmp_path: Path) -> None:
    system = RecordedSystem(write(tmp_path / "a.jsonl", SAMPLE.model_dump_json() + "\r\n\r\n"))
    assert system.answer(question()) == SAMPLE
    with pytest.raises(EvaluationError, match=r"a\.jsonl holds no answer to w-2"):
        system.answer(question(id="w-2"))
    assert len(system.provenance()["sha256"]) == 64


def test_a_recorded_run_is_a_ranking_without_an_answer(tmp_path: Path) -> None:
    path = write(tmp_path / "run.trec", "w-1 Q0 b 1 0.25 tag\nw-1 Q0 a 2 0.75 tag\n")
    found = RecordedSystem(path).answer(question())
    assert (found.ranked, found.answer, found.citations, found.abstained) == (["a", "b"], "", [], False)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("not json", r"a\.jsonl:2 is no answer"),
        ("[]", r"a\.jsonl:2 is no answer"),
        ("{}", r"a\.jsonl:2 is no answer: id"),
        ('{"id": "1", "retrieved": [{}]}', r"a\.jsonl:2 is no answer: retrieved\.0\.release_id"),
        ('{"id": "1", "citations": [{"release_id": "ab1", "start": "x"}]}', r"a\.jsonl:2 .* citations\.0\.start"),
        ('{"id": "1", "withheld": ' * 3_000, r"a\.jsonl:2 is no answer"),
        pytest.param(
            '{"id": "w-1"}',
            r"a\.jsonl:2",
        ),
    ],
)
def test_a_bad_recorded_answer_is_told_with_its_line(tmp_path: Path, line: str, told: str) -> None:
    with pytest.raises(EvaluationError, match=told):
        RecordedSystem(write(tmp_path / "a.jsonl", f'{{"id": "w-1"}}\n{line}\n'))
    with pytest.raises(EvaluationError, match="cannot be read"):
        RecordedSystem(tmp_path / "none.jsonl")
