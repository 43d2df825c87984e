"""Run the casebook on this machine: `make demo`, or `make run` for the development server.

It prepares everything that a first start needs and then becomes the server. A second run keeps the
records that were entered in between.
"""

import errno
import fcntl
import os
import secrets
import signal
import socket
import sys
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent
SECRET_KEY_FILE = BASE_DIR / ".demo-secret-key"

HOST = "127.0.0.1"
DEFAULT_PORT = "8000"
LAST_PORT = 65535

# The group of each account, by user name. Both accounts may sign in to the admin.
ACCOUNTS = {"editor": "Editors", "reviewer": "Reviewers"}

# Letters and digits without those that look alike on screen: l and 1, o and 0, I and O.
LEGIBLE = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
# Characters. This is 92 bits of randomness, and still short enough to type.
PASSWORD_LENGTH = 16


class DemoError(Exception):
    """The demo cannot start; the message says what to do."""


def parse_port(value: str) -> int:
    """Return a port number; raises DemoError if `value` is not one."""
    if not (value.isascii() and value.isdecimal() and 0 < int(value) <= LAST_PORT):
        raise DemoError(
            f"PORT is set to '{value}', which is not a port: choose a number from 1 to "
            f"{LAST_PORT}, for example: make demo PORT=8001"
        )
    return int(value)


def reserve_port(port: int) -> socket.socket:
    """Return a socket bound to `port` on the loopback interface; raises DemoError if it is taken.

    It is bound before all other work and passed to the server at the end, so that no other program
    can take the port in between.
    """
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    # Otherwise the port of a demo that has just been stopped counts as taken for a minute.
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
    except OSError as error:
        listener.close()
        if error.errno == errno.EACCES:
            problem = f"Port {port} may be opened by an administrator only"
        else:
            problem = f"Port {port} is taken by another program, perhaps an earlier demo"
        other = port + 1 if 1024 <= port < LAST_PORT else 8001
        raise DemoError(f"{problem}: choose another, for example: make demo PORT={other}") from None
    return listener


def keep_secret_key(path: Path) -> str:
    """Return the key in a file, which is created if there is none.

    With the same key in each run, sessions and forms that are open in a browser stay valid.
    """
    key = path.read_text(encoding="ascii").strip() if path.exists() else ""
    if not key:
        key = secrets.token_urlsafe(50)
        path.touch(mode=0o600)  # readable by the owner only, before the key is written
        path.write_text(f"{key}\n", encoding="ascii")
    return key


def is_only_demo(path: Path) -> bool:
    """Whether no other demo of this folder is running; `path` is a file that each one locks.

    The lock lasts as long as this process and the server that replaces it.
    """
    file = os.open(path, os.O_RDONLY)
    os.set_inheritable(file, True)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        is_only = False
    else:
        is_only = True
    # Shared, so that the next demo notices any of several.
    fcntl.flock(file, fcntl.LOCK_SH)
    return is_only


def environment_for_localhost(port: int, secret_key: str, *, debug: bool) -> dict[str, str]:
    """Return a value for every variable that the settings read.

    All are set, so that neither a `.env` file nor the shell can point a demo, which resets
    passwords, to the database of a real site.
    """
    return {
        "DJANGO_SETTINGS_MODULE": "warnapp.settings",
        "SECRET_KEY": secret_key,
        "DEBUG": "on" if debug else "off",
        "ALLOWED_HOSTS": f"{HOST},localhost,[::1]",
        "SITE_URL": f"http://{HOST}:{port}",
        "CSRF_TRUSTED_ORIGINS": "",
        "DATABASE_URL": "",
        "CACHE_URL": "",
        "DATA_FILES_DIR": "",
        "REVIEW_BY_SECOND_PERSON": "on",
        "REQUIRE_TWO_FACTOR": "off",
        "IMPORT_MAX_MEGABYTES": "20",
        "LOG_REQUESTS": "off",
        "ERROR_MAIL_TO": "",
        "EMAIL_URL": "",
        "SECURITY_CONTACT": "",
        "CASEBOOK_AUTHORS": "",
        "CASEBOOK_EDITORS": "",
        "CASEBOOK_PUBLISHER": "",
        "CASEBOOK_CONTACT": "",
    }


