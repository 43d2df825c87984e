"""Find every place that holds a text to be struck, before anything is written.

Slugs that hold the text are replaced, and former ones forgotten. What other cases hold is found
too, and is struck only if the reviewer asks for that.
"""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Iterable, Iterator
from io import BytesIO
from itertools import chain, count
from typing import Any

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q, TextField
from django.db.models.functions import Cast
from django.utils.formats import localize
from django.utils.text import Truncator, capfirst
from django.utils.timezone import localtime

from cases.models import (
    Actor,
    Case,
    Claim,
    Comment,
    Directive,
    DirectiveException,
    ExceptionAssessment,
    FormerSlug,
    Import,
    Incident,
    Involvement,
    Merge,
    Note,
    Redaction,
    Release,
    ReviewStep,
    Source,
    Version,
    Warning,
)
from cases.models.slugs import Slugged
from cases.models.vocabulary import ABSENT_VALUES
from cases.record.building import record_of
from cases.record.classes import ActorRef, SourceRef
from cases.record.naming import named_in
from cases.record.stored import read_record
from cases.versions.making import cases_mentioning, is_recorded
from cases.versions.striking import strike_path, strike_record, struck_columns

from .redaction_plan import (
    OTHERS,
    PRIVATE,
    THIS_CASE,
    USED,
    VERSIONS,
    RedactionOrder,
    RedactionPlan,
    StruckPlace,
)

PARTS: tuple[type[Any], ...] = (
    *(Warning, Incident, Involvement, ExceptionAssessment, Claim, Note, ReviewStep, Comment),
)
SHARED: tuple[type[Any], ...] = (Actor, Source, Directive, DirectiveException)
RECORDS: tuple[type[Any], ...] = (Case, *PARTS, *SHARED)
LOGS: tuple[type[Any], ...] = (Merge, Import, LogEntry, Redaction)
OF_NO_CASE: tuple[type[Any], ...] = (*LOGS, Release)
"""What is struck whichever case a redaction is of."""
OF_CASES: tuple[type[Any], ...] = (*PARTS, Version)
BY_NAME: tuple[type[Any], ...] = (*SHARED, *OF_NO_CASE)
"""What is named in the preview by its own words rather than by its place in a case."""
SLUGGED: tuple[type[Any], ...] = (Case, Note, *SHARED)

# Characters of a name in the preview.
MAX_NAME_LENGTH = 80
IN_WORDS = {
    "object repr": "name of the record",
    "change message": "what was done",
    "plan": "what became of a row",
    "written": "what undoing it takes",
    "steps": "what undoing it takes",
}
"""What the preview calls columns of logs, by the names that they have in the database."""

NOT_TEXT = {
    *("number", "case_number", "code", "digest", "content_digest", "plan_digest", "text_digests"),
    *("places", "status", "subject", "object_id", "wikidata_id", "folded", "part", "correction"),
}
"""Columns that hold no text although they are texts or JSON in the database.

Nor does the column `field`, except in a note, where a path names an actor by its slug.
"""


def preview(case: Case, order: RedactionOrder) -> RedactionPlan:
    """Return what a redaction would write. Nothing is written."""
    return _Finder(case, order).plan()


