"""Who may log in: what a file of users may hold, and that a password opens only its own door."""

import asyncio
import inspect
import stat
import subprocess
import sys
from pathlib import Path

import bcrypt
import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from corpus.errors import LoginError
from tests.ui.test_cli import assert_one_line_error, run
from ui.cli import cli
from ui.web import login
from ui.web.login import add_user, read_logins, remove_user

PASSWORD = "correct horse"  # noqa: S105


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """The least rounds that bcrypt has: the tests make many hashes."""
    monkeypatch.setattr(login, "COST", 4)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "users"


def line(name: str, password: str = PASSWORD, prefix: str = "2y") -> str:
    hashed = bcrypt.hashpw(password.encode(), bcrypt.gensalt(4)).decode()
    return f"{name}:{hashed.replace('$2b$', f'${prefix}$')}\n"


def write(file: Path, *lines: str) -> Path:
    file.write_text("".join(lines), encoding="utf-8")
    file.chmod(0o600)
    return file


@pytest.mark.parametrize("prefix", ["2y", "2b", "2a"])
def test_a_password_opens_the_door_of_its_user(file: Path, prefix: str) -> None:
    logins = read_logins(
        write(file, "# our people\n\n", line("ann", prefix=prefix), "\n", line("bob", "battery staple"))
    )
    assert logins("ann", PASSWORD)
    assert logins("bob", "battery staple")
    for name, password in [
        ("ann", "battery staple"),
        ("bob", PASSWORD),
        ("ann", ""),
        ("ann", f"{PASSWORD} "),
        ("Ann", PASSWORD),
        ("", ""),
        ("eve", PASSWORD),
        ("# our people", ""),
    ]:
        assert not logins(name, password)


def test_a_hash_that_apache_made(file: Path) -> None:
    """The example of the page "Password Formats" in the documentation of Apache httpd 2.4."""
    made = "myName:$2y$05$c4WoMPo3SXsafkva.HHa6uXQZWr7oboPiC2bT/r7q1BB8I2s0BRqC\n"
    assert read_logins(write(file, made))("myName", "myPassword")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
@given(st.text(alphabet=st.characters(exclude_categories=()), max_size=80), st.text(max_size=120))
@example("ann", "a\0b")
@example("ann", "x" * 5000)
@example("\ud800", "\udfff")
def test_whatever_is_typed_is_answered(file: Path, name: str, password: str) -> None:
    if not file.exists():
        write(file, line("ann"))
    assert not read_logins(file)(name, password)


