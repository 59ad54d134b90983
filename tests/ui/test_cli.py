"""The command line as a person meets it: what it prints, where, and with which exit code."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from indexes.generation import Home
from tests.conftest import write_release


def run(*args: str, home: Path | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run ``assistant`` in a process of its own."""
    env = {**os.environ, **environment}
    if home:
        env["ASSISTANT_HOME"] = str(home)
    return subprocess.run([sys.executable, "-m", "ui", *args], capture_output=True, text=True, env=env, timeout=120)


def assert_one_line_error(result: subprocess.CompletedProcess[str], *told: str, code: int) -> None:
    assert result.returncode == code, result.stderr
    assert result.stdout == ""
    (line,) = result.stderr.splitlines()
    assert line.startswith("error: ")
    for words in told:
        assert words in line


def test_help_names_every_command_and_loads_none_of_the_heavy_libraries() -> None:
    heavy = "torch sentence_transformers gradio llama_index faiss onnxruntime numpy pydantic tantivy rich"
    script = (
        "import sys\nfrom ui.cli import main\n"
        "try: main()\nexcept SystemExit: pass\n"
        f"print(sorted(set('{heavy}'.split()) & set(sys.modules)), file=sys.stderr)"
    )
    result = subprocess.run([sys.executable, "-c", script, "--help"], capture_output=True, text=True)
    assert result.stderr.strip() == "[]"
    for command in ("corpus", "index", "ask", "search", "answer", "eval", "serve", "doctor"):
        assert f"\n  {command} " in result.stdout


def test_asking_loads_neither_torch_nor_llamaindex_nor_gradio(starter_home: Home) -> None:
    script = (
        "import sys\nfrom ui.cli import main\n"
        "try: main()\nexcept SystemExit: pass\n"
        "print(sorted({'torch', 'sentence_transformers', 'llama_index', 'gradio'} & set(sys.modules)), file=sys.stderr)"
    )
    env = {**os.environ, "ASSISTANT_HOME": str(starter_home.folder)}
    command = [sys.executable, "-c", script, "ask", "Why was Tornado Cash sanctioned?"]
    result = subprocess.run(command, capture_output=True, text=True, env=env)
    assert result.stderr.strip() == "[]"
    assert "[1]" in result.stdout


def test_an_answer_with_its_sources(starter_home: Home) -> None:
    result = run("ask", "Which executive order was Choe Un Jong designated under, and why?", home=starter_home.folder)
    assert (result.returncode, result.stderr) == (0, "")
    answer, sources = result.stdout.split("\nSources\n")
    assert "E.O. 13810" in answer
    assert "[1] jy1539 · June 15, 2023 · Treasury Targets Procurement Agents" in sources
    assert "https://home.treasury.gov/news/press-releases/jy1539" in sources
    assert "A digest in our words of release jy1539" in sources


def test_an_answer_as_json(starter_home: Home) -> None:
    answer = json.loads(run("ask", "--json", "Why was Tornado Cash sanctioned?", home=starter_home.folder).stdout)
    assert answer["citations"][0]["release_id"] == "jy0916"


def test_dates_narrow_the_search(starter_home: Home) -> None:
    asked = ("ask", "--json", "Which bank was sanctioned?", "--since", "2018-01-01", "--until", "2019-12-31")
    answer = json.loads(run(*asked, home=starter_home.folder).stdout)
    assert answer["citations"]
    assert all("2018" <= citation["date"] <= "2019-12-31" for citation in answer["citations"])


def test_programmes_narrow_the_search(starter_home: Home) -> None:
    arguments = ("Who sent weapons?", "--programme", "iran", "--programme", "Syria", "--json")
    found = json.loads(run("search", *arguments, home=starter_home.folder).stdout)["passages"]
    releases = starter_home.open().releases
    assert found
    assert all({"Iran", "Syria"} & set(releases.programmes_of(passage["release_id"])) for passage in found)
    asked = ("ask", "Which bank was designated?", "--programme", "Iran", "--json")
    answer = json.loads(run(*asked, home=starter_home.folder).stdout)
    assert answer["citations"]
    assert all("Iran" in releases.programmes_of(citation["release_id"]) for citation in answer["citations"])


