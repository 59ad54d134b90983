"""``assistant corpus`` as a person meets it."""

import json
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest
from filelock import FileLock

from indexes.generation import Home
from tests.conftest import write_release
from tests.treasury_site import items, serving
from tests.ui.test_cli import assert_one_line_error, run


def corpus(home: Home, *args: str) -> str:
    """What a command that succeeds prints."""
    result = run("corpus", *args, home=home.folder)
    assert result.returncode == 0, result.stderr
    return result.stdout


@pytest.fixture
def filled(home: Home, releases_folder: Path) -> Home:
    """A home with three releases and a broken file, not indexed."""
    (releases_folder / "broken.md").write_text("---\ntitle: [\n---\nWords")
    corpus(home, "add", str(releases_folder), "--no-index")
    return home


def test_help_names_every_command() -> None:
    said = run("corpus", "--help").stdout
    for command in "add sync remove sources list show history stats problems folds verify".split():
        assert f"\n  {command} " in said


def test_adding_reports_and_indexes(home: Home, releases_folder: Path) -> None:
    said = corpus(home, "add", str(releases_folder))
    assert "3 added, 0 changed, 0 removed, 0 unchanged, 0 not read; releases: 3 added" in said
    assert "3 releases written, 0 taken out, 4 chunks embedded" in said
    assert "Lina Okafor" in run("ask", "Who runs the Harbor network?", home=home.folder).stdout
    assert "as it was" in corpus(home, "add", str(releases_folder))


def test_several_paths_of_several_formats_at_once(home: Home, releases_folder: Path, tmp_path: Path) -> None:
    (tmp_path / "article.txt").write_text("The minister of ports opened the Harbor terminal.")
    with zipfile.ZipFile(tmp_path / "more.zip", "w") as archive:
        archive.writestr(
            "page.html", "<html><body><p>The captain met the broker in Lagos on a Monday.</p></body></html>"
        )
    result = json.loads(
        corpus(home, "add", str(releases_folder), str(tmp_path / "article.txt"), str(tmp_path / "more.zip"), "--json")
    )
    assert [len(source["added"]) for source in result["sources"]] == [3, 1, 1]
    assert result["index"]["written"] == 5
    assert {row["kind"] for row in json.loads(corpus(home, "sources", "--json"))} == {"folder", "file", "archive"}


def test_a_document_that_cannot_be_read_is_told_with_strict_as_a_failure(home: Home, releases_folder: Path) -> None:
    (releases_folder / "broken.md").write_text("---\ntitle: [\n---\nWords")
    result = run("corpus", "add", str(releases_folder), "--no-index", home=home.folder)
    assert result.returncode == 0
    assert "not read: broken.md:3: broken front matter" in result.stderr
    (releases_folder / "broken.md").write_text("---\ntitle: {\n---\nWords")
    assert run("corpus", "add", str(releases_folder), "--no-index", "--strict", home=home.folder).returncode == 1


def test_a_dry_run_says_what_would_be_done(filled: Home, releases_folder: Path) -> None:
    write_release(releases_folder / "2024-05-06-ab0004.md", "A New Bank", "The new bank opened in May.")
    said = corpus(filled, "add", str(releases_folder), "--dry-run")
    assert "would add 2024-05-06-ab0004.md" in said
    assert "would be 1 added, 0 changed, 0 removed, 4 unchanged; nothing was done" in said
    assert "3 of 3 releases" in corpus(filled, "list")


def test_syncing_a_repository(home: Home, releases_folder: Path, tmp_path: Path) -> None:
    work = tmp_path / "work"
    shutil.copytree(releases_folder, work / "content" / "news")
    someone = ("-c", "user.name=Lina Okafor", "-c", "user.email=lina@example.org")
    for command in (("init", "--quiet"), ("add", "."), (*someone, "commit", "--quiet", "-m", "first")):
        subprocess.run(["git", "-C", str(work), *command], check=True)
    assert "3 added" in corpus(home, "sync", "git", str(work))
    write_release(work / "content" / "news" / "2024-05-06-ab0004.md", "A New Bank", "The new bank opened in May.")
    for command in (("add", "."), (*someone, "commit", "--quiet", "-m", "second")):
        subprocess.run(["git", "-C", str(work), *command], check=True)
    said = corpus(home, "sync", "git", str(work))
    assert "1 added, 0 changed, 0 removed, 3 unchanged" in said
    assert "1 releases written, 0 taken out, 1 chunks embedded" in said
    assert "the catalog and the index are as they should be" in corpus(home, "verify")


def test_syncing_the_departments_site(home: Home) -> None:
    with serving() as site:
        site.publish(*items(3))
        options = ("--site", site.url, "--pause", "0", "--no-index")
        assert "would be 3 added" in corpus(home, "sync", "treasury", *options, "--dry-run")
        assert "3 added" in corpus(home, "sync", "treasury", *options)
        assert "3 unchanged" in corpus(home, "sync", "treasury", *options)
        assert "2 unchanged" in corpus(home, "sync", "treasury", *options, "--since", "2020-01-03")


def test_removing_a_source_takes_its_releases_out(filled: Home, releases_folder: Path, tmp_path: Path) -> None:
    (tmp_path / "article.txt").write_text("The minister of ports opened the Harbor terminal.")
    corpus(filled, "add", str(tmp_path / "article.txt"), "--no-index")
    assert "4 removed" in corpus(filled, "remove", str(releases_folder), "--no-index")
    assert "1 of 1 releases" in corpus(filled, "list")
    unknown = run("corpus", "remove", "nowhere", home=filled.folder)
    assert_one_line_error(unknown, "no source nowhere", "article.txt", code=2)


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ((), ["ab0003", "ab0002", "ab0001"]),
        (("--since", "2021-01-01"), ["ab0003", "ab0002"]),
        (("--since", "2021-01-01", "--until", "2021-12-31"), ["ab0002"]),
        (("--section", "readouts"), ["ab0003"]),
        (("--text", "harbor lagos"), ["ab0001"]),
        (("--kind", "digest"), []),
        (("--limit", "1"), ["ab0003"]),
    ],
)
def test_listing(filled: Home, options: tuple[str, ...], found: list[str]) -> None:
    assert [row["release_id"] for row in json.loads(corpus(filled, "list", *options, "--json"))] == found