def test_as_much_is_computed_for_a_name_that_nobody_has(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else the time that it takes would tell who has a login."""
    logins = read_logins(write(file, line("ann"), line("bob")))
    computed: list[bytes] = []
    real = bcrypt.checkpw
    monkeypatch.setattr(bcrypt, "checkpw", lambda typed, hashed: computed.append(hashed) or real(typed, hashed))
    for name in ("ann", "eve", "eve", "mallory"):
        assert not logins(name, "a wrong one")
    assert len(computed) == 4
    assert computed[1] == computed[2]


def test_the_password_of_another_does_not_let_in_a_name_that_nobody_has(file: Path) -> None:
    logins = read_logins(write(file, line("ann")))
    assert not any(logins(f"eve{n}", PASSWORD) for n in range(20))


def test_a_server_asks_in_a_thread_of_its_own(file: Path) -> None:
    logins = read_logins(write(file, line("ann")))
    assert inspect.iscoroutinefunction(logins.aside)  # what Gradio asks before it awaits
    assert asyncio.run(logins.aside("ann", PASSWORD)) is True
    assert asyncio.run(logins.aside("ann", "no")) is False


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("ann:correct horse\n", ":1: ann has a password in plain text"),
        ("ann:\n", ":1: ann has a password in plain text"),
        ("# x\nann:$apr1$Xq7Z0dV1$7sS5nVdL2m1b0p1tq0WcA.\n", ":2: ann has an MD5 hash"),
        ("ann:{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=\n", ":1: ann has a SHA-1 hash"),
        ("ann:$6$abcdefgh$" + "x" * 86 + "\n", ":1: ann has a SHA-2 crypt hash"),
        ("ann:rqXexS6ZhobKA\n", ":1: ann has a crypt hash, or a password in plain text"),
        ("ann:$2y$05$tooshort\n", ":1: ann has a damaged bcrypt hash"),
        ("ann:$2y$99$" + "x" * 53 + "\n", ":1: ann has a damaged bcrypt hash"),
        ("ann\n", ":1: not a line like NAME:HASH"),
        (":$2y$05$" + "x" * 53 + "\n", ":1: '' cannot be a user's name"),
        (" ann:$2y$05$" + "x" * 53 + "\n", ":1: ' ann' cannot be a user's name"),
        ("", "holds no user"),
        ("# nobody yet\n\n", "holds no user"),
    ],
)
def test_what_is_no_file_of_safe_hashes_is_refused_with_its_line(file: Path, content: str, told: str) -> None:
    with pytest.raises(LoginError) as refused:
        read_logins(write(file, content))
    assert f"{file}{told}" in str(refused.value).replace(f"{file} holds", f"{file}holds")
    assert "correct horse" not in str(refused.value)  # no password in a log


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00"])
def test_what_cannot_be_read_is_told(file: Path, content: bytes | None) -> None:
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(LoginError, match="cannot be read"):
        read_logins(file)


@pytest.mark.parametrize(("mode", "warned"), [(0o600, False), (0o640, False), (0o644, True), (0o606, True)])
def test_a_file_that_everybody_reads_is_warned_of(file: Path, mode: int, warned: bool) -> None:
    write(file, line("ann")).chmod(mode)
    assert (f"chmod 600 {file}" in read_logins(file).warning) is warned


def test_who_is_added_or_removed_while_a_server_runs(file: Path, caplog: pytest.LogCaptureFixture) -> None:
    add_user(file, "ann", PASSWORD)
    logins = read_logins(file)
    add_user(file, "bob", "battery staple")
    assert logins("bob", "battery staple")
    remove_user(file, "ann")
    assert not logins("ann", PASSWORD)
    file.write_text("bob:in plain text\n", encoding="utf-8")
    assert not logins("bob", "in plain text")
    assert not logins("bob", "battery staple")
    assert "nobody can log in" in caplog.text
    file.unlink()
    assert not logins("bob", "battery staple")
    add_user(file, "bob", "battery staple")
    assert logins("bob", "battery staple")


# --- adding and removing ---


def test_a_new_file_is_for_its_owner_alone(file: Path) -> None:
    assert add_user(file, "ann", PASSWORD)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert file.read_text(encoding="utf-8").startswith("ann:$2y$")


def test_a_file_keeps_its_mode_its_comments_and_its_other_users(file: Path) -> None:
    bob = line("bob")
    write(file, "# our people\n", line("ann"), "\n", bob).chmod(0o640)
    assert not add_user(file, "ann", "a new password")
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    text = file.read_text(encoding="utf-8")
    assert text.startswith(f"# our people\n\n{bob}ann:")
    logins = read_logins(file)
    assert logins("ann", "a new password")
    assert not logins("ann", PASSWORD)


def test_a_name_that_stands_there_twice_goes_wholly(file: Path) -> None:
    """The first line counts, as for Apache; taking out only that would bring the second into force."""
    write(file, line("ann", "the first one"), line("bob"), line("ann", "the second one"))
    assert read_logins(file)("ann", "the first one")
    assert not read_logins(file)("ann", "the second one")
    remove_user(file, "ann")
    assert not read_logins(file)("ann", "the second one")
    assert read_logins(file)("bob", PASSWORD)


@pytest.mark.parametrize(
    ("name", "password", "told"),
    [
        ("", PASSWORD, "cannot be a user's name"),
        ("a:b", PASSWORD, "cannot be a user's name"),
        ("#ann", PASSWORD, "cannot be a user's name"),
        ("ann ", PASSWORD, "cannot be a user's name"),
        ("an\nn", PASSWORD, "cannot be a user's name"),
        ("a" * 256, PASSWORD, "at most 255 bytes"),
        ("ann", "short", "at least 8 characters"),
        ("ann", "é" * 37, "at most 72 bytes"),
        ("ann", "correct\0horse", "can be seen"),
        ("ann", "correct\udcff horse", "can be seen"),
    ],
)
def test_names_and_passwords_that_cannot_be_used(file: Path, name: str, password: str, told: str) -> None:
    with pytest.raises(LoginError, match=told):
        add_user(file, name, password)
    assert not file.exists()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
@given(st.text(min_size=1, max_size=20), st.text(min_size=8, max_size=30))
def test_whoever_is_added_can_log_in(file: Path, name: str, password: str) -> None:
    try:
        add_user(file, name, password)
    except LoginError:
        return
    assert read_logins(file)(name, password)


def test_a_file_of_something_else_is_left_alone(file: Path) -> None:
    write(file, "[settings]\nhost = 'here'\n")
    for change in (lambda: add_user(file, "ann", PASSWORD), lambda: remove_user(file, "ann")):
        with pytest.raises(LoginError, match=":1: not a line like NAME:HASH"):
            change()
    assert file.read_text(encoding="utf-8").startswith("[settings]")


def test_a_user_that_is_not_there_cannot_be_removed(file: Path) -> None:
    with pytest.raises(LoginError, match="there is no file"):
        remove_user(file, "ann")
    add_user(file, "ann", PASSWORD)
    with pytest.raises(LoginError, match="has no user 'eve'"):
        remove_user(file, "eve")


# --- the command ---


def test_the_password_is_asked_for_twice(file: Path) -> None:
    result = CliRunner().invoke(
        cli, ["users", "add", str(file), "ann"], input=f"{PASSWORD}\nother\n{PASSWORD}\n{PASSWORD}\n"
    )
    assert (result.exit_code, result.stdout) == (0, f"added ann in {file}\n")
    assert PASSWORD not in result.output
    assert read_logins(file)("ann", PASSWORD)


@pytest.mark.parametrize("end", ["\n", "\r\n", ""])
def test_the_password_is_read_from_standard_input(file: Path, end: str) -> None:
    for told in ("added", "gave a new password to"):
        result = CliRunner().invoke(cli, ["users", "add", "--password-stdin", str(file), "ann"], input=PASSWORD + end)
        assert (result.exit_code, result.output) == (0, f"{told} ann in {file}\n")
    assert read_logins(file)("ann", PASSWORD)


def test_a_user_is_removed(file: Path) -> None:
    write(file, line("ann"), line("bob"))
    result = CliRunner().invoke(cli, ["users", "remove", str(file), "ann"])
    assert (result.exit_code, result.output) == (0, f"removed ann from {file}\n")
    assert not read_logins(file)("ann", PASSWORD)


def test_what_cannot_be_done_is_told_in_one_line(file: Path) -> None:
    assert_one_line_error(run("users", "remove", str(file), "ann"), "there is no file", code=2)


def test_help_loads_none_of_the_heavy_libraries() -> None:
    script = (
        "import sys\nfrom ui.cli import main\n"
        "try: main()\nexcept SystemExit: pass\n"
        "print(sorted({'bcrypt', 'numpy', 'pydantic', 'gradio'} & set(sys.modules)), file=sys.stderr)"
    )
    for group in ("users", "feedback"):
        result = subprocess.run([sys.executable, "-c", script, group, "--help"], capture_output=True, text=True)
        assert (result.returncode, result.stderr.strip()) == (0, "[]")
