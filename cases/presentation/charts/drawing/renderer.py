"""Draws specifications in a process of its own, which is stopped when it takes too long.

The engine that runs Vega-Lite cannot be interrupted within a process. So each server process has
one drawing process and talks to it in lines of JSON.
"""

from __future__ import annotations

import atexit
import base64
import json
import logging
import os
import select
import subprocess
import sys
import threading
import time
from functools import lru_cache

from cases.presentation.charts.picture import Spec

logger = logging.getLogger(__name__)

# Seconds that a picture may take, and that a request waits for its turn.
MAX_SECONDS = 5.0
MAX_WAIT = 5.0

# Pictures that a process keeps, of some 15 to 100 kB each.
KEPT = 256


class RenderingError(Exception):
    """A picture could not be drawn."""


class Renderer:
    """The drawing process, which is started when it is needed."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the process, and do not wait until it is ready."""
        with self._turn:
            self._running()

    def ask(self, request: dict[str, object]) -> str:
        """Return what the process answers; raises RenderingError if it fails or takes too long."""
        if not self._turn.acquire(timeout=MAX_WAIT):
            raise RenderingError(f"no turn within {MAX_WAIT:g} s")
        try:
            return self._answer(request)
        except (RenderingError, OSError, ValueError) as error:
            self.stop()
            raise RenderingError(str(error)) from error
        finally:
            self._turn.release()

    def stop(self) -> None:
        """Stop the process; the next request starts another."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.communicate()

    def _answer(self, request: dict[str, object]) -> str:
        process = self._running()
        if process.stdin is None or process.stdout is None:  # both are pipes
            raise RenderingError("no pipe")
        process.stdin.write(json.dumps(request).encode() + b"\n")
        process.stdin.flush()
        answer = json.loads(_line(process.stdout.fileno(), time.monotonic() + MAX_SECONDS))
        if "error" in answer:
            raise RenderingError(answer["error"])
        return str(answer["drawn"])

    def _running(self) -> subprocess.Popen[bytes]:
        # In a forked server the process of its parent counts as ended, so it starts its own.
        if self._process is None or self._process.poll() is not None:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "cases.presentation.charts.drawing.process"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                cwd=_root(),
            )
        return self._process


def _root() -> str:
    """Return the folder that has the package `cases`."""
    return os.path.abspath(os.path.join(os.path.dirname(__file__), *[os.pardir] * 4))


def _line(descriptor: int, deadline: float) -> bytes:
    """Read a line from a pipe; raises RenderingError at the deadline or the end of the pipe."""
    line = b""
    while not line.endswith(b"\n"):
        left = deadline - time.monotonic()
        if left <= 0 or not select.select([descriptor], [], [], left)[0]:
            raise RenderingError(f"not drawn within {MAX_SECONDS:g} s")
        part = os.read(descriptor, 1 << 16)
        if not part:
            raise RenderingError("the drawing process ended")
        line += part
    return line


_renderer = Renderer()
atexit.register(_renderer.stop)


def prepare() -> None:
    """Start the drawing process when a server starts, so that the first picture is fast."""
    _renderer.start()


def svg_of(spec: Spec) -> str:
    """Return the SVG of a specification, drawn or kept; raises RenderingError."""
    return _svg(json.dumps(spec, ensure_ascii=False))


def png_of(svg: str) -> bytes:
    """Return a picture as PNG, two pixels for each of the SVG; raises RenderingError."""
    return _png(svg)


@lru_cache(maxsize=KEPT)
def _svg(spec: str) -> str:
    return _asked({"spec": spec})


@lru_cache(maxsize=KEPT // 8)
def _png(svg: str) -> bytes:
    return base64.b64decode(_asked({"svg": svg}))


def _asked(request: dict[str, object]) -> str:
    try:
        return _renderer.ask(request)
    except RenderingError as error:
        logger.error("A picture could not be drawn: %s", error)
        raise