def refresh_accounts() -> dict[str, tuple[str, bool]]:
    """Give each account a new random password.

    Returns, by user name, the password and whether the account is new.
    """
    # Models can be imported only after django.setup(), which comes after checking the port.
    from django.contrib.auth import get_user_model
    from django.contrib.auth.models import Group
    from django.db import transaction

    made = {}
    with transaction.atomic():
        for name, group in ACCOUNTS.items():
            user, is_new = get_user_model().objects.get_or_create(username=name)
            password = "".join(secrets.choice(LEGIBLE) for _ in range(PASSWORD_LENGTH))
            user.set_password(password)
            user.is_staff = True
            user.is_active = True
            user.save()
            user.groups.set([Group.objects.get(name=group)])
            made[name] = (password, is_new)
    return made


def describe_accounts(accounts: dict[str, tuple[str, bool]]) -> str:
    """Return a text with the names and passwords of the accounts."""
    was_reset = not all(is_new for _, is_new in accounts.values())
    title = (
        "Accounts (passwords reset; the earlier ones no longer work):" if was_reset else "Accounts:"
    )
    width = max(map(len, accounts))
    lines = [f"  {name:<{width}}  password {password}" for name, (password, _) in accounts.items()]
    return "\n".join([title, *lines])


def accounts_of_this_run(*, is_only: bool) -> str:
    """Return what to say of the accounts; they get new passwords if no other demo is running."""
    if is_only:
        return describe_accounts(refresh_accounts())
    return (
        "Accounts: another demo of this folder is running, and the passwords are those that it "
        "printed."
    )


def prepare(*, debug: bool, is_only: bool = True) -> None:
    """Bring database, static files, cases and accounts up to date, and print each step.

    Beside another demo of the same folder the passwords stay as they are.
    """
    from django.core.management import call_command
    from django.db import connections

    say("Making the database, or bringing it up to date …")
    call_command("migrate", interactive=False, verbosity=0)
    if not debug:
        say("Collecting and compressing the static files …")
        call_command("collectstatic", interactive=False, verbosity=0)
    say("Loading the article's cases …")
    call_command("load_demo")
    say(accounts_of_this_run(is_only=is_only))
    connections.close_all()


def serve(listener: socket.socket) -> None:
    """Replace this process by the production server, on the open port; does not return."""
    os.set_inheritable(listener.fileno(), True)
    # One worker, so that all requests share its in-memory cache; threads serve them in parallel.
    run_instead(
        "gunicorn",
        "warnapp.wsgi",
        "--config=python:warnapp.server",
        f"--bind=fd://{listener.fileno()}",
        "--workers=1",
        "--threads=8",
        "--log-level=warning",
    )


def develop(listener: socket.socket, port: int) -> None:
    """Replace this process by the development server; does not return."""
    # The server opens the port itself, each time that it reloads changed code.
    listener.close()
    run_instead("manage", "runserver", f"{HOST}:{port}")


def run_instead(module: str, *arguments: str) -> None:
    """Replace this process by a Python module, run in the project's folder."""
    os.chdir(BASE_DIR)
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, "-m", module, *arguments])  # noqa: S606 - no shell wanted


def say(text: str) -> None:
    """Print without buffering, because the next step may take a while."""
    print(text, flush=True)


def start(arguments: list[str]) -> None:
    """Reserve the port, prepare the site, and serve it until stopped; raises DemoError."""
    debug = arguments == ["--develop"]
    port = parse_port(os.environ.get("PORT", "").strip() or DEFAULT_PORT)
    listener = reserve_port(port)
    key = keep_secret_key(SECRET_KEY_FILE)
    is_only = is_only_demo(SECRET_KEY_FILE)
    os.environ.update(environment_for_localhost(port, key, debug=debug))
    import django
    from django.urls import get_resolver

    # Threads of libraries are started meanwhile, and must never take Ctrl-C from the main one.
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    django.setup()
    _ = get_resolver().url_patterns  # which imports all pages
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    prepare(debug=debug, is_only=is_only)
    try:
        listener.listen()
    except OSError:
        raise DemoError(f"Port {port} was taken meanwhile: choose another with PORT=…") from None
    if not debug:
        # From here on the demo counts as started: Ctrl-C waits until the server can handle it (see
        # warnapp/server.py), and is not lost.
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    say(f"\nThe casebook is at http://{HOST}:{port}/ (Ctrl-C stops it).")
    if debug:
        develop(listener, port)
    else:
        serve(listener)


def main() -> None:
    """Run the demo, and print a sentence instead of a traceback for a DemoError."""
    try:
        start(sys.argv[1:])
    except DemoError as problem:
        sys.exit(str(problem))
