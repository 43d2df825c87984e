"""The admin of cases."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.actions import delete_selected
from django.contrib.admin.widgets import AdminTextareaWidget
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Length
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.text import capfirst

from cases.admin.base import SaveRefusedError, user_of
from cases.admin.change_form_state import ChangeFormState
from cases.admin.concurrency.stale_page_guard import token_context
from cases.admin.fields import with_every_coded_field
from cases.admin.forms import CasebookForm
from cases.admin.review.comments import comments_context, comments_view
from cases.admin.review.correction import correction_view
from cases.admin.review.redacting import redact_view
from cases.admin.review.reviewing import is_edit
from cases.admin.review.steps import (
    checks_view,
    confirm_view,
    list_actions,
    require_permission_for_action,
    step_pages,
    steps_context,
    weigh_view,
)
from cases.admin.review.versions import restore_view, versions_view
from cases.admin.tools.duplicates import OF_CASES
from cases.admin.tools.exporting import ExportsList
from cases.admin.tools.merging import MergesRecords
from cases.finding.case_numbers import standard_number
from cases.models import Actor, Case, Claim, Note, Version
from cases.models.vocabulary import CaseStatus
from cases.review.checks import (
    MAX_NAMED,
    assessments_without_directive,
    require_publishable,
)
from cases.review.corrections import Settled, is_correctable, settle, waits
from cases.review.second_person import record_edit
from cases.review.transitions import PUBLISH, SUBMIT, WITHDRAW
from cases.text.form_fields import ProseField

from .editor_filter import EditorFilter
from .evidence import ClaimInline, NoteInline, free_slug
from .evidence_form import coded_values_on, evidence_data, remember_citation
from .new_like import LIKE, case_in_address, is_marked, rows_like, values_like
from .parts import AssessmentInline, IncidentInline, InvolvementInline, WarningInline
from .places import linking_problems_to_form

# The pages about cases, beside their list and their form: address, name and view.
PAGES: tuple[tuple[str, str, Callable[..., HttpResponse]], ...] = (
    ("<int:key>/checks/", "checks", checks_view),
    ("<int:key>/comments/", "comments", comments_view),
    ("<int:key>/correction/", "correction", correction_view),
    ("<int:key>/versions/", "versions", versions_view),
    ("<int:key>/versions/<int:number>/restore/", "restore", restore_view),
    ("<int:key>/redact/", "redact", redact_view),
    ("publish/", "weigh", weigh_view),
    ("submit/", "confirm", confirm_view),
    *step_pages(),
)


WAITS = (
    "This case is public. What you save is a correction in draft: readers see it, with this "
    "sentence, once somebody else publishes it."
)
WAITS_WITHDRAWN = (
    "This case is withdrawn. What you save is a correction in draft, which waits until the case is "
    "reinstated. Readers see it, with this sentence, once somebody else publishes it after that."
)


class CaseForm(CasebookForm[Case]):
    """The form of a case; of a public case, also for what changes and why."""

    change_note = ProseField(
        label="What changes, and why",
        max_length=2000,
        widget=AdminTextareaWidget(attrs={"rows": 2}),
        help_text="This case is public: saving it makes a new version, which shows this sentence.",
        error_messages={"required": "Say what changes and why; the public reads it."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_correctable(self.instance):
            del self.fields["change_note"]
            return
        note = self.fields["change_note"]
        note.initial = self.instance.correction_note
        if settings.REVIEW_BY_SECOND_PERSON:
            note.required = False
            note.help_text = WAITS if self.instance.is_public else WAITS_WITHDRAWN

    def clean_title(self) -> str:
        """Refuse the title with which a case like another one begins."""
        title: str = self.cleaned_data["title"]
        if is_marked(title):
            raise ValidationError("Give this case a title of its own: it still has that of a copy.")
        return title


@admin.register(Case)
class CaseAdmin(ExportsList[Case], MergesRecords[Case]):
    form = CaseForm
    duplicates = OF_CASES
    save_on_top = False
    change_form_template = "admin/casebook/case/change_form.html"
    object_history_template = "admin/casebook/case/history.html"
    inlines = (
        InvolvementInline,
        WarningInline,
        IncidentInline,
        AssessmentInline,
        ClaimInline,
        NoteInline,
    )
    list_display = ("number", "title", "kind", "date_shown", "stage_shown", "updated_at")
    list_display_links = ("number", "title")
    list_filter = ("status", EditorFilter, "kind", "records_status", "updated_at")
    show_facets = admin.ShowFacets.ALWAYS
    search_fields = ("folded",)
    search_help_text = (
        "Its number, as in 3 or DTW-0003, or beginnings of words of its title, summary, actors or "
        "the codes of its directives"
    )
    sorted_by_folded = "title"
    ordering = (Length("number").desc(), "-number")
    prepopulated_fields = {"slug": ("title",)}
    actions = [*list_actions(), "merge_selected", "delete_never_public"]
    autocomplete_fields = ("directives",)
    coding = (
        (
            "The case",
            {"fields": ("title", "slug", "kind", "summary", "directives", "records_status")},
        ),
    )
    readonly_fields = (
        "number",
        "stage_shown",
        "date_shown",
        "created_at",
        "created_by",
        "updated_at",
        "updated_by",
        "published_at",
        "published_by",
        "withdrawn_reason",
        "merged_into",
    )

    class Media:
        css = {
            "all": [f"admin_casebook/{name}.css" for name in ("comments", "evidence", "form")],
        }
        js = [
            f"admin_casebook/{name}.js"
            for name in ("comments", "claims", "evidence", "sentences", "another", "sections")
        ]

    def get_urls(self) -> list[URLPattern]:
        pages = [
            path(
                address, self.admin_site.admin_view(partial(view, self)), name=f"cases_case_{name}"
            )
            for address, name, view in PAGES
        ]
        return pages + super().get_urls()

    @admin.display(description="date", ordering="date_earliest", empty_value="Not stated")
    def date_shown(self, obj: Case) -> str:
        return capfirst(str(obj.date))

    @admin.display(description="status", ordering="status")
    def stage_shown(self, obj: Case) -> str:
        return obj.stage_words

    def having(self, word: str) -> Q:
        """Find cases by short numbers, the names of actors and the codes of directives too."""
        number = standard_number(word) or standard_number(f"DTW{word}")
        code = "[^a-z0-9]*".join(map(re.escape, word.split("-")))
        under = Case.objects.filter(directives__code__iregex=rf"(^|[^a-z0-9]){code}")
        return (
            super().having(word)
            | Q(number=number)
            | Q(pk__in=Actor.objects.filter(super().having(word)).cases())
            | Q(pk__in=under.order_by().values("pk"))
        )

    def get_fieldsets(self, request: HttpRequest, obj: Case | None = None) -> Any:
        """Return the sections in the order of coding, with publication last."""
        sections = with_every_coded_field(Case, self.coding)
        if obj is None:
            return sections
        sections.append(("Publication", {"fields": _publication_fields(obj)}))
        if is_correctable(obj) and self.has_change_permission(request, obj):
            sections.insert(0, ("What changes", {"fields": ("change_note",)}))
        return sections

    # The form

    def add_view(
        self,
        request: HttpRequest,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        ChangeFormState.of(request).begins_like = case_in_address(self, request)
        return super().add_view(request, form_url, extra_context)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        # For the buttons of the steps, and made before the case is read.
        extra_context = (extra_context or {}) | token_context()
        return super().change_view(request, object_id, form_url, extra_context)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        case = ChangeFormState.of(request).begins_like
        initial = super().get_changeform_initial_data(request)
        return initial if case is None else values_like(case)

    def get_formset_kwargs(
        self, request: HttpRequest, obj: Case, inline: Any, prefix: str
    ) -> dict[str, Any]:
        kwargs = super().get_formset_kwargs(request, obj, inline, prefix)
        kwargs["coded_values"] = coded_values_on(request, obj)
        if rows := rows_like(request, inline.model):
            kwargs["initial"] = rows
        return kwargs

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Case | None = None,
    ) -> HttpResponse:
        formsets = [group.formset for group in context["inline_admin_formsets"]]
        context["evidence"] = evidence_data(request, formsets)
        context |= {"like": LIKE, "begins_like": ChangeFormState.of(request).begins_like}
        if obj is not None:
            context |= steps_context(request, obj)
            context |= comments_context(coded_values_on(request, obj).case)
        return super().render_change_form(request, context, add, change, form_url, obj)

    # A save

    def save_model(self, request: HttpRequest, obj: Case, form: Any, change: bool) -> None:
        if not change:
            obj.created_by = obj.updated_by = user_of(request)
        elif is_correctable(obj) and waits(obj, user_of(request)):
            obj.correction_note = form.cleaned_data["change_note"]
        super().save_model(request, obj, form, change)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """Set author and slug of new notes, and remember what was cited last."""
        if formset.model is Note:
            # The slugs given in this save, which the database does not have yet.
            taken: set[str] = set()
            for row in (row for row in formset.forms if row.has_changed()):
                row.set_path()
            for note in (row.instance for row in formset.extra_forms if row.has_changed()):
                note.author, note.slug = user_of(request), free_slug(note, form.instance, taken)
                taken.add(note.slug)
        super().save_formset(request, form, formset, change)
        if formset.model is Claim:
            remember_citation(request, formset)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Make a version or keep a correction of the case once all its parts are saved.

        Raises SaveRefusedError or NotPublishableError; changeform_view() then shows the form again.
        """
        super().save_related(request, form, formsets, change)
        # Claims first, which are the last formset but one: no part can go from under its claims.
        for formset in reversed(formsets):
            for row in formset.deleted_objects:
                row.delete()
        case: Case = form.instance
        if is_edit(form, formsets):
            record_edit(case, user_of(request))
        editor = user_of(request)
        if not case.is_public or waits(case, editor):
            _require_directives(case)
        else:
            with linking_problems_to_form(formsets):
                require_publishable(case)
        if is_correctable(case):
            settled = settle([case.pk], editor, form.cleaned_data["change_note"])
            self.message_user(request, _what_became_of(case, settled), messages.INFO)

    # Permissions

    def has_submit_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(SUBMIT.permission)

    def has_publish_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(PUBLISH.permission)

    def has_withdraw_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(WITHDRAW.permission)

    has_discard_permission = has_submit_permission
    has_send_back_permission = has_publish_permission
    has_reinstate_permission = has_withdraw_permission

    def has_delete_permission(self, request: HttpRequest, obj: Case | None = None) -> bool:
        """Allow editors to delete drafts of their own, and nobody a case that was ever public."""
        allowed = super().has_delete_permission(request, obj)
        if obj is None:
            return allowed
        if self.has_delete_draft_permission(request):
            allowed = allowed or _is_own_draft(obj, user_of(request))
        return allowed and not obj.versions.exists()

    def has_delete_draft_permission(self, request: HttpRequest) -> bool:
        """Whether the user may delete drafts, even if only their own."""
        return request.user.has_perm("cases.add_case")

    # The list

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        require_permission_for_action(request)
        return super().changelist_view(request, extra_context)

    @admin.action(permissions=["delete_draft"], description="Delete cases that were never public")
    def delete_never_public(self, request: HttpRequest, queryset: QuerySet[Case]) -> Any:
        if not super().has_delete_permission(request):
            user = user_of(request)
            not_own = (case for case in queryset if not _is_own_draft(case, user))
            if (first := next(not_own, None)) is not None:
                self.message_user(
                    request,
                    "You may delete only drafts that you made and were the last to edit, and "
                    f"{first.number} is none. Nothing was deleted.",
                    messages.ERROR,
                )
                return None
        versions = Version.objects.order_by().filter(case=OuterRef("pk"))
        public = queryset.filter(Exists(versions)).values_list("number", flat=True)
        named = list(public[: MAX_NAMED + 1])
        if named:
            others = " and others" if len(named) > MAX_NAMED else ""
            self.message_user(
                request,
                f"{', '.join(named[:MAX_NAMED])}{others} cannot be deleted: once public, a case "
                "is withdrawn instead. Nothing was deleted.",
                messages.ERROR,
            )
            return None
        return delete_selected(self, request, queryset)

    def get_actions(self, request: HttpRequest) -> Any:
        actions = super().get_actions(request)
        # delete_never_public calls it after its own check.
        actions.pop("delete_selected", None)
        return actions


