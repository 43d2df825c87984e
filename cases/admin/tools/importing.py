"""Importing a file in the admin: upload it, look at the plan row by row, and confirm the plan."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminTextareaWidget
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
)
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone

from cases.admin.base import CasebookAdmin, user_of
from cases.admin.widgets import is_key
from cases.exchange.bundle.files.reading import Limits
from cases.exchange.bundle.files.sheets import FileRefusedError
from cases.exchange.bundle.files.spreadsheet import csv_template, xlsx_template
from cases.exchange.bundle.files.uploaded import BUNDLE, read_file
from cases.exchange.bundle.importing.importer import count_rows
from cases.exchange.bundle.importing.plan import (
    ADDED,
    CHANGED,
    KEPT,
    REFUSED,
    REMOVED,
    RowPlan,
    refusals_in,
)
from cases.exchange.bundle.importing.recording import RecordedImporter, new_record
from cases.exchange.bundle.layout.tables import BY_NAME, SINGLE
from cases.models import Import
from cases.text.form_fields import ProseField

from . import undoing_imports
from .import_progress import (
    PLAN_GONE,
    Make,
    address_of,
    carry_out,
    do_as_planned,
    frame,
    make_plan,
)
from .import_rows import shown_rows
from .undoing_imports import UndoForm, plan_undoing, refusal_of_undoing, undoing_of

UPLOAD_GONE = "There is no such upload any more: it was imported, discarded or deleted after a day."
ROWS_PER_PAGE = 100
# Reasons that are shown above the refused rows if they repeat.
MAX_REASONS = 50
LIST = "admin:cases_import_changelist"
# The labels of the actions in a plan, in the order in which editors look at them.
OUTCOMES = {
    REFUSED: "Refused",
    CHANGED: "Changed",
    ADDED: "Added",
    KEPT: "Left out",
}
TEMPLATES: dict[str, tuple[Callable[[Any], bytes], str]] = {
    "csv": (csv_template, "text/csv; charset=utf-8"),
    "xlsx": (
        xlsx_template,
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
}


class UploadForm(forms.Form):
    """A file, and the table in it or the whole bundle."""

    subject = forms.ChoiceField(
        label="The file is",
        choices=[
            (BUNDLE, "Several tables: a workbook, or a bundle in a zip"),
            ("A single table", [(table.name, table.name.capitalize()) for table in SINGLE]),
        ],
    )
    file = forms.FileField(
        label="File",
        help_text="A workbook whose sheets are called like the tables, or the zip that "
        "export_bundle wrote; or one table as XLSX or as CSV in UTF-8.",
        error_messages={"empty": "The file is empty.", "required": "Choose a file."},
    )


WAITS = (
    "Each public case that the import changes gets a correction in draft: readers see it, with "
    "this sentence, once somebody else publishes it. A change of what cases share, such as a name, "
    "is public at once."
)


class ConfirmForm(forms.Form):
    """The change note of the versions that the import makes, and the digest of the plan shown."""

    button = "Import this file"
    note = ProseField(
        label="What changes, and why",
        max_length=2000,
        widget=AdminTextareaWidget(attrs={"rows": 2}),
        help_text="Each public case that the import changes gets a version with this sentence.",
        error_messages={"required": "Say what changes and why; the public reads it."},
    )
    seen = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if settings.REVIEW_BY_SECOND_PERSON:
            self.fields["note"].help_text = WAITS


def _subject_in_words(subject: str) -> str:
    return "several tables" if subject == BUNDLE else subject.replace("_", " ")


class SubjectFilter(admin.AllValuesFieldListFilter):
    """Which tables were imported, in words."""

    def choices(self, changelist: Any) -> Iterator[Any]:
        for choice in super().choices(changelist):
            yield {**choice, "display": _subject_in_words(str(choice["display"]))}


@admin.register(Import)
class ImportAdmin(CasebookAdmin[Import]):
    """The log of imports, which is read-only, and the pages that make or undo an import."""

    change_list_template = "admin/casebook/tools/import_list.html"
    list_display = ("name", "tables", "summary", "imported_by", "applied_at", "undone_on")
    list_display_links = ("name",)
    list_select_related = ("imported_by",)
    list_filter = ("applied_at", ("subject", SubjectFilter))
    search_fields = ("file_name", "note", "summary")
    ordering = ("-applied_at", "-pk")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Import]:
        undoings = Import.objects.applied().filter(undoes=OuterRef("pk"))
        found: QuerySet[Import] = Import.objects.applied().defer("content", "plan", "written")
        return found.annotate(undone=Subquery(undoings.values("applied_at")[:1]))

    @admin.display(description="what", ordering="file_name")
    def name(self, obj: Import) -> str:
        return str(obj)

    @admin.display(description="subject", ordering="subject")
    def tables(self, obj: Import) -> str:
        return _subject_in_words(obj.subject)

    @admin.display(description="undone", ordering="undone", empty_value="")
    def undone_on(self, obj: Any) -> dt.date | None:
        return timezone.localdate(obj.undone) if obj.undone else None

    def has_change_permission(self, request: HttpRequest, obj: Import | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Import | None = None) -> bool:
        return False

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        own = [
            path(
                "template/<slug:name>.<slug:form>",
                wrap(self.template_view),
                name="cases_import_template",
            ),
            path("<int:key>/rows/", wrap(self.rows_view), name="cases_import_rows"),
            path("<int:key>/undo/", wrap(self.undo_view), name="cases_import_undo"),
            path("<int:key>/discard/", wrap(self.discard_view), name="cases_import_discard"),
        ]
        return own + super().get_urls()

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> Any:
        """Accept an upload and show its plan; nothing is imported yet."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = UploadForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            try:
                return self._upload(request, form.cleaned_data["subject"], request.FILES["file"])
            except FileRefusedError as error:
                for message in error.messages:
                    form.add_error("file", message)
        context = {
            "form": form,
            "tables": SINGLE,
            "limit": Limits.of_settings(),
            "waiting": _waiting(request),
        }
        return self._page(request, "import", "Import a file", context)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """Show the log, and above it the uploads of the user that wait."""
        return super().changelist_view(
            request, {**(extra_context or {}), "waiting": _waiting(request)}
        )

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: Any = None,
    ) -> HttpResponse:
        """Redirect to the page with the rows of the plan."""
        if not is_key(object_id):
            raise Http404
        return HttpResponseRedirect(reverse("admin:cases_import_rows", args=[object_id]))

    def template_view(self, request: HttpRequest, name: str, form: str) -> HttpResponse:
        """Send a template to fill in for one table."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        table = BY_NAME.get(name)
        if table is None or table not in SINGLE or form not in TEMPLATES:
            raise Http404
        make, content_type = TEMPLATES[form]
        disposition = f'attachment; filename="{name}-template.{form}"'
        return HttpResponse(
            make(table), content_type=content_type, headers={"Content-Disposition": disposition}
        )

    def rows_view(self, request: HttpRequest, key: int) -> HttpResponseBase:
        """Show the plan of an import or an undoing row by row, and do it when it is confirmed."""
        if request.method == "POST" and is_key(key) and not Import.objects.filter(pk=key).exists():
            self.message_user(request, PLAN_GONE, messages.ERROR)
            return HttpResponseRedirect(reverse(LIST))
        record = self._record(request, key)
        if record.undoes is not None and not record.is_applied and record.undoes.undone_by:
            self.message_user(request, undoing_imports.UNDONE_ALREADY, messages.INFO)
            return HttpResponseRedirect(address_of(record.undoes))
        initial = {"seen": record.plan_digest}
        # If a public case changes, the public reads the note; somebody has to write it.
        if record.undoes is None and not record.versions:
            initial["note"] = f"Imported from {record.file_name}"
        form_class: type[forms.Form] = ConfirmForm if record.undoes is None else UndoForm
        form = form_class(request.POST or None, initial=initial)
        if request.method == "POST":
            if not self.has_add_permission(request):
                raise PermissionDenied
            if record.is_applied:
                done = "imported" if record.undoes is None else "undone"
                self.message_user(request, f"This was {done} already.", messages.INFO)
            elif form.is_valid():
                return self._confirm(request, record, **form.cleaned_data)
        return self._show(request, record, form)

    def undo_view(self, request: HttpRequest, key: int) -> HttpResponseBase:
        """Lead to the plan of undoing an import."""
        undone = self._record(request, key)
        if not self.has_add_permission(request):
            raise PermissionDenied
        return plan_undoing(self, request, undone)

    def discard_view(self, request: HttpRequest, key: int) -> HttpResponse:
        """Delete an upload of the user's own that was not imported."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        if request.method == "POST" and is_key(key):
            upload = Import.objects.waiting_of(user_of(request)).filter(pk=key).first()
            if upload is None:
                self.message_user(request, UPLOAD_GONE, messages.INFO)
            else:
                upload.delete()
                message = f"The upload of {upload.file_name} was discarded."
                self.message_user(request, message, messages.SUCCESS)
        return HttpResponseRedirect(reverse(LIST))

    def _record(self, request: HttpRequest, key: int) -> Import:
        """Return an import that was done, or an unconfirmed upload of the user's own."""
        found = Import.objects.select_related("undoes").defer("written", "undoes__written")
        record: Import | None = found.filter(pk=key).first() if is_key(key) else None
        if record is None:
            raise Http404
        # Only the user who uploaded a file may see and confirm its plan.
        if not record.is_applied:
            if record.imported_by_id != user_of(request).pk:
                raise Http404
        elif not self.has_view_permission(request):
            raise PermissionDenied
        return record

    def _show(self, request: HttpRequest, record: Import, form: forms.Form) -> HttpResponse:
        counts = record.counts()
        outcomes = [
            (outcome, label, f"{counts[outcome]:,}")
            for outcome, label in (undoing_imports.OUTCOMES if record.undoes else OUTCOMES).items()
            if outcome in counts
        ]
        shown = request.GET.get("show", "")
        if shown not in counts:
            shown = outcomes[0][0] if outcomes else ""
        refused = [RowPlan.from_json(row) for row in record.rows(REFUSED)]
        reasons = refusals_in(refused)
        repeat = len(reasons) < sum(len(row.refusals) for row in refused)
        page = Paginator(record.rows(shown), ROWS_PER_PAGE).get_page(request.GET.get("page"))
        context = {
            "record": record,
            "form": form,
            "outcomes": outcomes,
            "shown": shown,
            "page": page,
            "place": f"{page.start_index():,} to {page.end_index():,} of {page.paginator.count:,}",
            "reasons": reasons[:MAX_REASONS] if repeat else [],
            "rows": shown_rows(record, page),
            "is_refused": REFUSED in counts,
            "does_something": bool({ADDED, CHANGED, REMOVED} & counts.keys()),
            "deletes": REMOVED in counts,
            **_made_by(record),
            "back": address_of(record.undoes) if record.undoes else reverse(LIST),
            "undone_by": record.undone_by,
            "may_undo": record.is_applied and self.has_add_permission(request),
            "no_undoing": refusal_of_undoing(record) if record.is_applied else "",
        }
        return self._page(request, "import_rows", str(record), context)

    def _page(
        self, request: HttpRequest, name: str, title: str, context: dict[str, Any]
    ) -> HttpResponse:
        return TemplateResponse(
            request, f"admin/casebook/tools/{name}.html", frame(self, request, title) | context
        )

    # The steps

    def _upload(self, request: HttpRequest, subject: str, file: Any) -> HttpResponseBase:
        """Store an uploaded file and make its plan."""
        # Delete uploads that nobody confirmed within a day.
        Import.objects.given_up().delete()
        limits = Limits.of_settings()
        # One byte more than allowed is enough to refuse a larger file.
        data = file.read(limits.size + 1)
        sheets = read_file(subject, data, limits, file.name)
        record = new_record(subject, file.name, data, user_of(request))
        record.content = data
        make = partial(RecordedImporter, record, sheets)
        work = make_plan(request, record, make)
        return carry_out(self, request, record, count_rows(sheets), work)

    def _confirm(
        self, request: HttpRequest, record: Import, note: str, seen: str
    ) -> HttpResponseBase:
        """Do what the plan with the digest `seen` says, or show the new plan if it differs."""
        make: Make
        if record.undoes is None:
            sheets = read_file(record.subject, bytes(record.content), Limits.of_settings())
            rows, make = count_rows(sheets), partial(RecordedImporter, record, sheets)
        else:
            rows, make = undoing_of(record.undoes, record)
            note = f"The import of {record.file_name} was undone: {note}"
        doing = make(
            note,
            permits=request.user.has_perm,
            expected=seen,
            on_recorded=lambda: self._log(request, record),
        )
        work = do_as_planned(request, record, make, doing)
        return carry_out(self, request, record, rows, work)

    def _log(self, request: HttpRequest, record: Import) -> None:
        self.log_addition(request, record, record.summary)
        if record.undoes is not None:
            self.log_change(request, record.undoes, record.note)


def _made_by(record: Import) -> dict[str, list[str]]:
    """Return the versions that an import makes, and the cases that get a correction by it."""
    mark = " correction"
    return {
        "versions": [each for each in record.versions if not each.endswith(mark)],
        "corrected": [each.removesuffix(mark) for each in record.versions if each.endswith(mark)],
    }


def _waiting(request: HttpRequest) -> QuerySet[Import]:
    uploads = Import.objects.waiting_of(user_of(request))
    return uploads.order_by("-pk").only("pk", "file_name", "uploaded_at", "summary")