class _Finder:
    """Finds the places that hold what is to be struck from a case."""

    def __init__(self, case: Case, order: RedactionOrder) -> None:
        self.case, self.order, self.striker = case, order, order.striker
        self.found = RedactionPlan()
        self.cases = _with_merged(case.pk)
        self.used = self._used()
        self.slugs: dict[str, str] = {}
        """For each slug that is struck, former ones too, the present slug of its record."""
        self.new_slugs: dict[tuple[type[Any], int], str] = {}

    def plan(self) -> RedactionPlan:
        for model in SLUGGED:
            self._strike_slugs(model)
        for model in RECORDS:
            for row in self._rows(model):
                self._take(row, self._columns_of(row))
        for version in self._rows(Version):
            self._take(version, struck_columns(version, self.striker, self.slugs))
        for model in OF_NO_CASE:
            for row in self._rows(model):
                if not isinstance(row, Import) or row.is_applied:
                    self._take(row, self._columns_of(row))
        self._take_uploads()
        return self.found

    def _take_uploads(self) -> None:
        """Plan to remove waiting uploads that hold a text, because files cannot be redacted."""
        for upload in Import.objects.filter(applied_at=None).order_by("pk"):
            texts = (upload.note, json.dumps(upload.plan, ensure_ascii=False), *_texts_in(upload))
            holding = next((text for text in texts if self.striker.strike(text) != text), None)
            if holding is not None:
                self.found.uploads.append(upload)
                self._add(PRIVATE, "Upload that waits", holding, "removed", f"upload {upload.pk}")

    def _used(self) -> dict[type[Any], set[int]]:
        """Return the keys of the actors and sources that the case names, or any version of it."""
        now = map(record_of, Case.objects.for_detail().filter(pk__in=self.cases))
        versions = Version.objects.filter(case__in=self.cases).iterator(50)
        records = chain(now, (read_record(version.record) for version in versions))
        named = {(type(ref), ref.slug) for record in records for ref in named_in(record)}
        keys: dict[type[Any], set[int]] = {}
        for kind, model in ((ActorRef, Actor), (SourceRef, Source)):
            slugs = {slug for other, slug in named if other is kind}
            former = FormerSlug.objects.filter(content_type=_kind(model), slug__in=slugs)
            rows = model.objects.filter(Q(slug__in=slugs) | Q(pk__in=former.values("object_id")))
            keys[model] = set(rows.values_list("pk", flat=True))
        return keys

    def _is_own(self, row: Any) -> bool:
        """Tell whether a row belongs to the case, or is an actor or a source that it names."""
        if isinstance(row, Case):
            return row.pk in self.cases
        if isinstance(row, OF_CASES):
            return row.case_id in self.cases
        if isinstance(row, FormerSlug):
            model = row.content_type.model_class()
            if model is Note:
                return bool(Note.objects.filter(pk=row.object_id, case__in=self.cases).exists())
            own = self.cases if model is Case else self.used.get(model, set())  # type: ignore[arg-type]
            return row.object_id in own
        if isinstance(row, Merge):
            model = {"actor": Actor, "source": Source}.get(row.kind)
            own = self.cases if model is None else self.used[model]
            return bool({row.kept_key, row.merged_key} & own)
        return isinstance(row, OF_NO_CASE) or row.pk in self.used.get(type(row), set())

    def _is_struck(self, row: Any) -> bool:
        return self.order.is_everywhere or self._is_own(row)

    def _rows(self, model: type[Any]) -> Iterator[Any]:
        """Yield the rows that may hold a text; the database leaves out what cannot, if it can."""
        rows = model._base_manager.order_by("pk")
        if any(each.name == "case" for each in model._meta.concrete_fields):
            rows = rows.select_related("case")
        names = [each.name for each in text_fields(model)]
        runs = self.striker.common_run
        if runs:
            holding = Q()
            for name in names:
                rows = rows.alias(**{f"{name}_text": Cast(name, TextField())})
                for run in runs:
                    holding |= Q(**{f"{name}_text__icontains": run})
            rows = rows.filter(holding)
        if model is Import:
            rows = rows.defer("content")
        yield from rows.iterator(50)

    def _strike_slugs(self, model: type[Any]) -> None:
        """Choose new slugs for records whose slug holds a text, and forget such former ones."""
        kind = _kind(model)
        for row in model._base_manager.only("pk", "slug"):
            struck = self.striker.strike_slug(row.slug)
            if struck != row.slug and self._is_struck(self._whole(model, row)):
                self.new_slugs[model, row.pk] = self._free(model, kind, struck, row.pk)
                self.slugs[row.slug] = self.new_slugs[model, row.pk]
        present = dict(model._base_manager.values_list("pk", "slug"))
        for former in FormerSlug.objects.filter(content_type=kind).select_related("content_type"):
            if self.striker.strike_slug(former.slug) != former.slug:
                if not self._is_struck(former):
                    continue
                self.found.former_slugs.append(former)
                now = self.new_slugs.get((model, former.object_id)) or present.get(former.object_id)
                if now:
                    self.slugs[former.slug] = now
                where = f"Former address of a {model._meta.verbose_name}"
                group = OTHERS if not self._is_own(former) else USED
                group = THIS_CASE if model is Case and self._is_own(former) else group
                self._add(group, where, former.slug, "forgotten", f"former slug {former.pk}")

    def _whole(self, model: type[Any], row: Any) -> Any:
        """Return a row, read with its slug only, and the fields that say whose it is."""
        return row if model is not Note else Note.objects.get(pk=row.pk)

    def _free(self, model: type[Any], kind: ContentType, slug: str, key: int) -> str:
        """Return a slug that no record has or had, as near to `slug` as can be."""
        taken = set(self.new_slugs.values())
        for number in count(1):
            free = slug[:90] if number == 1 else f"{slug[:90]}-{number}"
            if free in ABSENT_VALUES or free in taken:
                continue
            if model._base_manager.filter(slug=free).exclude(pk=key).exists():
                continue
            if not FormerSlug.objects.filter(content_type=kind, slug=free).exists():
                return free
        raise AssertionError  # count() does not end

    def _columns_of(self, row: Any) -> tuple[dict[str, Any], list[tuple[str, str]]]:
        """Return the columns of a row that change, and name and text of each struck value."""
        columns: dict[str, Any] = {}
        places: list[tuple[str, str]] = []
        for column in text_fields(type(row)):
            value = getattr(row, column.attname)
            struck, found = self._strike(row, column, value)
            if struck != value:
                columns[column.attname] = struck
                places += found
                self._check_length(row, column, struck)
        if isinstance(row, Actor) and "name" in columns and row.wikidata_id:
            columns["wikidata_id"] = ""
            places.append(("Wikidata identifier", row.wikidata_id))
        return columns, places

    def _strike(self, row: Any, column: Any, value: Any) -> tuple[Any, list[tuple[str, str]]]:
        label = str(column.verbose_name)
        if isinstance(column, models.JSONField):
            if isinstance(row, Actor):  # an other name that is struck names nobody
                kept = [alias for alias in value if self.striker.strike(alias) == alias]
                return kept, [(label, alias) for alias in value if alias not in kept]
            struck, found = strike_record(value, self.striker, self.slugs)
            return struck, [(f"{label} {path}", text) for path, text in found]
        if isinstance(column, models.SlugField):
            if isinstance(row, Slugged):
                struck = self.new_slugs.get((type(row), row.pk), value)
            else:
                struck = self.slugs.get(value) or self.striker.strike_slug(value)
        elif isinstance(column, models.URLField):
            struck = self.striker.strike_address(value)
        elif isinstance(row, Note) and column.name == "field":
            struck = strike_path(value, self.striker, self.slugs)
        elif isinstance(row, LogEntry) and column.name == "change_message":
            # The message is stored as JSON; the log shows it in words.
            return self._strike_message(value), [(label, row.get_change_message())]
        elif isinstance(row, Import) and column.name == "file_name":  # which is like an address
            struck = self.striker.strike_address(value) or self.striker.replacement
        elif value in ABSENT_VALUES:
            struck = value
        else:
            struck = self.striker.strike(value)
        if isinstance(row, LOGS):
            struck = struck[: column.max_length]
        return struck, [(label, value)]

    def _strike_message(self, message: str) -> str:
        """Strike a message of Django's log, which is JSON with its letters escaped, or a text."""
        try:
            told = json.loads(message)
        except ValueError:
            return self.striker.strike(message)
        struck, found = strike_record(told, self.striker, self.slugs)
        return json.dumps(struck) if found else message

    def _check_length(self, row: Any, column: Any, value: Any) -> None:
        longest = getattr(column, "max_length", None)
        if longest and isinstance(value, str) and len(value) > longest and self._is_struck(row):
            self.found.refusals.append(
                f"{_name_of(row)}, {column.verbose_name}: it would be longer than {longest} "
                "characters. Choose something shorter to print instead."
            )

    def _take(self, row: Any, struck: tuple[dict[str, Any], list[tuple[str, str]]]) -> None:
        columns, places = struck
        if not columns:
            return
        is_struck = self._is_struck(row)
        if is_struck:
            self.found.rows.append((row, columns))
            self._warn_of(row, columns)
        group = self._group_of(row)
        for label, text in places:
            where = f"{_name_of(row)}, {_in_words(label)}"
            key = f"{row._meta.model_name} {row.pk}: {label}"
            self._add(group, where, text, self._after(row, label, columns, text), key, is_struck)

    def _group_of(self, row: Any) -> str:
        if isinstance(row, LOGS):
            return PRIVATE
        if not self._is_own(row) or isinstance(row, Release):
            return OTHERS
        if isinstance(row, Version):
            return VERSIONS
        return THIS_CASE if isinstance(row, (Case, *PARTS)) else USED

    def _after(self, row: Any, label: str, columns: dict[str, Any], text: str) -> str:
        """Word what a place says afterwards."""
        if text in self.slugs:
            return self.slugs[text]
        if isinstance(row, Version) and label.endswith("url"):
            return "removed"
        if isinstance(row, Version) and label.endswith("about"):
            return strike_path(text, self.striker, self.slugs)
        for column in text_fields(type(row)):
            value = columns.get(column.attname)
            is_address = isinstance(column, models.SlugField | models.URLField)
            if is_address and str(column.verbose_name) == label and value is not None:
                return value or "removed"
        if isinstance(row, Actor) and label in ("aliases", "Wikidata identifier"):
            return "removed"
        return self.striker.strike(self.striker.excerpt(text))

    def _add(
        self, group: str, where: str, text: str, after: str, key: str, is_struck: bool = True
    ) -> None:
        place = StruckPlace(group, where, self.striker.excerpt(text), after, key)
        (self.found.places if is_struck else self.found.left).append(place)

    def _warn_of(self, row: Any, columns: Iterable[str]) -> None:
        """Say which other cases show an actor or a source that is struck."""
        if not isinstance(row, Actor | Source):
            return
        if not any(is_recorded(type(row), column) for column in columns):
            return
        others = cases_mentioning(row).exclude(pk__in=self.cases).order_by("pk")
        if others:
            numbers = ", ".join(others.values_list("number", flat=True)[:10])
            self.found.cautions.append(
                f"{capfirst(str(row._meta.verbose_name))} “{row}” is also shown by {numbers}. "
                "These cases will show the struck form, each in a new version."
            )


