"""Merging two records in the admin: choose one to keep, look at the preview, confirm; and undo."""

from __future__ import annotations

from typing import Any, ClassVar, TypeVar

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.models import DELETION, LogEntry
from django.contrib.admin.widgets import AdminTextareaWidget
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator

from cases.admin.base import CasebookAdmin, user_of
from cases.admin.widgets import is_key
from cases.changelog.locks import acquire_write_lock
from cases.merging import MergeRefusedError, merge, preview, undo
from cases.models import Actor, Case, Merge, Source
from cases.text.form_fields import ProseField

from .duplicates import NamesDuplicates, address_of, describe

R = TypeVar("R", bound=models.Model)

Mergeable = Actor | Case | Source


class ReasonForm(forms.Form):
    reason = ProseField(
        max_length=2000,
        widget=AdminTextareaWidget(attrs={"rows": 3}),
        help_text="It is kept in the log and shown in the public versions of cases that change.",
        error_messages={"required": "Say why; the log and the public versions show it."},
    )


FOR_REVIEWERS = "Public cases are merged by reviewers."


def may_merge(user: Any, records: list[Any]) -> bool:
    """Whether a user may merge records: change them, and withdraw them if one was ever public."""
    model = type(records[0])._meta
    if not user.has_perm(f"cases.change_{model.model_name}"):
        return False
    was_public = any(isinstance(each, Case) and each.published_at is not None for each in records)
    return not was_public or bool(user.has_perm("cases.withdraw_case"))


