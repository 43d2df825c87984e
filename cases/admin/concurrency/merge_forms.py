"""The three-way merge of a form with changes that another editor saved in the meantime.

Each value is compared with the one that the page was filled with. Values that only the other
editor changed are put into the form. Values that this editor typed are kept. If both changed a
value, it is kept as typed, and the stored one is shown next to it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Model
from django.http import HttpRequest, QueryDict
from django.utils.text import capfirst

from cases.models.claim import CLAIM_PARTS
from cases.versions.differences import CHANGED, Difference, Piece

from .state import State, Values, kept_fields, records_of
from .submitted_values import (
    GONE,
    NOTHING,
    Sent,
    count_rows_sent,
    is_ordered,
    is_same,
    label_in,
    names_in,
    shown,
    words,
)

# Fields of a form that represent several columns.
COVERED = {"about": (*CLAIM_PARTS, "field")}

# Names of the controls that say what a claim or note is about.
ABOUT = re.compile(r"(claims-\d+-about|notes-\d+-field)")

RowData = dict[str, Sent]


@dataclass(frozen=True)
class ChangedValue:
    """A value that the other editor changed; `yours` was typed here, if it differs from both."""

    label: str
    before: str
    after: str
    yours: str = ""
    control: str = ""

    @property
    def marked(self) -> list[Piece]:
        """Return both texts as one with marked differences, if they are long; [] otherwise."""
        difference = Difference(CHANGED, "", self.label, self.before, self.after)
        return difference.pieces if self.before and difference.is_long else []


@dataclass(frozen=True)
class ChangedPart:
    """What changed in the record itself or in one of its parts.

    `kind` is "changed", "added" or "removed"; for the latter two, `values` are those of the part. A
    removed part that this editor was working on stays in the form as a new one: `is_kept`. `noun`
    is what parts of its sort are called, such as "claim".
    """

    title: str
    kind: str
    values: list[ChangedValue] = field(default_factory=list)
    is_kept: bool = False
    noun: str = ""


@dataclass(frozen=True)
class TakenOver:
    """Parts of one sort that the other editor changed, added or removed, as the form now has them.

    No value in `parts` is one that both changed.
    """

    kind: str
    parts: list[ChangedPart]

    def __str__(self) -> str:
        first, *others = self.parts
        is_one = not others
        subject = first.title if is_one else f"{len(self.parts)} {first.noun}s"
        was, it_is = ("was", "is") if is_one else ("were", "are")
        if self.kind == "changed":
            labels = f": {', '.join(value.label for value in first.values)}" if is_one else ""
            return f"{subject} {was} changed{labels}"
        place = "in this form" if self.kind == "added" else "not in this form"
        return f"{subject} {was} {self.kind} and {it_is} {place}"


@dataclass
class Conflict:
    """The changes of the other editor, and the merged `data` to fill the form with."""

    name: str
    data: QueryDict
    parts: list[ChangedPart] = field(default_factory=list)
    entries: list[Any] = field(default_factory=list)
    # Whether the state that the page was made from is unknown, so that nothing was merged.
    is_unknown: bool = False

    @property
    def clashes(self) -> dict[str, ChangedValue]:
        """Return the values that both editors changed, by the name of the control."""
        return {value.control: value for part in self.parts for value in part.values if value.yours}

    @property
    def collisions(self) -> list[ChangedPart]:
        """Return what this editor has to decide on: values that both changed, and kept parts."""
        parts = (
            replace(part, values=[value for value in part.values if value.yours])
            for part in self.parts
        )
        return [part for part in parts if part.values or part.is_kept]

    @property
    def taken_over(self) -> list[TakenOver]:
        """Return what only the other editor did, with parts of one sort together."""
        groups: dict[tuple[str, str], list[ChangedPart]] = {}
        for part in self.parts:
            values = [value for value in part.values if not value.yours]
            if not part.is_kept and (values or part.kind != "changed"):
                groups.setdefault((part.kind, part.noun), []).append(replace(part, values=values))
        return [TakenOver(kind, parts) for (kind, __), parts in groups.items()]


def conflict_between(
    modeladmin: Any, request: HttpRequest, obj: Model, seen: State | None, now: State
) -> Conflict:
    """Return the conflict between a submitted form and the present state.

    `seen` is the state that the page was filled with, None if unknown; `now` is the present one.
    """
    return _Merge(modeladmin, request, obj, seen, now).conflict


class _Merge:
    def __init__(
        self, modeladmin: Any, request: HttpRequest, obj: Model, seen: State | None, now: State
    ) -> None:
        self.seen, self.now = seen, now
        self.typed = request.POST
        self.moved: dict[str, str] = {}
        self.conflict = Conflict(str(obj), request.POST.copy(), is_unknown=seen is None)
        form_class: Any = modeladmin.get_form(request, obj, change=True)
        self._merge_own(form_class, obj)
        for formset_class, inline in modeladmin.get_formsets_with_inlines(request, obj):
            prefix = formset_class.get_default_prefix()
            options = modeladmin.get_formset_kwargs(request, obj, inline, prefix)
            for name in ("data", "files", "save_as_new"):
                options.pop(name, None)
            self._merge_rows(formset_class(**options), inline)
        readdress(self.conflict.data, self.moved)

    def _merge_own(self, form_class: Any, obj: Model) -> None:
        before = None
        if self.seen is not None:
            before = form_class(instance=_record(type(obj), self.seen, str(obj.pk)))
        row, values = self._merged(form_class(instance=obj), before, _names_of("", self.typed))
        values += self._changes_outside_form(type(obj), str(obj.pk), form_class)
        for name, sent in row.items():
            self.conflict.data.setlist(name, sent)
        if values:
            title = f"The {obj._meta.verbose_name}"
            self.conflict.parts.append(ChangedPart(title, "changed", values))

    def _merge_rows(self, formset: Any, inline: Any) -> None:
        """Rebuild the rows of one formset: first the stored rows, then the new ones."""
        typed = typed_rows(formset, self.typed)
        if typed is None:
            return
        model = formset.model
        before: dict[str, Any] = records_of(model, self.seen.rows) if self.seen else {}
        forms_before = {
            key: formset.form(instance=record, **formset.get_form_kwargs(None))
            for key, record in before.items()
        }
        forms_now = {str(form.instance.pk): form for form in formset.initial_forms}
        by_key = {key: prefix for prefix in typed if (key := self._key_of(prefix, formset))}
        rows: list[RowData] = []
        for key, form in forms_now.items():
            earlier = forms_before.get(key)
            control = _names_of(f"{formset.prefix}-{len(rows)}", self.typed)
            if earlier is None and self.seen is not None:
                self._add_part(inline, form, "added")
            rows.append(
                self._row(form, earlier, by_key.get(key), control, inline)
                | {"id": [key], formset.fk.name: [str(formset.instance.pk)]}
            )
        new = [prefix for prefix in typed if self._key_of(prefix, formset) not in forms_now]
        for prefix in new:
            earlier = forms_before.get(self._key_of(prefix, formset))
            if self._is_kept(prefix, earlier, inline):
                place = f"{formset.prefix}-{len(rows)}"
                self.moved[prefix] = place
                if earlier is not None:
                    self.moved[path_of(earlier.instance)] = place
                rows.append(self._as_typed(prefix) | {"id": [""]})
        for key, form in forms_before.items():
            if key not in forms_now and key not in by_key:
                self._add_part(inline, form, "removed")
        _write(self.conflict.data, formset.prefix, rows, len(forms_now))

    def _row(
        self, form: Any, before: Any, prefix: str | None, control: Any, inline: Any
    ) -> RowData:
        """Return the merged data of a row that is still stored."""
        if prefix is None:  # the row was not on the submitted page
            return {name: shown(form, name) for name in names_in(form)}
        row, values = self._merged(form, before, _names_of(prefix, self.typed), control)
        values += self._changes_outside_form(type(form.instance), str(form.instance.pk), form)
        if values:
            self.conflict.parts.append(
                ChangedPart(
                    title_of(inline, form.instance), "changed", values, noun=_noun_of(inline)
                )
            )
        return self._as_typed(prefix) | row

    def _merged(
        self, now: Any, before: Any, typed: Callable[[str], str], control: Any = None
    ) -> tuple[RowData, list[ChangedValue]]:
        """Return the merged data of a form, and the values that the other editor changed."""
        row: RowData = {}
        values: list[ChangedValue] = []
        for name in names_in(now):
            present, sent = shown(now, name), self.typed.getlist(typed(name))
            earlier = shown(before, name) if before is not None and name in before.fields else None
            row[name] = sent
            same = partial(is_same, is_ordered=is_ordered(now, name))
            if earlier is not None and same(earlier, present):
                continue
            is_typed = earlier is None or not same(sent, earlier)
            if not is_typed:
                row[name] = present
            # Both editors made the same change.
            if same(sent, present):
                is_typed = False
            # The earlier state is unknown, but the typed value equals the stored one.
            if earlier is None and not is_typed:
                continue
            values.append(
                ChangedValue(
                    label_in(now, name),
                    words(now, name, earlier) if earlier is not None else "",
                    words(now, name, present),
                    words(now, name, sent) if is_typed else "",
                    (control or typed)(name),
                )
            )
        return row, values

    def _changes_outside_form(self, model: type[Model], key: str, form: Any) -> list[ChangedValue]:
        """Return the changes in columns that the form does not have, such as the status."""
        if self.seen is None:
            return []
        name = str(model._meta.model_name)
        before, now = (state.rows.get(name, {}).get(key, {}) for state in (self.seen, self.now))
        fields = getattr(form, "base_fields", {})
        covered = {*fields, *(column for each in fields for column in COVERED.get(each, ()))}
        return [
            ChangedValue(
                capfirst(str(column.verbose_name)),
                _column_words(column, before),
                _column_words(column, now),
            )
            for column in kept_fields(model)
            if column.name not in covered
            and column.name in before
            and before[column.name] != now.get(column.name)
        ]

    def _is_kept(self, prefix: str, before: Any, inline: Any) -> bool:
        """Whether an unstored row stays in the form; reports a removed one as a changed part."""
        if before is None:
            return True
        is_touched = any(
            not is_same(
                self.typed.getlist(f"{prefix}-{name}"),
                shown(before, name),
                is_ordered=is_ordered(before, name),
            )
            for name in names_in(before)
        )
        is_kept = is_touched and f"{prefix}-DELETE" not in self.typed
        self._add_part(inline, before, "removed", is_kept=is_kept)
        return is_kept

    def _add_part(self, inline: Any, form: Any, kind: str, *, is_kept: bool = False) -> None:
        values = [
            ChangedValue(label_in(form, name), "", text)
            for name in names_in(form)
            if (text := words(form, name, shown(form, name))) != NOTHING
        ]
        title = title_of(inline, form.instance)
        part = ChangedPart(title, kind, values, is_kept, _noun_of(inline))
        self.conflict.parts.append(part)

    def _as_typed(self, prefix: str) -> RowData:
        start = f"{prefix}-"
        return {
            name.removeprefix(start): self.typed.getlist(name)
            for name in self.typed
            if name.startswith(start)
        }

    def _key_of(self, prefix: str, formset: Any) -> str:
        return self.typed.get(f"{prefix}-{formset.model._meta.pk.name}", "")


def title_of(inline: Any, record: Any) -> str:
    """Return the title of a part, such as "Warning 2" or "Role: Iran (Claimant)"."""
    kind = capfirst(_noun_of(inline))
    try:
        name = str(record)
    except ObjectDoesNotExist:
        return f"{kind}: {GONE}"
    return name if name.startswith(kind) else f"{kind}: {name}"


def _noun_of(inline: Any) -> str:
    return str(inline.verbose_name or inline.model._meta.verbose_name)


def path_of(part: Any) -> str:
    """Return the path of a part of a case; "" if it has none."""
    try:
        return str(getattr(part, "path", ""))
    except ObjectDoesNotExist:
        return ""


def readdress(data: QueryDict, moved: dict[str, str]) -> None:
    """Let claims and notes follow their parts to other rows of the form.

    `moved` maps the path of a part, or the prefix of its row if it is unsaved, to the new prefix.
    """
    for name in filter(ABOUT.fullmatch, list(data)):
        part, dot, value = str(data[name]).partition(".")
        if moved.get(part):
            data[name] = f"{moved[part]}{dot}{value}"


def _record(model: type[Any], state: State, key: str) -> Any:
    return records_of(model, state.rows)[key]


def _names_of(prefix: str, data: QueryDict) -> Callable[[str], str]:
    return lambda name: f"{prefix}-{name}" if prefix else name


def typed_rows(formset: Any, typed: QueryDict) -> list[str] | None:
    """Return the prefixes of the submitted rows; None if the management form is invalid."""
    total = typed.get(f"{formset.prefix}-TOTAL_FORMS", "")
    # Django refuses such a form by itself.
    if not (total.isascii() and total.isdigit() and len(total) < 6):
        return None
    maximum = min(count_rows_sent(formset.prefix, typed), formset.absolute_max)
    return [f"{formset.prefix}-{n}" for n in range(min(int(total), maximum))]


def _write(data: QueryDict, prefix: str, rows: list[RowData], stored: int) -> None:
    # Remove all submitted rows first, because there may be fewer now.
    for name in list(data):
        place = name.removeprefix(f"{prefix}-").partition("-")[0]
        if name.startswith(f"{prefix}-") and place.isdigit():
            del data[name]
    for number, row in enumerate(rows):
        for name, sent in row.items():
            data.setlist(f"{prefix}-{number}-{name}", sent)
    data[f"{prefix}-TOTAL_FORMS"] = str(len(rows))
    data[f"{prefix}-INITIAL_FORMS"] = str(stored)


def _column_words(column: Any, values: Values) -> str:
    value = values.get(column.name)
    if value in (None, "", []):
        return NOTHING
    if column.is_relation:
        record = column.related_model._default_manager.filter(pk=value).first()
        return str(record) if record is not None else GONE
    return str(dict(column.flatchoices or ()).get(value, value))


def lines_of(data: QueryDict, form: Any) -> Iterator[ChangedValue]:
    """Yield the values that were typed into a form, without empty ones."""
    for name in names_in(form):
        text = words(form, name, data.getlist(form.add_prefix(name)))
        if text != NOTHING:
            yield ChangedValue(label_in(form, name), "", text)
