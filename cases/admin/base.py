"""Base classes of all forms and pages of the admin."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, ClassVar, TypeVar, cast

from django import forms
from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import BaseModelAdmin
from django.contrib.admin.views.main import ChangeList
from django.contrib.admin.widgets import AdminTextareaWidget, RelatedFieldWidgetWrapper
from django.contrib.auth.models import User
from django.db import IntegrityError, models
from django.db.models import Q, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.html import format_html, format_html_join

from cases.admin.concurrency.no_lost_updates import NoLostUpdates
from cases.admin.concurrency.stale_page_guard import RefusesStaleActions
from cases.models import Actor, Source
from cases.models.edtf import EXAMPLES
from cases.models.folded import BY_FOLDED, FoldedField, has_word, has_words
from cases.models.relations import loaded
from cases.models.uncertain_date import BoundField, EdtfField
from cases.models.vocabulary import NOT_STATED, Vocabulary
from cases.review.checks import NotPublishableError
from cases.text.folding import tokens

from .widgets import (
    AddRelated,
    DateExpressionInput,
    KeysField,
    KnownAutocompleteSelect,
    KnownAutocompleteSelectMultiple,
    is_key,
)

R = TypeVar("R", bound=models.Model)

CLASH = (
    "Nothing was saved: somebody else changed the same records in the meantime, or something that "
    "was to be deleted is still in use. Look at the case again and repeat your change."
)
UNREADABLE = "The address contained characters that no value has; everything is shown instead."

_VOCABULARIES = {vocabulary.help_text(): vocabulary for vocabulary in Vocabulary.__subclasses__()}


def folded(help_text: str) -> str:
    """Return a help text, as a closed `<details>` if it is the one for dates or a vocabulary."""
    if help_text == EXAMPLES:
        return format_html("<details><summary>How to write a date</summary>{}</details>", EXAMPLES)
    vocabulary = _VOCABULARIES.get(help_text)
    if vocabulary is None:
        return help_text
    terms = format_html_join(
        "", "<dt>{}</dt><dd>{}</dd>", ((term.label, term.definition) for term in vocabulary)
    )
    return format_html(
        "<details><summary>What the values mean</summary><dl>{}</dl></details>", terms
    )


class SaveRefusedError(Exception):
    """A save breaks a rule and must be rolled back. The arguments are sentences for the editor."""


def user_of(request: HttpRequest) -> User:
    """Return the signed-in user, with a type that excludes anonymous ones."""
    return cast(User, request.user)


class CasebookForm(ModelForm[R]):
    """A form that also validates derived days, and shows chosen records without more queries."""

    # The reasons why a first attempt to save these values failed; shown above the form.
    problems: ClassVar[Sequence[str]] = ()

    # Fields that are not in the form and are validated with it, because it may contradict them.
    also_validated: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            widget = field.widget
            if isinstance(widget, RelatedFieldWidgetWrapper):
                widget = widget.widget
            if isinstance(widget, KnownAutocompleteSelect | KnownAutocompleteSelectMultiple):
                widget.known = {str(record.pk): str(record) for record in self._loaded(name)}

    def _loaded(self, name: str) -> Iterator[models.Model]:
        """Yield the related records that are already loaded with the instance."""
        field: Any = self.instance._meta.get_field(name)
        if field.many_to_many:
            yield from loaded(self.instance, name)
        elif field.get_cached_value(self.instance, default=None) is not None:
            yield field.get_cached_value(self.instance)

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        for problem in self.problems:
            self.add_error(None, problem)
        return cleaned

    def _get_validation_exclusions(self) -> set[str]:
        """Include derived days and `also_validated`, which no form field holds, in the checks."""
        exclude: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]  # not in the stubs
        bounds = (f for f in self.instance._meta.fields if isinstance(f, BoundField))
        derived = {bound.name for bound in bounds if bound.edtf not in exclude}
        return exclude - derived - self.also_validated


class StatedTexts(CasebookForm[R]):
    """A form with texts that are stored as “not_stated” if they are left empty."""

    stated_texts: ClassVar[tuple[str, ...]] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.stated_texts:
            field = self.fields.get(name)
            if field is not None:  # the read-only form has no fields
                field.required = False
                field.help_text = "In our own words. Leave empty if no source says."
                if self.initial.get(name, field.initial) == NOT_STATED:
                    self.initial[name] = ""

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        for name in self.stated_texts:
            if name in self.cleaned_data:
                self.cleaned_data[name] = self.cleaned_data[name] or NOT_STATED
        return cleaned


class Fields(BaseModelAdmin[Any]):
    """Mixin for pages and inlines: collapsed help, and autocompletion without a query a row."""

    fold_help = True
    formfield_overrides = {
        models.TextField: {"widget": AdminTextareaWidget(attrs={"rows": 3})},
        models.URLField: {"assume_scheme": "https"},
    }

    def formfield_for_dbfield(
        self, db_field: models.Field[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> forms.Field | None:
        if isinstance(db_field, EdtfField):
            kwargs["widget"] = DateExpressionInput
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and self.fold_help:
            field.help_text = folded(str(field.help_text))
        if field is not None and isinstance(field.widget, RelatedFieldWidgetWrapper):
            offered = field.widget
            field.widget = AddRelated(
                offered.widget, offered.rel, self.admin_site, offered.can_add_related
            )
        return field

    def formfield_for_foreignkey(
        self, db_field: models.ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> forms.ModelChoiceField[Any] | None:
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", KnownAutocompleteSelect(db_field, self.admin_site))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(
        self, db_field: models.ManyToManyField[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> forms.ModelMultipleChoiceField[Any] | None:
        kwargs.setdefault("form_class", KeysField)
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", KnownAutocompleteSelectMultiple(db_field, self.admin_site))
        return super().formfield_for_manytomany(db_field, request, **kwargs)


def is_public(record: Actor | Source) -> bool:
    """Whether an actor or source has a public page."""
    return bool(type(record).objects.public().filter(pk=record.pk).exists())


class FoldedChangeList(ChangeList):
    """A list whose folded column sorts without regard to case, accents and punctuation."""

    def get_ordering_field(self, field_name: Any) -> Any:
        if field_name == getattr(self.model_admin, "sorted_by_folded", None):
            return BY_FOLDED
        return super().get_ordering_field(field_name)


class CasebookAdmin(Fields, NoLostUpdates[R], RefusesStaleActions[R]):
    """An admin page that answers invalid input with a message, never with an error 500."""

    form = CasebookForm
    save_on_top = True
    # The column of the list that the folded words of the model begin with.
    sorted_by_folded: str | None = None
    list_per_page = 50

    class Media:
        css = {"all": ["admin_casebook/admin.css"]}
        js = [
            f"admin_casebook/{name}.js"
            for name in ("steps", "places", "errors", "dates", "help", "returning", "pick", "slugs")
        ]

    def get_view_on_site_url(self, obj: R | None = None) -> str | None:
        """Return the address of the public page, if any, without Django's redirect view."""
        # Actors and sources have a public page only if a public case names them.
        if isinstance(obj, Actor | Source) and not is_public(obj):
            return None
        address = getattr(obj, "get_absolute_url", None)
        return str(address()) if address else None

    def get_form(
        self, request: HttpRequest, obj: R | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        problems = getattr(request, "save_problems", ())
        # A subclass for this request, because ModelAdmin passes no arguments to its form.
        return type(form.__name__, (form,), {"problems": problems}) if problems else form

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show the form again, as typed, if the save fails only after the form was validated."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except NotPublishableError as error:
            problems = [str(problem) for problem in error.problems]
        except SaveRefusedError as error:
            problems = list(error.args)
        except IntegrityError:
            problems = [CLASH]
        # Discard the success messages of the attempt that was rolled back.
        storage: Any = messages.get_messages(request)
        storage.discard_queued()
        # Process the request again: get_form() adds the problems, so that validation fails now.
        request.save_problems = problems  # type: ignore[attr-defined]  # read by get_form()
        return super().changeform_view(request, object_id, form_url, extra_context)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        # PostgreSQL raises an error for a text that contains NUL.
        if any("\0" in value for __, values in request.GET.lists() for value in values):
            self.message_user(request, UNREADABLE, messages.WARNING)
            return HttpResponseRedirect(request.path)
        return super().changelist_view(request, extra_context)

    def response_action(self, request: HttpRequest, queryset: QuerySet[Any], *others: Any) -> Any:
        """Refuse an action if the selection has an invalid key."""
        # Django would raise an error for it.
        if not all(is_key(key) for key in request.POST.getlist(ACTION_CHECKBOX_NAME)):
            self.message_user(request, "Select records from the list.", messages.ERROR)
            return None
        return super().response_action(request, queryset, *others)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[R], bool]:
        """Find the records that have words beginning with each of those typed, in any order."""
        if "\0" in search_term:
            return queryset.none(), False
        if not any(isinstance(field, FoldedField) for field in self.opts.concrete_fields):
            return super().get_search_results(request, queryset, search_term)
        if search_term.strip() and not tokens(search_term):
            return queryset.none(), False
        return queryset.filter(has_words(search_term, self.having)), False

    def having(self, word: str) -> Q:
        """Return the condition that a record has a word that begins with a folded one."""
        return has_word(word)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return FoldedChangeList
