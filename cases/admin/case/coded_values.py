"""The coded values of one case, as choices for what a claim or a note is about."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from textwrap import shorten
from typing import Any

from cases.evidence.coded_value import CodedValue
from cases.evidence.sheet import CodingSheet
from cases.evidence.values import label_of, label_of_path, name_in_part
from cases.models import Case, Claim
from cases.models.claim import CLAIM_PARTS, RELATED_PARTS
from cases.record.building import record_of

WHOLE_CASE = "case"
MAX_TEXT_LENGTH = 60
CHOOSE = ("", "Choose a value …")

# The field of a claim for each kind of part, by the prefix of the part's formset.
PARTS_BY_PREFIX = dict(
    zip(("warnings", "incidents", "involvements", "assessments"), CLAIM_PARTS, strict=True)
)

# What the sections of the form call their rows.
NAMES_BY_PREFIX = {
    "warnings": "Warning",
    "incidents": "Incident",
    "involvements": "Role",
    "assessments": "Exception",
}

Choices = list[tuple[str, str]]
Groups = list[tuple[str, Any]]


@dataclass(frozen=True)
class Target:
    """The target of a claim: a field of a part, or of the case itself if `part` is empty."""

    part: str = ""
    record: Any = None
    field: str = ""

    @property
    def key(self) -> tuple[str, Any, str]:
        return self.part, self.record and self.record.pk, self.field


class CodedValues:
    """The coded values of a case by path, in groups, and those of unsaved rows on the same form.

    An unsaved row has no path yet and is identified by its prefix in the form, such as
    `warnings-0`. This way a case can be entered together with its evidence.
    """

    def __init__(self, case: Case | None) -> None:
        self.groups: list[tuple[str, Choices]] = []
        self.targets: dict[str, Target] = {}
        self._formsets: list[Any] = []
        self.case = Case()
        """The case as stored, fetched with `for_detail()`; an empty one if it is new."""
        if case is not None and case.pk is not None:
            self.case = Case.objects.for_detail().get(pk=case.pk)
            self._add_stored(CodingSheet(record_of(self.case)), rows_by_path(self.case))
        else:
            self._add_fields_of_new_case(self.case)
        self._paths = {target.key: path for path, target in self.targets.items()}

    def attach(self, formset: Any) -> None:
        """Add the values of the unsaved rows in a formset, before choices are read."""
        if formset.prefix in PARTS_BY_PREFIX:
            self._formsets.append(formset)

    def target(self, path: str) -> Target | None:
        """Return the target of a chosen path; None if its row was left empty or removed."""
        if path in self.targets:
            return self.targets[path]
        prefix, _, field = path.partition(".")
        for row in self._rows:
            if row.prefix == prefix and row.has_changed() and not row.cleaned_data.get("DELETE"):
                return Target(PARTS_BY_PREFIX[prefix.partition("-")[0]], row.instance, field)
        return None

    def is_deleted(self, part: Any) -> bool:
        """Whether the same form deletes a stored part of the case."""
        stored = (row for formset in self._formsets for row in formset.initial_forms)
        return any(row.instance == part and row.cleaned_data.get("DELETE") for row in stored)

    def path_of(self, claim: Claim) -> str:
        """Return the path of the target of a claim; "" if it has none in this case."""
        for part in CLAIM_PARTS:
            key = getattr(claim, f"{part}_id")
            if key is not None:
                return self._paths.get((part, key, claim.field), "")
        return self._paths.get(("", None, claim.field), "")

    def for_claim(self) -> Groups:
        """Return the grouped choices for a claim."""
        return [CHOOSE, *self.groups, *self._unsaved_groups]

    def for_note(self, present: str) -> Groups:
        """Return the grouped choices for a note, with its present value even if that is gone."""
        groups: Groups = [("", "The case as a whole")]
        if present and present not in self.targets:
            groups.append((present, f"{label_of_path(present)} (no longer a value of this case)"))
        for title, choices in self.groups:
            groups.append((title, [choice for choice in choices if choice[0] != WHOLE_CASE]))
        return groups + self._unsaved_groups

    @property
    def _rows(self) -> Iterator[Any]:
        for formset in self._formsets:
            yield from formset.extra_forms

    @cached_property
    def _unsaved_groups(self) -> Groups:
        """Return the choices for unsaved rows, with a group for each row."""
        groups: Groups = []
        for row in self._rows:
            prefix, _, number = row.prefix.partition("-")
            title = f"{NAMES_BY_PREFIX[prefix]} {int(number) + 1}"
            groups.append((f"{title} (new)", unsaved_values(row.instance, row.prefix, title)))
        return groups

    def _add_fields_of_new_case(self, case: Case) -> None:
        self._add("The case", WHOLE_CASE, Target(), "The case as a whole")
        for field in case.CODED_FIELDS:
            self._add("The case", field, Target(field=field), label_of(case, field))

    def _add_stored(self, sheet: CodingSheet, rows: dict[str, Any]) -> None:
        self._add("The case", WHOLE_CASE, Target(), "The case as a whole")
        for value in sheet.about_case.values:
            self._add("The case", value.path, Target(field=value.field), option_text(value))
        for name, sections in (("warning", sheet.warnings), ("incident", sheet.incidents)):
            for section in sections:
                title, row = section.title, rows[section.path]
                self._add(title, section.path, Target(name, row), f"{title} as a whole")
                for value in section.values:
                    target = Target(name, row, value.field)
                    self._add(title, value.path, target, name_in_part(title, option_text(value)))
        for value in sheet.roles:
            self._add(
                "Roles", value.path, Target("involvement", rows[value.path]), option_text(value)
            )
        for value in sheet.assessments:
            path = value.path.removesuffix(".status")
            whole = Target("assessment", rows[path])
            self._add("Exceptions", path, whole, f"{value.label} as a whole")
            target = Target("assessment", rows[path], value.field)
            self._add("Exceptions", value.path, target, option_text(value))

    def _add(self, group: str, path: str, target: Target, text: str) -> None:
        if not self.groups or self.groups[-1][0] != group:
            self.groups.append((group, []))
        self.groups[-1][1].append((path, text))
        self.targets[path] = target


def rows_by_path(case: Case) -> dict[str, Any]:
    """Return the rows of the parts of a case, fetched with `for_detail()`, by their paths."""
    return {part.path: part for name in RELATED_PARTS for part in getattr(case, name).all()}


def option_text(value: CodedValue) -> str:
    """Return a choice's label: the field, its value, and whether the value lacks evidence."""
    text = shorten(value.text, MAX_TEXT_LENGTH, placeholder=" …")
    suffix = " (no claim yet)" if value.lacks_evidence else ""
    return f"{value.label}: {text}{suffix}"


def unsaved_values(record: Any, prefix: str, title: str) -> Choices:
    """Return the choices for an unsaved row: the part as a whole, then its coded fields."""
    values = [
        (f"{prefix}.{name}", name_in_part(title, label_of(record, name)))
        for name in record.CODED_FIELDS
    ]
    return [(prefix, f"{title} as a whole"), *values]