class MergesRecords(NamesDuplicates[R]):
    """An admin page from which a record can be merged with another."""

    class Media:
        css = {"all": ["admin_casebook/merging.css"]}

    change_form_template = "admin/casebook/tools/merging_change_form.html"

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.merge_view)
        name = f"cases_{self.opts.model_name}_merge"
        return [path("merge/", view, name=name), *super().get_urls()]

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Keep a record into which another was merged: that one could not come back any more."""
        *deleted, protected = super().get_deleted_objects(objs, request)
        into = Merge.objects.filter(
            kind=self.opts.model_name, kept_key__in=[one.pk for one in objs]
        )
        merges = [
            render_to_string("admin/casebook/tools/_keeping_merge.html", {"merge": made})
            for made in into.filter(undone_at=None).defer("steps")
        ]
        return *deleted, [*protected, *merges]

    @admin.action(permissions=["change"], description="Merge two …")
    def merge_selected(self, request: HttpRequest, queryset: QuerySet[Any]) -> Any:
        records = list(queryset.order_by("pk")[:3])
        if len(records) != 2:
            self.message_user(request, "Select the two that are the same.", messages.ERROR)
        elif not may_merge(request.user, records):
            self.message_user(request, FOR_REVIEWERS, messages.ERROR)
        else:
            return HttpResponseRedirect(self._address(*(record.pk for record in records)))
        return None

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any = None,
    ) -> HttpResponse:
        if obj is not None and may_merge(request.user, [obj]) and _is_mergeable(obj):
            context["merge_address"] = self._address(obj.pk)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def merge_view(self, request: HttpRequest) -> HttpResponse:
        """Ask step by step for the other record, the one to keep, and the reason; then merge."""
        records = self._records(request)
        if len(records) == 2 and not may_merge(request.user, records):
            raise PermissionDenied
        context: dict[str, Any] = {
            **self.admin_site.each_context(request),
            "title": "Merge",
            "opts": self.opts,
            "media": self.media,
            "address": self._address(*(record.pk for record in records)),
            "records": [(record, describe(record), address_of(record)) for record in records],
        }
        if len(records) == 1:
            return self._choose_other(request, records[0], context)
        kept = next((r for r in records if str(r.pk) == request.GET.get("keep")), None)
        if kept is None:
            return TemplateResponse(request, "admin/casebook/tools/merge.html", context)
        merged = next(record for record in records if record is not kept)
        return self._confirm(request, kept, merged, context)

    def _records(self, request: HttpRequest) -> list[Any]:
        """Return the one or two records named in the query string, or raise Http404."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        keys = request.GET.get("records", "").split(",")
        if not all(map(is_key, keys)) or len(set(keys)) not in (1, 2):
            raise Http404
        found = list(self.model._default_manager.filter(pk__in=keys).order_by("pk"))
        if len(found) != len(set(keys)):
            raise Http404
        return found

    def _choose_other(self, request: HttpRequest, record: Any, context: Any) -> HttpResponse:
        """Offer likely duplicates, and accept any other record by its slug, number or name."""
        typed = request.GET.get("other", "").strip().replace("\0", "")
        problem = "" if "other" not in request.GET else "Name the other one first."
        if typed:
            other = self._named(typed)
            if other is not None and not may_merge(request.user, [record, other]):
                problem = FOR_REVIEWERS
            elif other is not None and other.pk != record.pk:
                return HttpResponseRedirect(self._address(*sorted([record.pk, other.pk])))
            elif other is not None:
                problem = "It cannot be merged into itself. Name another one."
            else:
                problem = f"There is no {self.opts.verbose_name} “{typed[:100]}”."
        likely = [
            (duplicate, self._address(*sorted([record.pk, duplicate.record.pk])))
            for duplicate in self.duplicates.of_record(record)
        ]
        context |= {"record": record, "likely": likely, "typed": typed[:100], "problem": problem}
        return TemplateResponse(request, "admin/casebook/tools/merge.html", context)

    def _named(self, typed: str) -> Any:
        named = Q(slug=typed.lower())
        if self.model is Case:
            named |= Q(number=typed.upper())
        if self.model is Actor:
            named |= Q(name__iexact=typed)
        return self.model._default_manager.filter(named).order_by("pk").first()

    def _confirm(self, request: HttpRequest, kept: Any, merged: Any, context: Any) -> HttpResponse:
        """Show the preview, and merge when it is confirmed with a reason."""
        form = ReasonForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            try:
                return self._merge(request, kept, merged, form.cleaned_data["reason"])
            except MergeRefusedError as refusal:
                for sentence in refusal.sentences:
                    self.message_user(request, sentence, messages.ERROR)
        context |= {
            "kept": kept,
            "merged": merged,
            "kept_what": describe(kept),
            "merged_what": describe(merged),
            "preview": preview(kept, merged),
            "form": form,
        }
        return TemplateResponse(request, "admin/casebook/tools/merge.html", context)

    @method_decorator(transaction.atomic)
    def _merge(self, request: HttpRequest, kept: Any, merged: Any, reason: str) -> HttpResponse:
        """Merge and log it, or raise MergeRefusedError."""
        acquire_write_lock()
        # Checked again under the lock, because one of them may have become public.
        if not may_merge(request.user, self._records(request)):
            raise PermissionDenied
        # “-” equals no digest: without the preview's digest, the merge is refused.
        made = merge(kept, merged, user_of(request), reason, request.POST.get("seen") or "-")
        text = f"{made.merged_name} was merged into it: {made.reason}"
        self.log_change(request, kept, text)
        _log(request, self.model, made.merged_key, made.merged_name, f"Merged into {kept}.")
        context = {"merged": made.merged_name, "kept": kept, "key": made.pk}
        message = render_to_string("admin/casebook/tools/_merged.html", context)
        self.message_user(request, message, messages.SUCCESS)
        return HttpResponseRedirect(address_of(kept))

    def _address(self, *keys: int) -> str:
        address = reverse(f"admin:cases_{self.opts.model_name}_merge")
        return f"{address}?records={','.join(map(str, keys))}"


def _is_mergeable(record: Mergeable) -> bool:
    return not isinstance(record, Case) or record.status != "withdrawn"