def text_fields(model: type[models.Model]) -> list[Any]:
    """Return the columns of a model in which people write, or that hold what they wrote."""
    return [
        column
        for column in model._meta.concrete_fields
        if isinstance(column, models.CharField | models.TextField | models.JSONField)
        and not (column.choices or column.name in NOT_TEXT or column.name.endswith("_edtf"))
        and not (column.name == "field" and model is not Note)
        and not (column.name == "name" and model is Release)  # as in its address
    ]


def _texts_in(upload: Import) -> Iterator[str]:
    """Yield the texts in the file of an upload; bundles and workbooks are archives."""
    content = bytes(upload.content)
    if not zipfile.is_zipfile(BytesIO(content)):
        yield content.decode(errors="replace")
        return
    with zipfile.ZipFile(BytesIO(content)) as archive:
        for name in archive.namelist():
            yield archive.read(name).decode(errors="replace")


def _with_merged(key: int) -> set[int]:
    """Return the key of a case and those of the cases that were merged into it."""
    keys, added = {key}, {key}
    while added:
        found = Case.objects.filter(merged_into__in=added).values_list("pk", flat=True)
        added = set(found) - keys
        keys |= added
    return keys


def _kind(model: type[Any]) -> ContentType:
    return ContentType.objects.get_for_model(model)


def _in_words(label: str) -> str:
    """Return what the preview calls a column, or a path in one: “claim 2, source title”."""
    found = (words for name, words in IN_WORDS.items() if f"{label} ".startswith(f"{name} "))
    plain = re.sub(r"s (\d+)\b", r" \1,", re.sub(r"ies (\d)", r"ys \1", label)).rstrip(",")
    return next(found, plain.replace("_", " "))


def _name_of(row: Any) -> str:
    """Name a row for the preview, with the number of its case."""
    if isinstance(row, Case):
        return row.number
    if isinstance(row, Version):
        return f"{row.case.number}, version {row.number}"
    if isinstance(row, LogEntry):
        return f"Log entry of {localize(localtime(row.action_time))}"
    case = getattr(row, "case", None)
    named = Truncator(str(row)).chars(MAX_NAME_LENGTH)
    name = f"{row._meta.verbose_name} “{named}”" if isinstance(row, BY_NAME) else named
    return f"{case.number}, {name}" if case is not None else capfirst(name)
