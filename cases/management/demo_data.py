"""The demo's records: the fixtures, loaded beside whatever editors have made of them since.

A record that is missing is added, one that equals its fixture is left, and one that an editor
changed is kept unless a reset is asked for. Records that are in no fixture are never touched.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from django.apps import apps
from django.conf import settings
from django.core import serializers
from django.core.exceptions import FieldDoesNotExist, ObjectDoesNotExist, ValidationError
from django.core.serializers.base import DeserializationError, DeserializedObject
from django.core.serializers.pyyaml import SafeLoader  # type: ignore[attr-defined]  # not in stubs
from django.db import IntegrityError, models, transaction
from django.utils import timezone

from cases.models import (
    Actor,
    Case,
    DirectiveException,
    ExceptionAssessment,
    FormerSlug,
    Involvement,
)
from cases.models.slugs import Slugged
from cases.review.checks import problems_of, validate
from cases.search import catch_up
from cases.versions.making import make_version

FIXTURES = ("directive", "article", "notes")
FIRST_VERSION = "First version, coded from the seed article."
LATER_VERSION = "Brought back to the coding of the seed article."
NAMED_AT_ONCE = 10

FixtureRow = dict[str, Any]
"""One record of a fixture, as the file has it: a `model` and its `fields`."""


class DemoError(Exception):
    """The demo could not be loaded, and nothing of it was; the message says why."""


@dataclass
class Outcome:
    """What a load did; every list names records in words."""

    added: list[str] = field(default_factory=list)
    restored: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    versions: list[str] = field(default_factory=list)
    unchanged: int = 0

    @property
    def wrote(self) -> bool:
        return bool(self.added or self.restored or self.versions)

    @property
    def found(self) -> int:
        """Return how many records of the fixtures were there before."""
        return self.unchanged + len(self.kept) + len(self.restored)

    def __str__(self) -> str:
        """Tell the outcome in one or a few plain sentences."""
        return " ".join(sentence for sentence in self._sentences() if sentence)

    def _sentences(self) -> Iterator[str]:
        if not self.wrote:
            yield (
                f"Nothing changed: {_count(self.found, 'record')} of the demo "
                f"{_were(self.found)} already here."
            )
        elif self.added and not self.found:
            yield f"Added {_count(len(self.added), 'record')} of the demo."
        elif self.added:
            yield (
                f"Added {_count(len(self.added), 'record')} that {_were(len(self.added))} not here "
                f"(anything an editor had deleted is back): {_names(self.added)}."
            )
        if self.restored:
            yield (
                f"Brought {_count(len(self.restored), 'record')} back to the fixtures: "
                f"{_names(self.restored)}."
            )
        if self.versions:
            yield f"Made {_count(len(self.versions), 'version')}: {_names(self.versions)}."
        if self.kept:
            yield (
                f"Kept {_count(len(self.kept), 'record')} as edited here (--reset would bring "
                f"back the fixtures'): {_names(self.kept)}."
            )


def load(*, reset: bool = False) -> Outcome:
    """Load the fixtures and make the first versions, all or nothing; raises DemoError.

    With `reset`, records that differ from their fixtures are overwritten.
    """
    try:
        with transaction.atomic():
            outcome = _load(list(rows()), reset)
            if outcome.wrote:
                catch_up(limit=None)
            return outcome
    except (DeserializationError, FieldDoesNotExist, IntegrityError) as error:
        raise DemoError(f"The fixtures cannot be loaded here: {error}") from error


def rows() -> Iterator[FixtureRow]:
    """Yield the records of the fixtures in their order."""
    for name in FIXTURES:
        text = _fixture(f"{name}.yaml").read_text(encoding="utf-8")
        yield from yaml.load(text, Loader=SafeLoader) or ()  # noqa: S506 - safe under another name


def _fixture(name: str) -> Path:
    for folder in settings.FIXTURE_DIRS:
        path = Path(folder) / name
        if path.exists():
            return path
    raise DemoError(f"There is no {name} in the folders of the setting FIXTURE_DIRS.")


def _load(fixture_rows: list[FixtureRow], reset: bool) -> Outcome:
    outcome = Outcome()
    if reset:
        _bring_slugs_back(fixture_rows)
    renamed = _renamed()
    numbers: list[str] = []
    for row, read in _in_loadable_order([_follow(row, renamed) for row in fixture_rows]):
        _load_row(row, read, reset, outcome)
        if isinstance(read.object, Case):
            numbers.append(read.object.number)
    published = Case.objects.published().filter(number__in=numbers)
    _require_publishable(published)
    _make_versions(published, outcome)
    return outcome


def _in_loadable_order(
    waiting: list[FixtureRow],
) -> Iterator[tuple[FixtureRow, DeserializedObject]]:
    """Yield each row once everything it refers to is stored; the caller stores it at once."""
    while waiting:
        later: list[FixtureRow] = []
        for row in waiting:
            read = _read(row)
            if read is None:
                later.append(row)
            else:
                yield row, read
        if len(later) == len(waiting):
            raise DemoError(
                "These records refer to others that are in no fixture: "
                f"{_names([_name(row) for row in later])}."
            )
        waiting = later


def _read(row: FixtureRow) -> DeserializedObject | None:
    """Return the row as an object, with the key of the record that it names if that is stored.

    None stands for a row that refers to something which is not stored yet.
    """
    try:
        (read,) = serializers.deserialize("python", [row], handle_forward_references=True)
    except ObjectDoesNotExist:
        return None
    return None if read.deferred_fields else read


def _load_row(row: FixtureRow, read: DeserializedObject, reset: bool, outcome: Outcome) -> None:
    fixture, recipients = read.object, read.m2m_data or {}
    stored = type(fixture)._default_manager.filter(pk=fixture.pk).first() if fixture.pk else None
    if stored is None:
        _save(row, fixture, recipients)
        outcome.added.append(_name(row))
        return
    differing = _differing(row, stored, fixture, recipients)
    if differing and reset:
        for name in differing - recipients.keys():
            setattr(stored, name, getattr(fixture, name))
        if isinstance(stored, Case) and isinstance(fixture, Case):
            stored.published_at = stored.published_at or fixture.published_at
        _save(row, stored, recipients)
        outcome.restored.append(_name(row))
    elif differing or "renamed" in row:
        outcome.kept.append(_name(row))
    else:
        outcome.unchanged += 1


def _save(row: FixtureRow, record: models.Model, many: dict[str, Sequence[Any]]) -> None:
    """Validate and store a record; what the database itself holds to is left to it."""
    try:
        validate(record)
    except ValidationError as error:
        raise DemoError(f"{_name(row)}: {' '.join(error.messages)}") from error
    if isinstance(record, Case):
        _require_free_number(record)
    record.save()
    for name, keys in many.items():
        getattr(record, name).set(keys)


def _require_free_number(case: Case) -> None:
    other = Case.objects.filter(number=case.number).exclude(pk=case.pk).first()
    if other is not None:
        raise DemoError(
            f"{case.number} is the number of another case here, “{other.title}”. The numbers of "
            "the demo are fixed: load it into a database whose numbering has not begun."
        )


def _differing(
    row: FixtureRow, stored: models.Model, fixture: models.Model, many: dict[str, Sequence[Any]]
) -> set[str]:
    """Name the fields in which a stored record differs from its fixture."""
    differing = {
        column.attname
        for column in fixture._meta.concrete_fields
        if _is_entered(column, row)
        and getattr(stored, column.attname) != getattr(fixture, column.attname)
    }
    for name, keys in many.items():
        if set(getattr(stored, name).values_list("pk", flat=True)) != set(keys):
            differing.add(name)
    return differing


def _is_entered(column: models.Field[Any, Any], row: FixtureRow) -> bool:
    """Whether a person enters the column: it is neither kept by the system nor derived.

    A day that the fixture leaves out is that of loading, and says nothing.
    """
    derived = column.model is Case and column.name.startswith("date_")
    left_to_the_clock = isinstance(column, models.DateField) and callable(column.default)
    return (
        column.editable
        and not column.primary_key
        and not derived
        and (column.name in row["fields"] or not left_to_the_clock)
    )


def _require_publishable(cases: models.QuerySet[Case]) -> None:
    problems = [
        f"{case.slug}: {problem}"
        for case in cases.for_detail()  # type: ignore[attr-defined]  # a CaseQuerySet
        for problem in problems_of(case)
    ]
    if problems:
        raise DemoError("\n".join(["Published cases of the demo have problems:", *problems]))


def _make_versions(cases: models.QuerySet[Case], outcome: Outcome) -> None:
    """Make the first version of each case that has none, and the next one of each that changed.

    A case became public, or changed, when its version did, whatever day the fixture was written.
    """
    now = timezone.now()
    for case in cases.annotate(version_count=models.Count("versions")).order_by("number"):
        if not case.version_count:
            note = FIRST_VERSION
        elif outcome.added or outcome.restored:
            note = LATER_VERSION
        else:
            continue
        version = make_version(case, None, note)
        if version is not None:
            outcome.versions.append(f"{case.number} version {version.number}")
            moved = {"updated_at": now}
            if note == FIRST_VERSION:
                moved["published_at"] = now
            Case.objects.filter(pk=case.pk).update(**moved)


# Records that an editor gave another slug: a fixture means them all the same.

KEYS: dict[type[models.Model], tuple[type[Slugged], ...]] = {
    Involvement: (Case, Actor),
    ExceptionAssessment: (Case, DirectiveException),
}
"""Whose slugs a natural key begins with, where it is not the case's or the record's own."""

Renamed = dict[tuple[type[models.Model], str], str]


def _key_of(model: type[models.Model]) -> tuple[type[Slugged], ...]:
    return (model,) if issubclass(model, Slugged) else KEYS.get(model, (Case,))


def _renamed() -> Renamed:
    """Map each slug that only a former address still has to the present one."""
    found: Renamed = {}
    for former in FormerSlug.objects.select_related("content_type"):
        model = former.content_type.model_class()
        if model is not None and issubclass(model, Slugged):
            current = model.current_slug(former.slug)
            if current and not model._default_manager.filter(slug=former.slug).exists():
                found[model, former.slug] = current
    return found


def _follow(row: FixtureRow, renamed: Renamed) -> FixtureRow:
    """Return the row with the present slugs of renamed records, marked if it is one itself."""
    if not renamed:
        return row
    model = apps.get_model(row["model"])
    fields = dict(row["fields"])
    for name, value in fields.items():
        related = model._meta.get_field(name).related_model
        if not isinstance(value, list) or not isinstance(related, type):
            continue
        many = model._meta.get_field(name).many_to_many
        keys = [_present(related, key, renamed) for key in (value if many else [value])]
        fields[name] = keys if many else keys[0]
    followed = {"model": row["model"], "fields": fields}
    if (model, fields.get("slug")) in renamed:
        fields["slug"] = renamed[model, fields["slug"]]
        followed["renamed"] = True
    return followed


def _present(model: type[models.Model], key: list[Any], renamed: Renamed) -> list[Any]:
    whose = _key_of(model)
    slugs = [renamed.get((owner, slug), slug) for owner, slug in zip(whose, key, strict=False)]
    return [*slugs, *key[len(whose) :]]


def _bring_slugs_back(fixture_rows: Iterable[FixtureRow]) -> None:
    renamed = _renamed()
    for row in fixture_rows:
        model = apps.get_model(row["model"])
        current = renamed.get((model, row["fields"].get("slug")))
        if current is not None:
            record = model._default_manager.get(slug=current)
            record.slug = row["fields"]["slug"]
            record.save()


# Words


def _name(row: FixtureRow) -> str:
    """Name a record of the fixtures: "claim moscow-concert-hall-2024 3"."""
    model, fields = apps.get_model(row["model"]), row["fields"]
    if "slug" in fields:
        key = [fields["slug"]]
    else:
        parts = ("case", "actor", "exception", "role", "sequence")
        key = [fields[part] for part in parts if part in fields]
    words = (step[0] if isinstance(step, list) else str(step) for step in key)
    return " ".join([str(model._meta.verbose_name), *words])


def _names(names: list[str]) -> str:
    shown = ", ".join(names[:NAMED_AT_ONCE])
    return (
        shown if len(names) <= NAMED_AT_ONCE else f"{shown} and {len(names) - NAMED_AT_ONCE} more"
    )


def _count(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _were(count: int) -> str:
    return "was" if count == 1 else "were"
