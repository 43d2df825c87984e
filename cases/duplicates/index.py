"""The words of all names, and of all titles, kept in each process; they follow the log of changes.

Kept is only which records have, or had, a word. What is found there is read from the database and
looked at again, so that nothing need be taken out when a name changes.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator

from pyroaring import BitMap

from cases import changelog
from cases.models import Actor, Case

from .alike import TYPED_WRONG, words_alike
from .sounds import skeleton, sounds, words_of

MAX_READ_AGAIN = 2_000
Texts = Iterable[tuple[int, list[str]]]


class WordIndex:
    """For each word the records that have it, found also by how it sounds or is mistyped."""

    def __init__(self, record: str, read: Callable[[set[int] | None], Texts]) -> None:
        self.version = changelog.latest()
        self._record, self._read = record, read
        self._records: dict[str, BitMap] = defaultdict(BitMap)
        self._alike: dict[str, list[str]] = defaultdict(list)
        self._add(read(None))

    def catch_up(self) -> bool:
        """Read again what changed since; return False if the index is to be made anew."""
        version = changelog.latest()
        if version <= self.version:
            return version == self.version
        changed = changelog.since(self.version, version)
        keys = {key for record, key in changed if record == self._record}
        if any(record == changelog.EVERYTHING for record, _ in changed):
            return False
        if len(keys) > MAX_READ_AGAIN:
            return False
        if keys:
            self._add(self._read(keys))
        self.version = version
        return True

    def having(self, word: str) -> BitMap:
        """Return the records that have a word like this one."""
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
    """Yield keys that likely duplicates of a word have in common with it."""
    yield from {f"={skeleton(sound)}" for sound in sounds(word)}
    if len(word) >= TYPED_WRONG:
        # One letter left out of each: finds what differs by one letter more, less or other.
        yield from {word, *(word[:place] + word[place + 1 :] for place in range(1, len(word)))}


def _names(keys: set[int] | None) -> Texts:
    actors = Actor.objects.order_by() if keys is None else Actor.objects.filter(pk__in=keys)
    for key, name, aliases in actors.values_list("pk", "name", "aliases"):
        words = [words_of(text) for text in [name, *texts(aliases)]]
        yield key, [*{word for name in words for word in [*name, "".join(name)]}]


def texts(aliases: object) -> list[str]:
    """Return the aliases of an actor; the database takes any JSON for them."""
    return (
        [alias for alias in aliases if isinstance(alias, str)] if isinstance(aliases, list) else []
    )


def _titles(keys: set[int] | None) -> Texts:
    cases = Case.objects.order_by() if keys is None else Case.objects.filter(pk__in=keys)
    for key, title in cases.values_list("pk", "title").iterator():
        yield key, words_of(title)


_READ: dict[str, Callable[[set[int] | None], Texts]] = {
    changelog.ACTOR: _names,
    changelog.CASE: _titles,
}
_current: dict[str, WordIndex] = {}
_making = threading.Lock()


def current(record: str) -> WordIndex:
    """Return the index of actors' names or of cases' titles as of now."""
    with _making:
        found = _current.get(record)
        if found is None or not found.catch_up():
            found = _current[record] = WordIndex(record, _READ[record])
        return found


def forget() -> None:
    """Let go of the indexes; the next call makes them anew."""
    with _making:
        _current.clear()
