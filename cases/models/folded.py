"""The folded words of a record, by which lists of records are searched and sorted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import reduce
from operator import and_, or_
from typing import Any

from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Replace

from cases.text.folding import encode_words, tokens, variants

from . import fields

# The words of a search that are looked for.
MAX_SEARCHED = 12

# In many collations of PostgreSQL a space does not count. A digit sorts before letters in all.
BY_FOLDED = Replace("folded", Value(" "), Value("0"), output_field=models.TextField())
"""The order by the first column that is folded; the same on both databases."""


class FoldedField(fields.Derived, fields.Described, models.TextField[Any, Any]):
    """The encoded words of the columns `of`, each after a space; derived on every save.

    A bulk update does not see it: call `fold_again` after one that changes the columns.
    """

    def __init__(self, *args: Any, of: Sequence[str] = (), **kwargs: Any) -> None:
        self.of = of
        kwargs |= {"blank": True, "default": "", "editable": False}
        super().__init__(*args, **kwargs)

    def derived(self, instance: models.Model) -> str:
        return f" {encode_words(_texts(getattr(instance, name) for name in self.of))}"


def _texts(values: Iterable[Any]) -> Iterator[str]:
    for value in values:
        # The database accepts any JSON as a list of names.
        texts = value if isinstance(value, list) else [value]
        yield from (text for text in texts if isinstance(text, str))


def has_beginning(path: str, variants: Iterable[str]) -> Q:
    """Return the condition that one of the encoded variants begins a word of a folded column."""
    return reduce(or_, (Q(**{f"{path}__contains": f" {variant}"}) for variant in variants))


def has_word(word: str) -> Q:
    """Return the condition that a record has a word that begins with a folded one."""
    return has_beginning("folded", variants(word))


def has_words(typed: str, having: Callable[[str], Q] = has_word) -> Q:
    """Return the condition that a record has words beginning with each of those typed.

    `having` returns the condition for one folded word.
    """
    words = [*dict.fromkeys(tokens(typed))][:MAX_SEARCHED]
    return reduce(and_, map(having, words), Q())


def fold_again(
    model: type[models.Model],
    keys: Iterable[int] | None = None,
    changed: Iterable[str] | None = None,
    *,
    only_check: bool = False,
) -> int:
    """Derive the folded column again, if the model has one; return how many rows were wrong.

    `keys` are those of the rows, and `changed` the columns that were written; None for all. With
    `only_check` nothing is written.
    """
    column = next((f for f in model._meta.concrete_fields if isinstance(f, FoldedField)), None)
    if column is None or not (changed is None or set(column.of) & set(changed)):
        return 0
    rows = model._base_manager.only(column.name, *column.of)
    rows = rows.order_by() if keys is None else rows.filter(pk__in=list(keys))
    wrong = 0
    for row in rows.iterator(500):
        stored = getattr(row, column.name)
        derived = column.derive(row)
        if derived != stored:
            wrong += 1
            if not only_check:
                # Somebody may have saved the row meanwhile, and derived its column by that.
                unchanged = model._base_manager.filter(pk=row.pk, **{column.name: stored})
                unchanged.update(**{column.name: derived})
    return wrong