def test_an_abstention_lists_no_sources(starter_home: Home) -> None:
    result = run("ask", "Who won the 2018 World Cup?", home=starter_home.folder)
    assert result.returncode == 0
    assert "Not in the corpus" in result.stdout
    assert "Sources" not in result.stdout


def test_indexing_reports_what_it_did_and_what_it_skipped(home: Home, releases_folder: Path) -> None:
    (releases_folder / "broken.md").write_text("---\ntitle: [\n---\nWords")
    result = run("index", str(releases_folder), home=home.folder)
    assert result.returncode == 0
    assert "indexed 4 files: 3 releases, 4 chunks, 1 skipped (4 chunks embedded" in result.stdout
    assert "broken.md:3: broken front matter" in result.stderr
    assert run("index", str(releases_folder), "--strict", home=home.folder).returncode == 1
    again = run("index", "--if-missing", home=home.folder)
    assert "using the index" in again.stderr
    unknown = run("ask", "Who runs the Harbor network?", home=home.folder)
    assert "Lina Okafor" in unknown.stdout


def test_an_unknown_date_is_said_to_be(home: Home, tmp_path: Path) -> None:
    folder = tmp_path / "texts"
    folder.mkdir()
    (folder / "article.txt").write_text("The minister of ports opened the Harbor terminal.")
    run("index", str(folder), home=home.folder)
    result = run("ask", "Who opened the Harbor terminal?", home=home.folder)
    assert "[1] article · date unknown · untitled" in result.stdout


def test_a_file_of_questions(starter_home: Home, tmp_path: Path) -> None:
    (tmp_path / "q.jsonl").write_text('{"id": "7", "question": "Why was Tornado Cash sanctioned?"}\n')
    out = tmp_path / "a.jsonl"
    result = run("answer", str(tmp_path / "q.jsonl"), "--out", str(out), home=starter_home.folder)
    assert (result.returncode, json.loads(out.read_text())["id"]) == (0, "7")
    assert "answered 1 questions, abstained from 0" in result.stdout


def test_doctor_finds_every_part_working(starter_home: Home) -> None:
    result = run("doctor", "--json", home=starter_home.folder)
    findings = {finding["part"]: finding for finding in json.loads(result.stdout)}
    assert result.returncode == 0
    assert not [part for part, finding in findings.items() if finding["ok"] is False]
    for part in (
        "home",
        "embedding weights",
        "embedding model",
        "sentence model",
        "catalog",
        "index",
        "index files",
        "question and answer",
    ):
        assert findings[part]["ok"] is True


def test_doctor_finds_a_damaged_index(home: Home, releases_folder: Path) -> None:
    run("index", str(releases_folder), home=home.folder)
    name = home.current_name()
    with (home.generations / str(name) / "vectors.faiss").open("ab") as file:
        file.write(b"\0")
    result = run("doctor", home=home.folder)
    assert result.returncode == 1
    assert "FAIL index files" in result.stdout
    assert "damaged: vectors.faiss" in result.stdout


@pytest.mark.parametrize(
    ("args", "told", "code"),
    [
        (("ask", ""), ("the question is empty", "ask"), 2),
        (("ask", "a" * 100_000), ("100,000 characters", "4,000"), 2),
        (("ask", "Who?"), ("nothing is indexed yet", "run: assistant index"), 1),
        (("answer", "no-such.jsonl", "--out", "a.jsonl"), ("nothing is indexed yet",), 1),
        (("serve",), ("nothing is indexed yet",), 1),
        (("index", "no-such-folder"), ("no folder no-such-folder", "give the folder"), 2),
        (("index", __file__), ("no folder",), 2),
        (("corpus", "list"), ("no documents yet", "run: assistant corpus add PATH"), 1),
        (("corpus", "add", "no-such-path"), ("there is no no-such-path",), 2),
        (("corpus", "sync", "git", "no-such-repository"), ("no-such-repository",), 2),
    ],
)
def test_errors_are_one_line_that_says_how_to_mend_it(
    home: Home, args: tuple[str, ...], told: tuple[str, ...], code: int
) -> None:
    assert_one_line_error(run(*args, home=home.folder, ASSISTANT_PORT="0"), *told, code=code)


def test_a_setting_out_of_range_is_told(home: Home) -> None:
    result = run("ask", "Who?", home=home.folder, ASSISTANT_SENTENCES="99")
    assert_one_line_error(result, "ASSISTANT_SENTENCES", "99", code=2)


