"""A cache of what is read from the public records of cases; only changed cases are read again."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from typing import Generic, TypeVar

from cases import changelog
from cases.versions.current import Current, current_cases

T = TypeVar("T")


class CacheByCase(Generic[T]):
    """The values that `read` returns for each of some cases.

    After a change only the changed cases are read again, because reading all records takes seconds.
    """

    def __init__(self, read: Callable[[int, Current], Iterable[T]]) -> None:
        self._read = read
        self._version = 0
        self._found: dict[int, tuple[T, ...]] = {}
        self._lock = threading.Lock()

    def of(self, cases: Iterable[int], version: int) -> list[T]:
        """Return the values of some cases, in their order, and drop those of all others.

        `version` is the version of the dataset in which the cases were found.
        """
        with self._lock:
            self._drop_changed(version)
            wanted = dict.fromkeys(cases)
            found = {key: self._found[key] for key in wanted if key in self._found}
            missing = [key for key in wanted if key not in found]
            for key, current in current_cases(missing):
                found[key] = tuple(self._read(key, current))
            self._found = found
        return [one for key in wanted for one in found.get(key, ())]

    def forget(self) -> None:
        """Drop all values. Tests call it, because their changes are rolled back."""
        with self._lock:
            self._version, self._found = 0, {}

    def _drop_changed(self, version: int) -> None:
        # The number goes back after a restore. If another thread was only faster, reading
        # everything again is slower, but right.
        if version < self._version:
            self._found = {}
        # Not only up to `version`: the log holds each record once, under its last change.
        for kind, key in changelog.since(self._version) if self._found else ():
            if kind == changelog.EVERYTHING:
                self._found = {}
            elif kind == changelog.CASE:
                self._found.pop(key, None)
        self._version = version
