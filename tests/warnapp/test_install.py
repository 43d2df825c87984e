"""The installer behind `make`, with stand-ins for Python and pip, in a folder with a space."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from django.conf import settings

pytestmark = pytest.mark.once

LOCKS = ["requirements.txt", "requirements-dev.txt"]

TOO_OLD = """#!/bin/sh
[ "$1" = --version ] && echo 'Python 3.9.2'
[ "$1" = --version ]
"""

WITHOUT_VENV = """#!/bin/sh
case "$2" in *ensurepip*) exit 1 ;; esac
"""

# Makes a virtual environment whose pip writes down its calls, and fails while `offline` exists.
WORKING = """#!/bin/sh
[ "$2" = venv ] || exit 0
mkdir -p .venv/bin
cat >.venv/bin/python <<'END'
#!/bin/sh
[ "$2" = pip ] || exit 0
echo "$*" >>pip-calls
[ ! -e offline ]
END
chmod +x .venv/bin/python
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a copy of what the installer needs, and nothing installed."""
    copy = tmp_path / "a copy"
    (copy / "warnapp").mkdir(parents=True)
    shutil.copy(settings.BASE_DIR / "warnapp" / "install.sh", copy / "warnapp")
    for name in LOCKS:
        shutil.copy(settings.BASE_DIR / name, copy)
    return copy


def install(
    folder: Path, python: str, lock: str = "requirements.txt"
) -> subprocess.CompletedProcess[str]:
    """Run the installer with the script `python` as its Python."""
    program = folder / "python"
    program.write_text(python, encoding="utf-8")
    program.chmod(0o755)
    return subprocess.run(
        ["sh", "warnapp/install.sh", lock],
        cwd=folder,
        env={**os.environ, "PYTHON": str(program)},
        capture_output=True,
        text=True,
        check=False,
    )


def pip_calls(folder: Path) -> list[str]:
    calls = folder / "pip-calls"
    return calls.read_text(encoding="utf-8").splitlines() if calls.exists() else []


@pytest.mark.parametrize(
    ("python", "sentence"),
    [
        (TOO_OLD, "is Python 3.9.2, but Python 3.11 or later is needed: set PYTHON to a later one"),
        (WITHOUT_VENV, "venv or ensurepip module is missing: install it"),
    ],
)
def test_install_with_an_unfit_python_ends_with_a_sentence(
    folder: Path, python: str, sentence: str
) -> None:
    ended = install(folder, python)
    assert ended.returncode == 1
    assert sentence in ended.stderr
    assert len(ended.stderr.splitlines()) == 1
    assert not (folder / ".venv").exists()


def test_install_with_a_python_that_is_not_there_ends_with_a_sentence(folder: Path) -> None:
    ended = subprocess.run(
        ["sh", "warnapp/install.sh", "requirements.txt"],
        cwd=folder,
        env={**os.environ, "PYTHON": "python-that-is-not-there"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 1
    assert "there is no such program: set it" in ended.stderr


def test_install_a_second_time_needs_no_pip(folder: Path) -> None:
    assert install(folder, WORKING).returncode == 0
    assert len(pip_calls(folder)) == 1
    assert "--require-hashes" in pip_calls(folder)[0]
    again = install(folder, WORKING)
    assert (again.returncode, again.stdout, again.stderr) == (0, "", "")
    assert len(pip_calls(folder)) == 1


def test_install_for_another_python_than_that_of_the_packages_is_refused(folder: Path) -> None:
    install(folder, WORKING)
    other = WORKING.replace(
        "#!/bin/sh\n", '#!/bin/sh\ncase "$2" in *realpath*) echo 3.99 ;; esac\n'
    )
    ended = install(folder, other)
    assert ended.returncode == 1
    assert "are installed for another Python" in ended.stderr
    assert len(pip_calls(folder)) == 1
    assert install(folder, WORKING).returncode == 0


def test_install_after_a_change_of_the_lock_runs_again(folder: Path) -> None:
    install(folder, WORKING)
    with (folder / "requirements.txt").open("a", encoding="utf-8") as lock:
        lock.write("# changed\n")
    install(folder, WORKING)
    assert len(pip_calls(folder)) == 2


def test_install_for_development_is_enough_to_run(folder: Path) -> None:
    install(folder, WORKING, "requirements-dev.txt")
    install(folder, WORKING, "requirements.txt")
    assert len(pip_calls(folder)) == 1


def test_install_to_run_is_not_enough_for_development(folder: Path) -> None:
    install(folder, WORKING, "requirements.txt")
    install(folder, WORKING, "requirements-dev.txt")
    assert len(pip_calls(folder)) == 2


def test_install_without_network_says_what_to_do_and_is_tried_again(folder: Path) -> None:
    (folder / "offline").touch()
    failed = install(folder, WORKING)
    assert failed.returncode == 1
    assert "could not be installed" in failed.stderr
    assert "then run the same command again" in failed.stderr
    (folder / "offline").unlink()
    assert install(folder, WORKING).returncode == 0
    assert len(pip_calls(folder)) == 2
