"""`make demo`: the port, the key, the accounts, and the whole of it on a copy of the project."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from warnapp import demo


@contextmanager
def taken_port() -> Iterator[int]:
    with socket.create_server((demo.HOST, 0)) as other:
        yield other.getsockname()[1]


def free_port() -> int:
    with taken_port() as port:
        return port


@pytest.mark.parametrize("value", ["http", "-1", "0", "65536", "80 80", "8000.5", "٣", ""])
def test_port_that_is_none_is_refused(value: str) -> None:
    with pytest.raises(demo.DemoError, match=r"not a port: choose .* make demo PORT=8001"):
        demo.parse_port(value)


@pytest.mark.parametrize("value", ["1", "8000", "65535"])
def test_port_in_range_is_taken(value: str) -> None:
    assert demo.parse_port(value) == int(value)


def test_port_in_use_is_refused_with_another_to_try() -> None:
    with taken_port() as port, pytest.raises(demo.DemoError, match=r"taken .* make demo PORT="):
        demo.reserve_port(port)


def test_port_that_is_free_is_reserved_on_this_machine_only() -> None:
    port = free_port()
    with closing(demo.reserve_port(port)) as listener:
        assert listener.getsockname() == ("127.0.0.1", port)


def test_demo_on_a_taken_port_stops_before_any_work(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["demo"])
    monkeypatch.setattr(demo, "prepare", lambda **_: pytest.fail("work was begun"))
    with taken_port() as port:
        monkeypatch.setenv("PORT", str(port))
        with pytest.raises(SystemExit, match=f"Port {port} is taken"):
            demo.main()
    assert capsys.readouterr().out == ""


def test_demo_interrupted_ends_at_once_with_a_sentence() -> None:
    script = (
        "import runpy, signal, sys; from warnapp import demo;"
        "demo.main = lambda: signal.raise_signal(signal.SIGINT);"
        "runpy.run_module('warnapp', run_name='__main__')"
    )
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert ended.stderr.strip().startswith("Stopped before the site was ready;")
    assert len(ended.stderr.strip().splitlines()) == 1


def test_second_demo_of_a_folder_notices_the_first_until_it_ends(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.touch()
    first = subprocess.Popen(
        [
            *(sys.executable, "-c"),
            "import sys; from pathlib import Path; from warnapp.demo import is_only_demo;"
            "print(is_only_demo(Path(sys.argv[1])), flush=True); input()",
            str(file),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert first.stdout is not None
    assert first.stdout.readline() == "True\n"
    assert not demo.is_only_demo(file)
    first.communicate("")


def test_secret_key_is_made_once_and_for_the_owner_only(tmp_path: Path) -> None:
    file = tmp_path / "key"
    key = demo.keep_secret_key(file)
    assert len(key) >= 50
    assert file.stat().st_mode & 0o777 == 0o600
    assert demo.keep_secret_key(file) == key


def test_secret_key_file_left_unfinished_is_made_anew(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.touch()
    assert len(demo.keep_secret_key(file)) >= 50


def test_environment_names_all_that_the_settings_read() -> None:
    example = (settings.BASE_DIR / ".env.example").read_text(encoding="utf-8")
    documented = set(re.findall(r"^(?:# )?([A-Z_]+)=", example, re.MULTILINE))
    given = demo.environment_for_localhost(8000, "key", debug=False)
    assert given.keys() - {"DJANGO_SETTINGS_MODULE"} == documented


def signs_in(client: Client, username: str, password: str) -> bool:
    client.post(reverse("admin:login"), {"username": username, "password": password})
    return "_auth_user_id" in client.session


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "group"), [("editor", "Editors"), ("reviewer", "Reviewers")])
def test_account_signs_in_to_the_admin_with_its_group(
    client: Client, name: str, group: str
) -> None:
    password, is_new = demo.refresh_accounts()[name]
    assert is_new
    assert signs_in(client, name, password)
    user = User.objects.get(username=name)
    assert user.is_staff
    assert not user.is_superuser
    assert [each.name for each in user.groups.all()] == [group]


@pytest.mark.django_db
def test_accounts_on_a_second_run_get_new_passwords(client: Client) -> None:
    first = demo.refresh_accounts()
    User.objects.filter(username="editor").update(is_active=False, is_staff=False)
    second = demo.refresh_accounts()
    assert not signs_in(client, "editor", first["editor"][0])
    assert signs_in(client, "editor", second["editor"][0])
    assert "earlier ones no longer work" in demo.describe_accounts(second)
    assert "earlier ones" not in demo.describe_accounts(first)


@pytest.mark.django_db
def test_accounts_of_a_running_demo_keep_their_passwords_when_a_second_starts(
    client: Client,
) -> None:
    password, _ = demo.refresh_accounts()["editor"]
    said = demo.accounts_of_this_run(is_only=False)
    assert "another demo of this folder is running" in said
    assert signs_in(client, "editor", password)


@pytest.mark.django_db
def test_passwords_are_long_random_and_legible() -> None:
    passwords = [password for _ in range(5) for password, _ in demo.refresh_accounts().values()]
    assert len(set(passwords)) == 10
    assert all(len(password) == 16 for password in passwords)
    assert not set("".join(passwords)) & set("l1o0IO-_")


@contextmanager
def running_demo(folder: Path, port: int) -> Iterator[list[str]]:
    """Start the demo of the copy in `folder`; yield what it said until it named its address."""
    process = subprocess.Popen(
        [sys.executable, "-m", "warnapp"],
        cwd=folder,
        env={**os.environ, "PORT": str(port)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    with process, closing(process.stdout) as output:  # type: ignore[type-var]  # PIPE was given
        said = []
        try:
            for line in output:  # type: ignore[union-attr]
                said.append(line.rstrip())
                if "The casebook is at" in line:
                    break
            yield said
        finally:
            # As a terminal does at Ctrl-C: to every process of the demo, not to the first alone.
            os.killpg(process.pid, signal.SIGINT)
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)  # it would hang the suite
                raise
            rest = output.read()  # type: ignore[union-attr]
    # Neither a traceback nor what gunicorn says of a worker that hangs.
    assert (process.returncode, rest) == (0, ""), said


@pytest.mark.skipif(
    bool(os.environ.get("TEST_DATABASE_URL")), reason="the demo is on SQLite, whatever is tested"
)
@pytest.mark.process
@pytest.mark.once
def test_demo_twice_serves_the_cases_and_keeps_the_key(tmp_path: Path) -> None:
    folder = tmp_path / "a copy"
    for name in ["warnapp", "cases", "templates", "static", "fixtures"]:
        shutil.copytree(settings.BASE_DIR / name, folder / name)
    shutil.copy(settings.BASE_DIR / "manage.py", folder)
    port = free_port()
    keys = set()
    for is_first in (True, False):
        with running_demo(folder, port) as said:
            assert said[-1] == f"The casebook is at http://127.0.0.1:{port}/ (Ctrl-C stops it)."
            assert ("Accounts:" in said) is is_first
            # The second is stopped while the server starts.
            if is_first:
                with urlopen(f"http://127.0.0.1:{port}/cases/", timeout=30) as page:
                    assert "Moscow" in page.read().decode()
                with pytest.raises(HTTPError, match="414") as refused:
                    urlopen(f"http://127.0.0.1:{port}/cases/?q={'x' * 9000}", timeout=30)
                assert "This address is too long" in refused.value.read().decode()
        keys.add((folder / ".demo-secret-key").read_text(encoding="ascii"))
    assert len(keys) == 1
