"""What is read from the records of many cases, and kept until one of them changes."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from typing import Generic, TypeVar

from cases import changelog
from cases.versions.current import Current, current_cases

T = TypeVar("T")


class KeptByCase(Generic[T]):
    """What `read` finds in the public records of some cases.

    After a change of the dataset only the cases that changed are read again: a list of everything
    in all cases would otherwise cost its next reader the time of all of them.
    """

    def __init__(self, read: Callable[[int, Current], Iterable[T]]) -> None:
        self._read = read
        self._version = 0
        self._found: dict[int, tuple[T, ...]] = {}
        self._lock = threading.Lock()

    def of(self, cases: Iterable[int], version: int) -> list[T]:
        """Return what is in some cases, in their order; others are forgotten.

        `version` is that of the dataset when the cases were found.
        """
        with self._lock:
            self._forget_changed(version)
            wanted = dict.fromkeys(cases)
            found = {key: self._found[key] for key in wanted if key in self._found}
            missing = [key for key in wanted if key not in found]
            for key, current in current_cases(missing):
                found[key] = tuple(self._read(key, current))
            self._found = found
        return [one for key in wanted for one in found.get(key, ())]

    def forget(self) -> None:
        """Drop what was read, as tests do, whose changes are taken back."""
        with self._lock:
            self._version, self._found = 0, {}

    def _forget_changed(self, version: int) -> None:
        changes = changelog.since(self._version, version) if self._found else []
        for kind, key in changes:
            if kind == changelog.EVERYTHING:
                self._found = {}
            elif kind == changelog.CASE:
                self._found.pop(key, None)
        self._version = max(self._version, version)
