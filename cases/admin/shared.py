"""What cases share, edited on a page of its own: what changes published cases makes versions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar

from django import forms
from django.contrib import messages
from django.contrib.admin.widgets import AdminTextareaWidget
from django.db.models import Model
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import get_text_list

from cases.models import Case
from cases.review.checks import MAX_NAMED, problems_among
from cases.versions.making import cases_mentioning, is_recorded, make_versions
from cases.versions.mentions import mentioned_in_versions

from .base import CasebookAdmin, CasebookForm, SaveRefusedError, user_of

R = TypeVar("R", bound=Model)

SHOWN_MEANWHILE = (
    "A case that was published meanwhile shows this. Say what changes and why; the public reads it."
)


@dataclass(frozen=True)
class Affected:
    """The published cases that show a record: how many, and the first few."""

    count: int
    first: tuple[Case, ...]

    @property
    def words(self) -> str:
        return "1 published case shows" if self.count == 1 else f"{self.count} published cases show"

    def help(self, told: str) -> SafeString:
        """Say which cases they are, and what their versions come of."""
        rest = self.count - len(self.first)
        named = format_html_join(
            ", ", '<a href="{}">{}</a>', ((case.get_absolute_url(), case) for case in self.first)
        )
        return format_html(
            "{} this: {}{}. A change of its {} makes a new version of each, which shows what "
            "you type here.",
            self.words,
            named,
            f" and {rest} more" if rest else "",
            told,
        )


class SharedForm(CasebookForm[R]):
    """What cases share; if published ones show it, the form asks what changes in them."""

    affected: ClassVar[Affected | None] = None

    change_note = forms.CharField(
        label="What changes, and why",
        required=False,  # unless what is changed is shown
        max_length=2000,
        widget=AdminTextareaWidget(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.affected is None:
            self.fields.pop("change_note", None)

    @property
    def changes_cases(self) -> bool:
        """Whether something is changed that the record of a case tells."""
        changed = set(self.changed_data) - {"change_note"}
        return any(is_recorded(type(self.instance), name) for name in changed)

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        said = self.cleaned_data.get("change_note") or "change_note" in self.errors
        if self.affected is not None and self.changes_cases and not said:
            self.add_error(
                "change_note",
                f"{self.affected.words} this. Say what changes and why; the public reads it.",
            )
        return cleaned


class ChangesCases(CasebookAdmin[R]):
    """A page of the admin for what cases share.

    A save that changes what published cases show checks them and makes a version of each, in the
    transaction of the save. What a version names is not deleted: versions are cited and restored,
    and its slug would be free for something else, which they would then lead to.
    """

    form: Any = SharedForm

    def get_form(
        self, request: HttpRequest, obj: R | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        affected = self._affected(request, obj)
        return type(form.__name__, (form,), {"affected": affected}) if affected else form

    def get_fieldsets(self, request: HttpRequest, obj: R | None = None) -> Any:
        sections = list(super().get_fieldsets(request, obj))
        affected = self._affected(request, obj)
        if affected is None:
            return sections
        told = get_text_list(_labels(self.model), "or")
        section = {"fields": ("change_note",), "description": affected.help(told)}
        return [("Change of what cases show", section), *sections]

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if not change or not form.changes_cases:
            return
        shared = form.instance
        cases = cases_mentioning(shared)
        note = form.cleaned_data.get("change_note", "")
        if not note and cases.exists():
            raise SaveRefusedError(SHOWN_MEANWHILE)
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
        """Protect what a public version names, beside what a record of today does."""
        to_delete, count, needed, protected = super().get_deleted_objects(objs, request)
        named = [
            f"Version {version.number} of {version.case.number}, which names “{shared}”"
            for shared, version in mentioned_in_versions(list(objs))
        ]
        return to_delete, count, needed, [*protected, *named]

    def _affected(self, request: HttpRequest, obj: Any) -> Affected | None:
        """Return the published cases that show a record; asked once in a request."""
        if obj is None or not self.has_change_permission(request, obj):
            return None
        known: dict[int, Affected] = request.__dict__.setdefault("affected_cases", {})
        if obj.pk not in known:
            cases = cases_mentioning(obj)
            known[obj.pk] = Affected(cases.count(), tuple(cases[:MAX_NAMED]))
        return known[obj.pk] if known[obj.pk].count else None


def _labels(model: Any) -> list[str]:
    """Return the names of the columns of which a change is shown, as the form has them."""
    fields = [field for field in model._meta.concrete_fields if field.editable]
    return [str(field.verbose_name) for field in fields if is_recorded(model, field.name)]


def _announced(count: int) -> str:
    if count == 1:
        return "1 published case shows the change, in a new version."
    return f"{count} published cases show the change, each in a new version."