def test_an_index_of_another_model_is_told(home: Home, releases_folder: Path) -> None:
    run("index", str(releases_folder), home=home.folder)
    path = home.generations / str(home.current_name()) / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "encoder": "another-encoder"}))
    assert_one_line_error(run("ask", "Who?", home=home.folder), "another-encoder", "assistant index", code=1)


def test_a_port_in_use_is_told(starter_home: Home) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        assert_one_line_error(run("serve", "--port", port, home=starter_home.folder), port, "--port", code=1)


def test_a_home_that_cannot_be_written_is_told(tmp_path: Path, releases_folder: Path) -> None:
    (tmp_path / "file").write_text("")
    result = run("index", str(releases_folder), home=tmp_path / "file" / "home")
    assert_one_line_error(result, "cannot write to", code=1)


def test_markup_in_a_release_is_shown_as_it_is(home: Home, tmp_path: Path) -> None:
    folder = tmp_path / "odd"
    write_release(
        folder / "2020-01-01-ab9.md", "'Odd [bold] \\x1b[31m'", "The `[red]` code cost 5 & 6 < 7 dollars in May."
    )
    run("index", str(folder), home=home.folder)
    result = run("ask", "What did the red code cost in May?", home=home.folder)
    assert "`[red]` code cost 5 & 6 < 7 dollars" in " ".join(result.stdout.split())


def test_a_search_lists_the_best_passage_of_each_release_and_explains(starter_home: Home) -> None:
    result = run("search", "Choe Un Jong June 2023", "--limit", "3", "--explain", home=starter_home.folder)
    assert result.returncode == 0, result.stderr
    assert result.stdout.startswith("Understood (--without periods, order or names searches again without):")
    assert "  read “June 2023” as 2023-06-01 to 2023-06-30\n" in result.stdout
    assert "\n1. jy1539 · 2023-06-15 · " in result.stdout
    assert "score 1.000 (dense 0." in result.stdout
    assert "coverage_all +" in result.stdout
    assert result.stdout.count("\n   score ") == 3


def test_a_search_as_json_and_within_filters(starter_home: Home) -> None:
    arguments = ("--since", "2010-01-01", "--section", "press-releases", "--release", "JY1539", "--json")
    found = json.loads(run("search", "who was designated", *arguments, home=starter_home.folder).stdout)
    assert [passage["release_id"] for passage in found["passages"]] == ["jy1539"]
    passage = found["passages"][0]
    assert passage["end"] - passage["start"] == len(passage["text"])
    found = run("search", "who", "--since", "1901-01-01", "--until", "1902-01-01", home=starter_home.folder)
    assert found.stdout == "nothing found\n"


@pytest.mark.parametrize(
    "query",
    [
        "x",
        "the of and",
        "word " * 780,
        "Wer wurde sanktioniert?",
        "🚢🚢 \x07\x1b[31m",
        '"unclosed AND ( field:value OR * NOT ~2 ^9 [a TO b]',
        "release_id:jy1539",
    ],
)
def test_any_words_can_be_searched(starter_home: Home, query: str) -> None:
    result = run("search", query, "--limit", "2", home=starter_home.folder)
    assert result.returncode in (0, 2)
    assert "Traceback" not in result.stderr
    assert result.returncode == 0 or result.stderr.startswith("error: the question")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("search", ""), "the question is empty"),
        (("search", "a " * 10_000), "4,000 are the most"),
        (("search", "who", "--since", "2020-01-02", "--until", "2020-01-01"), "2020-01-02, is after the last"),
        (("ask", "who", "--since", "2020-01-02", "--until", "2020-01-01"), "2020-01-02, is after the last"),
        (("ask", "who", "--section", "no-such"), "no release is in the section 'no-such'; there are: "),
        (("search", "who", "--release", "zz99999"), "no release has the id 'zz99999'"),
        (("ask", "who", "--programme", "Atlantis"), "under a sanctions programme 'Atlantis'; there are: North Korea, "),
    ],
)
def test_a_search_that_cannot_be_made_is_told(starter_home: Home, arguments: tuple[str, ...], told: str) -> None:
    assert_one_line_error(run(*arguments, home=starter_home.folder), told, code=2)
