"""The fixed random mix of queries that the list of cases is measured with."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from urllib.parse import urlencode

from django.http import QueryDict

from cases.finding.case_filter import FACETS, CaseFilter
from cases.finding.selection import SORTS
from cases.index.case_index import ACTORS, WARNING_DIMENSIONS
from cases.models import SearchDocument

SEED = 191
Pairs = list[tuple[str, str]]
Make = Callable[[random.Random], Pairs]


class Mix:
    """Random query strings over what the collection holds; the same seed gives the same ones."""

    def __init__(self) -> None:
        choices = CaseFilter(QueryDict()).choices
        self.choices = {name: list(choices[name]) for name in FACETS}
        self.words = _words()

    def queries(self, count: int) -> list[tuple[str, str]]:
        """Return pairs of the kind of a query and its query string."""
        return [(kind, urlencode(pairs)) for kind, pairs in self.pairs(count)]

    def pairs(self, count: int) -> list[tuple[str, Pairs]]:
        """Return pairs of the kind of a query and its parameters."""
        chance = random.Random(SEED)  # noqa: S311 - a repeatable choice, no secret
        kinds = [(kind, make) for kind, share, make in self.kinds() for _ in range(share)]
        drawn = (chance.choice(kinds) for _ in range(count))
        return [(kind, make(chance)) for kind, make in drawn]

    def kinds(self) -> list[tuple[str, int, Make]]:
        """Return the kinds of query with their shares in the mix, in twentieths."""
        return [
            ("no filter, any order", 2, self._sort),
            ("one filter", 4, lambda chance: self._filters(chance, 1)),
            ("two to four filters", 4, lambda chance: self._filters(chance, chance.randint(2, 4))),
            ("several of one warning", 3, self._of_one_warning),
            ("dates", 1, self._dates),
            ("search: one word", 2, lambda chance: [("q", chance.choice(self.words))]),
            ("search: two words, a phrase, a prefix", 1, self._search),
            ("search and filters", 1, lambda chance: [*self._search(chance), *self._one(chance)]),
            ("table, sorted, deep page", 2, self._table),
        ]

    def _value(self, chance: random.Random, name: str) -> tuple[str, str]:
        values = self.choices[name]
        # The first actors of the synthetic collection are in many cases, the last in one or two.
        place = int(len(values) * chance.random() ** (3 if name in ACTORS else 1))
        return name, values[place]

    def _one(self, chance: random.Random) -> Pairs:
        return [self._value(chance, chance.choice(sorted(self.choices)))]

    def _filters(self, chance: random.Random, count: int) -> Pairs:
        names = chance.sample(sorted(set(self.choices) - {"exception"}), count)
        pairs = []
        for name in names:
            form = chance.choice(["", "", "", "", "__not"])
            pairs += [
                (name + form, self._value(chance, name)[1]) for _ in range(chance.choice([1, 1, 2]))
            ]
        return [*pairs, *self._sort(chance)]

    def _of_one_warning(self, chance: random.Random) -> Pairs:
        return [self._value(chance, name) for name in chance.sample(WARNING_DIMENSIONS, 3)]

    def _dates(self, chance: random.Random) -> Pairs:
        start = chance.randint(1980, 2024)
        match = chance.choice(["possible", "certain"])
        end = start + chance.randint(0, 9)
        return [("date_from", str(start)), ("date_to", str(end)), ("date_match", match)]

    def _search(self, chance: random.Random) -> Pairs:
        one, two = chance.choice(self.words), chance.choice(self.words)
        return [("q", chance.choice([f"{one} {two}", f'"{one} {two}"', f"{one[:3]}*"]))]

    def _sort(self, chance: random.Random) -> Pairs:
        sort = chance.choice(["", *(name for name in SORTS if name != "relevance")])
        return [("sort", sort)] if sort else []

    def _table(self, chance: random.Random) -> Pairs:
        page = str(chance.randint(1, 40))
        return [("view", "table"), *self._one(chance), *self._sort(chance), ("page", page)]


class SharedMix(Mix):
    """Random queries that a table with one row for each case can answer, as Datasette has it.

    It does not tell whether two values belong to one warning or to one role, has no phrases or
    prefixes, and no page but the first by its number. Values with the most cases are drawn most
    often, so that few pages are empty, which suits neither side.
    """

    def __init__(self) -> None:
        super().__init__()
        cases = CaseFilter(QueryDict())
        for name, offered in self.choices.items():
            found = cases.counts(name)
            counts = Counter({value: found.get(value, 0) for value in offered})
            self.choices[name] = [value for value, count in counts.most_common() if count]

    def kinds(self) -> list[tuple[str, int, Make]]:
        return [
            ("no filter, any order", 4, self._sort),
            ("one filter", 6, self._one),
            ("two to four filters", 6, self._of_the_case),
            ("dates", 2, lambda chance: self._dates(chance)[:2]),
            ("search: one word", 2, lambda chance: [("q", chance.choice(self.words))]),
        ]

    def _of_the_case(self, chance: random.Random) -> Pairs:
        """Draw filters; at most one is about warnings, and one about roles."""
        others = sorted(set(self.choices) - {*WARNING_DIMENSIONS, "role"})
        names = chance.sample(others, chance.randint(1, 3))
        names.append(chance.choice(WARNING_DIMENSIONS))
        pairs = [self._value(chance, name) for name in names]
        return [(name + chance.choice(["", "", "", "", "__not"]), value) for name, value in pairs]


def _words() -> list[str]:
    """Return words of the texts, a common one as often as it is met."""
    texts = SearchDocument.objects.order_by("pk").values_list("passages", flat=True)[:200]
    words = (word for passages in texts for passage in passages for word in passage[1].split())
    return [word for word in words if word.isalpha() and len(word) > 3]