def _log(request: HttpRequest, model: Any, key: int, name: str, text: str) -> None:
    """Log the merge of a record, which the merge may have deleted."""
    LogEntry.objects.create(
        user=user_of(request),
        content_type=ContentType.objects.get_for_model(model),
        object_id=str(key),
        object_repr=name[:200],
        action_flag=DELETION,
        change_message=text,
    )


@admin.register(Merge)
class MergeAdmin(CasebookAdmin[Merge]):
    """The log of merges, which is read-only, and the page that undoes one."""

    list_display = ("merged_name", "kept_name", "kind", "made_by", "made_at", "undone_at")
    list_filter = ("kind", "made_at")
    list_select_related = ("made_by",)
    search_fields = ("merged_name", "kept_name", "merged_slug", "reason")
    fields: ClassVar = [
        ("kind", "merged_name", "kept_name"),
        "reason",
        ("made_by", "made_at"),
        "moved",
        ("undone_by", "undone_at"),
        "undone_reason",
    ]
    readonly_fields = ("moved",)
    change_form_template = "admin/casebook/tools/merge_log.html"

    class Media:
        css = {"all": ["admin_casebook/merging.css"]}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Merge]:
        return super().get_queryset(request).defer("steps")

    @admin.display(description="what it changed")
    def moved(self, obj: Merge) -> str:
        """Return the number of writes of a merge, by label."""
        counts: dict[str, int] = {}
        for step in obj.steps:
            size = len(step.get("keys") or step.get("names") or [1])
            counts[step["label"]] = counts.get(step["label"], 0) + size
        return "\n".join(f"{label}: {count}" for label, count in counts.items())

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.undo_view)
        return [path("<int:key>/undo/", view, name="cases_merge_undo"), *super().get_urls()]

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Merge | None = None,
    ) -> HttpResponse:
        if obj is not None and not obj.is_undone and _may_undo(user_of(request), obj):
            context["undo_address"] = reverse("admin:cases_merge_undo", args=[obj.pk])
        return super().render_change_form(request, context, add, change, form_url, obj)

    def undo_view(self, request: HttpRequest, key: int) -> HttpResponse:
        """Ask for a reason, then undo a merge."""
        made = Merge.objects.filter(pk=key).first() if is_key(key) else None
        if made is None:
            raise Http404
        if not _may_undo(user_of(request), made):
            raise PermissionDenied
        form = ReasonForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            reason = form.cleaned_data["reason"]
            try:
                with transaction.atomic():
                    record = undo(made, user_of(request), reason)
                    self.log_change(request, made, f"Undone: {reason}")
            except MergeRefusedError as refusal:
                self.message_user(request, f"Not undone. {refusal}", messages.ERROR)
            else:
                message = f"{made.merged_name} was restored, and everything moved back to it."
                self.message_user(request, message, messages.SUCCESS)
                return HttpResponseRedirect(address_of(record))
        context = {
            **self.admin_site.each_context(request),
            "title": "Undo a merge",
            "opts": self.opts,
            "media": self.media,
            "made": made,
            "moved": self.moved(made),
            "public": _public_of_undoing(made),
            "form": form,
        }
        return TemplateResponse(request, "admin/casebook/tools/undo_merge.html", context)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Merge | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Merge | None = None) -> bool:
        return False


def _public_of_undoing(made: Merge) -> str:
    """Say what undoing a merge changes for readers."""
    if made.kind == Merge.Kind.CASE and settings.REVIEW_BY_SECOND_PERSON:
        return (
            "If the merged case was public, it is reinstated at once, with a new version. What "
            "changes in the other is a correction, which somebody else publishes."
        )
    return "Public cases that change get a new version."


def _may_undo(user: User, made: Merge) -> bool:
    """Whether a user may undo a merge: those who may make it may also undo it."""
    if not user.has_perm(f"cases.change_{made.kind}"):
        return False
    if made.kind != Merge.Kind.CASE:
        return True
    cases = Case.objects.filter(pk__in=[made.kept_key, made.merged_key])
    return may_merge(user, list(cases)) if cases else True