def _what_became_of(case: Case, settled: Settled) -> str:
    """Say what the public sees of a saved change."""
    if settled.version is not None:
        return f"Version {settled.version.number} of {case.number} is public."
    if settled.waiting:
        stage = settled.waiting[0].stage_words
        reinstated = "" if case.is_public else "the case is reinstated and "
        return f"{stage}: readers see the change once {reinstated}somebody else publishes it."
    return "Nothing differs from the latest version, so there is no new version."


def _is_own_draft(case: Case, user: User) -> bool:
    """Whether a case is a draft that a user made and was the last to edit."""
    return case.status == CaseStatus.DRAFT and case.created_by_id == case.updated_by_id == user.pk


def _require_directives(case: Case) -> None:
    """Raise SaveRefusedError if a case assesses an exception of a directive it does not name."""
    stored: Case = Case.objects.for_detail().get(pk=case.pk)
    problems = list(assessments_without_directive(stored))
    if problems:
        raise SaveRefusedError(*(problem.message for problem in problems))


def _publication_fields(case: Case) -> list[Any]:
    """Return the fields about publication that apply to the status of a case."""
    fields: list[Any] = [
        ("number", "stage_shown", "date_shown"),
        ("created_at", "created_by"),
        ("updated_at", "updated_by"),
    ]
    if case.published_at is not None:
        fields.append(("published_at", "published_by"))
    if case.status == CaseStatus.WITHDRAWN:
        fields += ["withdrawn_reason", "merged_into"]
    return fields
