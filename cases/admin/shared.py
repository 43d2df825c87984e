"""Base classes for records that cases share: a change makes versions of the cases that show it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar

from django.contrib import messages
from django.contrib.admin.widgets import AdminTextareaWidget
from django.db.models import Model
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import get_text_list

from cases.models import Case
from cases.review.checks import MAX_NAMED, problems_among
from cases.text.form_fields import ProseField
from cases.versions.making import cases_mentioning, is_recorded, make_versions
from cases.versions.mentions import mentioned_in_versions

from .base import CasebookAdmin, SaveRefusedError, user_of
from .change_form_state import ChangeFormState
from .forms import CasebookForm

R = TypeVar("R", bound=Model)

SHOWN_MEANWHILE = (
    "A case that was published meanwhile shows this. Say what changes and why; the public reads it."
)


@dataclass(frozen=True)
class AffectedCases:
    """The published cases that show a record: how many, and the first few."""

    count: int
    first: tuple[Case, ...]

    @property
    def words(self) -> str:
        return "1 published case shows" if self.count == 1 else f"{self.count} published cases show"

    def help(self, fields: str) -> SafeString:
        """Return the help text of the change note, with links to the first cases.

        `fields` names the fields that are part of the versions.
        """
        rest = self.count - len(self.first)
        context = {"affected": self, "rest": rest, "fields": fields}
        return render_to_string("admin/casebook/_affected_cases.html", context)


class SharedForm(CasebookForm[R]):
    """A form for a shared record, with a change note if published cases show the record."""

    affected: ClassVar[AffectedCases | None] = None

    change_note = ProseField(
        label="What changes, and why",
        required=False,  # clean() requires it if cases show what is changed
        max_length=2000,
        widget=AdminTextareaWidget(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.affected is None:
            self.fields.pop("change_note", None)

    @property
    def changes_cases(self) -> bool:
        """Whether a field is changed that is part of the versions of cases."""
        changed = set(self.changed_data) - {"change_note"}
        return any(is_recorded(type(self.instance), name) for name in changed)

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        has_note = self.cleaned_data.get("change_note") or "change_note" in self.errors
        if self.affected is not None and self.changes_cases and not has_note:
            self.add_error(
                "change_note",
                f"{self.affected.words} this. Say what changes and why; the public reads it.",
            )
        return cleaned


class ChangesCases(CasebookAdmin[R]):
    """The admin of records that cases share.

    A save that changes what published cases show checks these cases and makes a version of each, in
    the same transaction. A record that a version names cannot be deleted: versions are cited and
    restored, and if the slug were used again, their links would lead to the wrong record.
    """

    form: Any = SharedForm

    def get_form(
        self, request: HttpRequest, obj: R | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        affected = self._affected(request, obj)
        # A subclass for this request, because ModelAdmin passes no arguments to its form.
        return type(form.__name__, (form,), {"affected": affected}) if affected else form

    def get_fieldsets(self, request: HttpRequest, obj: R | None = None) -> Any:
        sections = list(super().get_fieldsets(request, obj))
        affected = self._affected(request, obj)
        if affected is None:
            return sections
        fields = get_text_list(_recorded_labels(self.model), "or")
        section = {"fields": ("change_note",), "description": affected.help(fields)}
        return [("Change of what cases show", section), *sections]

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if not change or not form.changes_cases:
            return
        shared = form.instance
        cases = cases_mentioning(shared)
        note = form.cleaned_data.get("change_note", "")
        # When the form was validated, no published case showed the record.
        if not note and cases.exists():
            raise SaveRefusedError(SHOWN_MEANWHILE)
        # Of the shared fields, only the kind matters to the checks that block publication.
        if "kind" in form.changed_data:
            problems = list(problems_among(cases))
            if problems:
                raise SaveRefusedError(*problems)
        made = make_versions(cases, user_of(request), note)
        if made:
            now = timezone.now()
            changed = Case.objects.filter(pk__in=[version.case_id for version in made])
            changed.update(updated_at=now)
            self.message_user(request, _announced(len(made)), messages.INFO)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Protect records that a version names, in addition to those that cases refer to today."""
        to_delete, count, needed, protected = super().get_deleted_objects(objs, request)
        named = [
            format_html(
                '<a href="{}">Version {} of {}</a>, which names “{}”',
                reverse("admin:cases_case_versions", args=[version.case_id]),
                version.number,
                version.case.number,
                shared,
            )
            for shared, version in mentioned_in_versions(list(objs))
        ]
        return to_delete, count, needed, [*protected, *named]

    def _affected(self, request: HttpRequest, obj: Any) -> AffectedCases | None:
        """Return the published cases that show a record; one query a request."""
        if obj is None or not self.has_change_permission(request, obj):
            return None
        known = ChangeFormState.of(request).affected
        if obj.pk not in known:
            cases = cases_mentioning(obj)
            known[obj.pk] = AffectedCases(cases.count(), tuple(cases[:MAX_NAMED]))
        return known[obj.pk] if known[obj.pk].count else None


def _recorded_labels(model: Any) -> list[str]:
    """Return the form labels of the fields that are part of the versions of cases."""
    fields = [field for field in model._meta.concrete_fields if field.editable]
    return [str(field.verbose_name) for field in fields if is_recorded(model, field.name)]


def _announced(count: int) -> str:
    if count == 1:
        return "1 published case shows the change, in a new version."
    return f"{count} published cases show the change, each in a new version."
