"""In-memory indexes of the words in all actors' names and all cases' titles, one pair a process.

An index follows the changelog. It only says which records have, or once had, a word: callers read
the records they find from the database and compare again. So nothing is ever removed from it when
a name changes.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator

from pyroaring import BitMap

from cases import changelog
from cases.models import Actor, Case

from .alike import MIN_MISTYPED_LENGTH, words_alike
from .sounds import skeleton, sounds, words_of

MAX_RECORDS_TO_UPDATE = 2_000
Texts = Iterable[tuple[int, list[str]]]


class WordIndex:
    """The records that have each word, found also by a similar sound or despite a typing error."""

    def __init__(self, record: str, read: Callable[[set[int] | None], Texts]) -> None:
        self.version = changelog.latest()
        self._record, self._read = record, read
        self._records: dict[str, BitMap] = defaultdict(BitMap)
        self._alike: dict[str, list[str]] = defaultdict(list)
        self._add(read(None))

    def catch_up(self) -> bool:
        """Add what changed since the last call; return False if the index must be rebuilt."""
        version = changelog.latest()
        if version <= self.version:
            return version == self.version
        changed = changelog.since(self.version, version)
        keys = {key for record, key in changed if record == self._record}
        if any(record == changelog.EVERYTHING for record, _ in changed):
            return False
        if len(keys) > MAX_RECORDS_TO_UPDATE:
            return False
        if keys:
            self._add(self._read(keys))
        self.version = version
        return True

    def having(self, word: str) -> BitMap:
        """Return the keys of the records that have a word like this one."""
        near = {word} | {w for key in _keys_of(word) for w in self._alike.get(key, ())}
        maps = [self._records[w] for w in near if w in self._records and words_alike(word, w)]
        return BitMap.union(*maps) if maps else BitMap()

    def _add(self, texts: Texts) -> None:
        for key, words in texts:
            for word in words:
                if word not in self._records:
                    for alike in _keys_of(word):
                        self._alike[alike].append(word)
                self._records[word].add(key)


def _keys_of(word: str) -> Iterator[str]:
    """Yield index keys such that two similar words share at least one."""
    yield from {f"={skeleton(sound)}" for sound in sounds(word)}
    if len(word) >= MIN_MISTYPED_LENGTH:
        # With one letter left out, words that differ by one letter more, less or other meet.
        yield from {word, *(word[:place] + word[place + 1 :] for place in range(1, len(word)))}


def _names(keys: set[int] | None) -> Texts:
    actors = Actor.objects.order_by() if keys is None else Actor.objects.filter(pk__in=keys)
    for key, name, aliases in actors.values_list("pk", "name", "aliases"):
        words = [words_of(text) for text in [name, *texts(aliases)]]
        yield key, [*{word for name in words for word in [*name, "".join(name)]}]


def texts(aliases: object) -> list[str]:
    """Return the valid aliases of an actor."""
    # The column can hold any JSON, for example after a raw import.
    return (
        [alias for alias in aliases if isinstance(alias, str)] if isinstance(aliases, list) else []
    )


def _titles(keys: set[int] | None) -> Texts:
    cases = Case.objects.order_by() if keys is None else Case.objects.filter(pk__in=keys)
    for key, title in cases.values_list("pk", "title").iterator():
        yield key, words_of(title)


_READERS: dict[str, Callable[[set[int] | None], Texts]] = {
    changelog.ACTOR: _names,
    changelog.CASE: _titles,
}
_current: dict[str, WordIndex] = {}
_lock = threading.Lock()


def current(record: str) -> WordIndex:
    """Return the up-to-date index of actors' names or of cases' titles."""
    with _lock:
        index = _current.get(record)
        if index is None or not index.catch_up():
            index = _current[record] = WordIndex(record, _READERS[record])
        return index


def forget() -> None:
    """Drop the indexes; the next call of `current` rebuilds them."""
    with _lock:
        _current.clear()
