"""Servers in processes of their own, asked by HTTP on the loopback interface."""

from __future__ import annotations

import http.client
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

HOST = "127.0.0.1"
# Seconds to wait for an answer, and for a server to start.
PATIENCE, TO_START = 900, 1_800


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind((HOST, 0))
        port: int = listener.getsockname()[1]
        return port


@contextmanager
def serving(
    command: list[str], port: int, variables: dict[str, str]
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a server until the end of the block, which begins when it answers."""
    server = subprocess.Popen(command, env=variables, stdout=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + TO_START
        while True:
            try:
                ask(port, "/")
                break
            except ConnectionError:
                if server.poll() is not None or time.monotonic() > deadline:
                    raise SystemExit(f"{' '.join(command[1:4])} did not start.") from None
                time.sleep(0.05)
        yield server
    finally:
        server.terminate()
        server.wait()


def collect_static(variables: dict[str, str]) -> None:
    """Make the files that pages name, as before the start of a server."""
    collect = ["manage", "collectstatic", "--noinput", "--verbosity=0"]
    subprocess.run([sys.executable, "-m", *collect], env=variables, check=True)


@contextmanager
def casebook(port: int, variables: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """Serve the casebook as `make demo` does: gunicorn with one worker and eight threads."""
    address = {"ALLOWED_HOSTS": HOST, "SITE_URL": f"http://{HOST}:{port}"}
    variables = variables | address | {"LOG_REQUESTS": "off"}
    command = [
        *(sys.executable, "-m", "gunicorn", "warnapp.wsgi", "--config=python:warnapp.server"),
        *(f"--bind={HOST}:{port}", "--workers=1", "--threads=8", "--log-level=warning"),
    ]
    with serving(command, port, variables) as server:
        yield server


def ask(port: int, address: str) -> tuple[float, str]:
    """Return the milliseconds from the request to the last byte of the page, and the page."""
    connection = http.client.HTTPConnection(HOST, port, timeout=PATIENCE)
    started = time.perf_counter()
    connection.request("GET", address)
    response = connection.getresponse()
    page = response.read()
    elapsed = (time.perf_counter() - started) * 1000
    connection.close()
    if response.status != 200:
        raise SystemExit(f"{address} answered {response.status}.")
    return elapsed, page.decode()


def worker_megabytes(server: subprocess.Popen[bytes]) -> str:
    """Return the memory that the worker of a gunicorn has; a dash where there is no /proc."""
    children = Path(f"/proc/{server.pid}/task/{server.pid}/children")
    if not children.exists():
        return "–"
    return megabytes_of(int(children.read_text(encoding="ascii").split()[0]))


def megabytes_of(process: int) -> str:
    """Return the memory of a process; a dash where there is no /proc."""
    status = Path(f"/proc/{process}/status")
    if not status.exists():
        return "–"
    lines = status.read_text(encoding="ascii").splitlines()
    kilobytes = next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))
    return f"{kilobytes * 1024 / 1e6:.0f}"
