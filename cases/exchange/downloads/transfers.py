"""Limits on downloads that are under way, so that they leave threads of the server for pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from threading import BoundedSemaphore
from time import monotonic
from typing import Generic, TypeVar

# At the same time in a process; see “Staying up” in docs/operations.md.
MAX_TRANSFERS = 2
_free = BoundedSemaphore(MAX_TRANSFERS)

# A reader has this many seconds for the first part of a file, and then has to take this many
# characters (of a workbook, bytes) a second on average.
GRACE, MIN_SPEED = 60, 20_000


# What the parts of a file are.
Part = TypeVar("Part", str, bytes)


class TooManyTransfersError(Exception):
    """As many downloads as allowed are under way."""


class TooSlowError(Exception):
    """The reader of a download takes it so slowly that it would keep others out."""


class Transfer(Iterator[Part], Generic[Part]):
    """The parts of a file while it is made and sent; counts as a download until it is closed.

    Raises TooManyTransfersError when it is made, and TooSlowError in the middle. The server closes
    it when the file is sent or the reader has gone.
    """

    _is_open = False

    def __init__(self, file: Callable[[], Iterator[Part]]) -> None:
        self._slots = _free
        if not self._slots.acquire(blocking=False):
            raise TooManyTransfersError
        self._is_open = True
        try:
            self._parts: Iterator[Part] = file()
        except BaseException:
            self.close()
            raise
        # The reader is not to blame for how long it took to make a file.
        self._begun, self._sent = monotonic(), 0

    def __next__(self) -> Part:
        if monotonic() - self._begun > GRACE + self._sent / MIN_SPEED:
            raise TooSlowError(f"{self._sent} characters were taken")
        try:
            part: Part = next(self._parts)
        except StopIteration:
            self.close()
            raise
        self._sent += len(part)
        return part

    def close(self) -> None:
        if self._is_open:
            self._is_open = False
            self._slots.release()
            if hasattr(self, "_parts") and hasattr(self._parts, "close"):
                self._parts.close()  # a file on disk goes away

    __del__ = close  # a response that an error replaced is not closed


def forget() -> None:
    """Forget the downloads that are under way."""
    global _free
    _free = BoundedSemaphore(MAX_TRANSFERS)
