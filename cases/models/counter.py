"""Numbers that are handed out once and never again."""

from __future__ import annotations

from django.db import models
from django.db.models import F

from . import fields


class CounterManager(models.Manager["Counter"]):
    def take(self, name: str) -> int:
        """Return the next value of a counter; rolled back with the transaction it is taken in."""
        self.get_or_create(name=name)
        self.filter(name=name).update(value=F("value") + 1)
        return self.get(name=name).value

    def raise_to(self, name: str, value: int) -> None:
        """Make sure that a counter never hands out `value` or anything below it."""
        self.get_or_create(name=name)
        self.filter(name=name, value__lt=value).update(value=value)


class Counter(models.Model):
    """The last value handed out under one name."""

    name = fields.CharField(max_length=40, primary_key=True)
    value = fields.PositiveBigIntegerField(default=0)

    objects = CounterManager()

    def __str__(self) -> str:
        return f"{self.name}: {self.value}"
