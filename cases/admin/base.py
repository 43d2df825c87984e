"""The base class of the admin pages of records."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar, cast

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.views.main import ChangeList
from django.contrib.auth.models import User
from django.db import IntegrityError, models, transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.decorators import method_decorator

from cases.admin.concurrency import deleted_meanwhile
from cases.admin.concurrency.no_lost_updates import (
    merge_if_changed,
    record_named,
    refuse_deletion_if_changed,
    show_conflict,
    state_context,
    stored_state,
)
from cases.admin.concurrency.stale_page_guard import (
    StalePageError,
    carry_token,
    require_selection_unchanged,
    token_context,
)
from cases.changelog.locks import acquire_write_lock
from cases.finding.case_numbers import standard_number
from cases.index.public_names import is_public
from cases.models import Actor, Source
from cases.models.folded import BY_FOLDED, FoldedField, has_word, has_words
from cases.review.checks import NotPublishableError
from cases.text.folding import tokens

from .change_form_state import ChangeFormState
from .deleting import rows_that_refer_to, without_connecting_rows
from .fields import Fields
from .forms import CasebookForm
from .widgets import is_key

R = TypeVar("R", bound=models.Model)

CLASH = (
    "Nothing was saved: somebody else changed the same records in the meantime, or something that "
    "was to be deleted is still in use. Look at the case again and repeat your change."
)
UNREADABLE = "The address contained characters that no value has; everything is shown instead."


class SaveRefusedError(Exception):
    """A save breaks a rule and must be rolled back. The arguments are sentences for the editor."""


def user_of(request: HttpRequest) -> User:
    """Return the signed-in user, with a type that excludes anonymous ones."""
    return cast(User, request.user)


class FoldedChangeList(ChangeList):
    """A list whose folded column sorts without regard to case, accents and punctuation."""

    def get_ordering_field(self, field_name: Any) -> Any:
        if field_name == getattr(self.model_admin, "sorted_by_folded", None):
            return BY_FOLDED
        return super().get_ordering_field(field_name)


class CasebookAdmin(Fields, ModelAdmin[R]):
    """The admin pages of the records of a model: their list, the form of one, its deletion.

    Whatever stops a save is answered with the form as it was typed. Nothing is done to a record
    that somebody else changed since the page was opened.
    """

    form: Any = CasebookForm
    save_on_top = True
    # The column of the list that the folded words of the model begin with.
    sorted_by_folded: str | None = None
    list_per_page = 50
    change_form_template = "admin/casebook/change_form.html"
    delete_confirmation_template = "admin/casebook/concurrency/delete_confirmation.html"
    delete_selected_confirmation_template = (
        "admin/casebook/concurrency/delete_selected_confirmation.html"
    )

    class Media:
        css = {"all": ["admin_casebook/conflict.css", "admin_casebook/admin.css"]}
        js = [
            f"admin_casebook/{name}.js"
            for name in ("steps", "places", "errors", "dates", "help", "returning", "pick", "slugs")
        ]

    # The form of a record

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show the form of a record, or save it. docs/what-a-save-does.md lists what happens."""
        state = ChangeFormState.of(request)
        if request.method != "POST":
            if object_id is not None:
                # Before the form is filled, so that changes in between count as unseen.
                state.stored = stored_state(self, request, object_id)
            return super().changeform_view(request, object_id, form_url, extra_context)
        try:
            response = self._try_to_save(request, object_id, form_url, extra_context)
        except (NotPublishableError, SaveRefusedError, IntegrityError) as error:
            # The messages of the attempt, which was rolled back.
            storage: Any = messages.get_messages(request)
            storage.discard_queued()
            # The form was valid; with the problems it is not, so that it comes back as typed.
            state.problems = _sentences(error)
            return self._try_to_save(request, object_id, form_url, extra_context)
        if state.saved is not None:
            self.after_save(request, *state.saved)
        return response

    def _try_to_save(
        self,
        request: HttpRequest,
        object_id: str | None,
        form_url: str,
        extra_context: dict[str, Any] | None,
    ) -> HttpResponse:
        """Save the form if it is valid and nobody else changed the record; else show it again."""
        state = ChangeFormState.of(request)
        if object_id is None:
            state.begin_attempt()
            return super().changeform_view(request, object_id, form_url, extra_context)
        with transaction.atomic():
            acquire_write_lock()
            obj = record_named(self, request, object_id)
            if self.has_change_permission(request, obj):
                if obj is None:
                    return self._answer_for_deleted(request, object_id)
                merge_if_changed(self, request, obj)
            state.begin_attempt()
            return super().changeform_view(request, object_id, form_url, extra_context)

    def _answer_for_deleted(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Show what was typed: in the form for a new record, or as text for who may not add one."""
        context = deleted_meanwhile.deletion_context(self, object_id)
        if not self.has_add_permission(request):
            return deleted_meanwhile.typed_as_text(self, request, context)
        deleted_meanwhile.make_form_of_new(self, request, object_id)
        ChangeFormState.of(request).begin_attempt()
        address = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_add")
        return super().changeform_view(request, None, address, context)

    def get_form(
        self, request: HttpRequest, obj: R | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        problems = ChangeFormState.of(request).problems
        # A subclass for this request, because ModelAdmin passes no arguments to its form.
        return type(form.__name__, (form,), {"problems": problems}) if problems else form

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        ChangeFormState.of(request).saved = form, formsets

    def after_save(self, request: HttpRequest, form: Any, formsets: Sequence[Any]) -> None:
        """Add messages about what was saved, after its transaction."""

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: R | None = None,
    ) -> HttpResponse:
        context |= state_context(request)
        if context["conflict"] or "gone" in context:
            context["errors"] = ()  # the panel about the conflict replaces them
        if context["conflict"]:
            show_conflict(context, context["conflict"])
        return super().render_change_form(request, context, add, change, form_url, obj)

    def get_view_on_site_url(self, obj: R | None = None) -> str | None:
        """Return the address of the public page, if any, without Django's redirect view."""
        # Actors and sources have a public page only if a public case names them.
        if isinstance(obj, Actor | Source) and not is_public(obj):
            return None
        address = getattr(obj, "get_absolute_url", None)
        return str(address()) if address else None

    # Its deletion

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Ask for confirmation again if the record changed since the first confirmation page."""
        if request.method != "POST":
            ChangeFormState.of(request).stored = stored_state(self, request, object_id)
            return super().delete_view(request, object_id, extra_context)
        with transaction.atomic():
            acquire_write_lock()
            obj = record_named(self, request, object_id)
            if obj is not None:
                refusal = refuse_deletion_if_changed(self, request, obj)
                extra_context = (extra_context or {}) | refusal
            return super().delete_view(request, object_id, extra_context)

    def render_delete_form(self, request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
        return super().render_delete_form(request, context | state_context(request))

    # The list

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        # PostgreSQL raises an error for a text that contains NUL.
        if any("\0" in value for __, values in request.GET.lists() for value in values):
            self.message_user(request, UNREADABLE, messages.WARNING)
            return HttpResponseRedirect(request.path)
        seen = token_context()  # before the list is read
        response = super().changelist_view(request, extra_context)
        carry_token(request, response, seen)
        return response

    def construct_change_message(
        self, request: HttpRequest, form: Any, formsets: Any, add: bool = False
    ) -> Any:
        """Leave the note on a change out of what the log says was changed."""
        message = super().construct_change_message(request, form, formsets, add)
        note = form.fields.get("change_note")
        for fields in (part.get("changed", {}).get("fields", []) for part in message):
            if note is not None and note.label in fields:
                fields.remove(note.label)
        return [part for part in message if part.get("changed", {}).get("fields") != []]

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Name what would be deleted, and what keeps a record, as the other pages do."""
        names, counts, needed, protected = super().get_deleted_objects(objs, request)
        named = without_connecting_rows(names, counts, needed)
        return *named, rows_that_refer_to(objs) if protected else []

    @method_decorator(transaction.atomic)
    def response_action(self, request: HttpRequest, queryset: QuerySet[Any], *others: Any) -> Any:
        """Do an action with the selected records, unless one changed after the list was loaded."""
        # Django would raise an error for an invalid key.
        if not all(is_key(key) for key in request.POST.getlist(ACTION_CHECKBOX_NAME)):
            self.message_user(request, "Select records from the list.", messages.ERROR)
            return None
        acquire_write_lock()  # so that nobody writes between the check and the action
        try:
            require_selection_unchanged(request, queryset)
        except StalePageError as error:
            for sentence in error.sentences:
                self.message_user(request, sentence, messages.ERROR)
            self.message_user(request, "Nothing was done.", messages.WARNING)
            return None
        return super().response_action(request, queryset, *others)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[R], bool]:
        """Find the records that have words beginning with each of those typed, in any order."""
        if "\0" in search_term:
            return queryset.none(), False
        if not any(isinstance(field, FoldedField) for field in self.opts.concrete_fields):
            typed = standard_number(search_term) or search_term  # of a case, as the log has it
            return super().get_search_results(request, queryset, typed)
        if search_term.strip() and not tokens(search_term):
            return queryset.none(), False
        return queryset.filter(has_words(search_term, self.having)), False

    def having(self, word: str) -> Q:
        """Return the condition that a record has a word that begins with a folded one."""
        return has_word(word)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return FoldedChangeList


def _sentences(error: Exception) -> list[str]:
    """Return why a save was refused."""
    if isinstance(error, NotPublishableError):
        return [str(problem) for problem in error.problems]
    return list(error.args) if isinstance(error, SaveRefusedError) else [CLASH]