def test_the_list_as_a_table(filled: Home) -> None:
    said = corpus(filled, "list")
    assert "ab0002" in said
    assert "2021-07-20" in said
    assert "Quarterly Borrowing Estimate" in said


def test_showing_as_json_has_exact_spans(filled: Home) -> None:
    shown = json.loads(corpus(filled, "show", "AB0001", "--json"))
    text = shown["text"]
    assert {
        *("release_id", "title", "date", "date_source", "date_suspect", "section", "url", "kind", "text", "paragraphs"),
        *("bold", "also_published_as", "versions", "problems"),
    } <= shown.keys()
    assert (shown["date"], shown["date_source"], shown["date_suspect"]) == ("2019-03-04", "front matter", False)
    assert [(p["n"], p["kind"], p["heading"], p["boilerplate"]) for p in shown["paragraphs"]] == [
        (1, "body", "", False),
        (2, "heading", "", False),
        (3, "body", "SANCTIONS IMPLICATIONS", False),
    ]
    assert text[shown["paragraphs"][2]["start"] : shown["paragraphs"][2]["end"]].startswith("All property")
    assert [text[b["start"] : b["end"]] for b in shown["bold"]] == ["Lina Okafor"]
    assert [(v["version"], v["change"]) for v in shown["versions"]] == [(1, "added")]


def test_showing_to_a_person(filled: Home) -> None:
    said = corpus(filled, "show", "ab0001")
    assert said.startswith("ab0001 · March 4, 2019 · press-releases · release\nTreasury Sanctions the Harbor Network\n")
    assert "\n   2 SANCTIONS IMPLICATIONS  [heading]\n" in said


def test_versions_of_a_release(filled: Home, releases_folder: Path) -> None:
    path = releases_folder / "press-releases" / "2021-07-20-ab0002.md"
    write_release(path, "Borrowing Estimate", "Less than thought.")
    corpus(filled, "add", str(releases_folder), "--no-index")
    versions = json.loads(corpus(filled, "history", "ab0002", "--json"))
    assert [(v["version"], v["change"]) for v in versions] == [(2, "changed"), (1, "added")]
    assert "$673 billion" in json.loads(corpus(filled, "show", "ab0002", "--version", "1", "--json"))["text"]
    path.unlink()
    corpus(filled, "add", str(releases_folder), "--no-index")
    gone = run("corpus", "show", "ab0002", home=filled.folder)
    assert_one_line_error(gone, "no release ab0002", "assistant corpus history ab0002", code=2)
    assert "removed" in corpus(filled, "history", "ab0002")


def test_problems_name_file_line_and_reason(filled: Home) -> None:
    (problem,) = json.loads(corpus(filled, "problems", "--severity", "unread", "--json"))
    assert (problem["path"], problem["line"], problem["kind"]) == ("broken.md", 3, "broken front matter")
    said = corpus(filled, "problems")
    assert "broken.md:3" in said
    assert json.loads(corpus(filled, "problems", "--kind", "mojibake", "--json")) == []


def test_folds_can_be_listed(filled: Home, releases_folder: Path) -> None:
    shutil.copytree(releases_folder / "readouts", releases_folder / "media-advisories")
    corpus(filled, "add", str(releases_folder), "--no-index")
    (fold,) = json.loads(corpus(filled, "folds", "--json"))
    assert (fold["release_id"], fold["reason"]) == ("ab0003", "same id")
    assert "is a copy of" in corpus(filled, "folds", "--reason", "same id")


def test_stats_count_and_draw(filled: Home, tmp_path: Path) -> None:
    figures = json.loads(corpus(filled, "stats", "--json"))
    assert figures["releases"]["all"] == 3
    assert figures["documents"]["nothing could be read of"] == 1
    assert figures["years"]["2021"] == {"press-releases": 1}
    said = corpus(filled, "stats", "--plot", str(tmp_path / "years.png"))
    assert "releases a year" in said
    assert "2023 ▇" in said
    assert (tmp_path / "years.png").read_bytes().startswith(b"\x89PNG")


def test_verifying_what_is_sound_and_what_is_not(home: Home, releases_folder: Path) -> None:
    corpus(home, "add", str(releases_folder))
    assert "3 releases checked: the catalog and the index are as they should be" in corpus(home, "verify")
    write_release(releases_folder / "press-releases" / "2021-07-20-ab0002.md", "Borrowing", "Less than thought.")
    result = run("corpus", "verify", home=home.folder)
    assert result.returncode == 1
    assert "2021-07-20-ab0002.md: the file has changed; sync again" in result.stdout
    corpus(home, "add", str(releases_folder), "--no-index")
    result = run("corpus", "verify", "--json", home=home.folder)
    assert [fault["where"] for fault in json.loads(result.stdout)] == ["ab0002"]


def test_a_second_process_that_writes_is_told(filled: Home, releases_folder: Path) -> None:
    with FileLock(filled.catalog_file.with_suffix(".lock")):
        busy = run("corpus", "add", str(releases_folder), home=filled.folder)
        assert_one_line_error(busy, "another process is writing to", "wait for it, or stop it", code=1)
        assert "3 of 3 releases" in corpus(filled, "list"), "and readers never wait"
