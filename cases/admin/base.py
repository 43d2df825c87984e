"""What every page of the admin does the same way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, ClassVar, TypeVar, cast

from django import forms
from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import BaseModelAdmin
from django.contrib.admin.widgets import AdminTextareaWidget, RelatedFieldWidgetWrapper
from django.contrib.auth.models import User
from django.db import IntegrityError, models
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.html import format_html, format_html_join

from cases.admin.concurrency.no_lost_updates import NoLostUpdates
from cases.admin.concurrency.stale_page_guard import ActsOnSeen
from cases.models import Actor, Source
from cases.models.uncertain_date import EXAMPLES, BoundField
from cases.models.vocabulary import NOT_STATED, Vocabulary
from cases.review.checks import NotPublishableError

from .widgets import KeysField, KnownAutocompleteSelect, KnownAutocompleteSelectMultiple, is_key

R = TypeVar("R", bound=models.Model)

CLASH = (
    "Nothing was saved: somebody else changed the same records in the meantime, or something that "
    "was to be deleted is still in use. Look at the case again and repeat your change."
)
UNREADABLE = "The address contained characters that no value has; everything is shown instead."

_VOCABULARIES = {vocabulary.help_text(): vocabulary for vocabulary in Vocabulary.__subclasses__()}


def folded(help_text: str) -> str:
    """Return a long help text as a line that opens; a short one as it is."""
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
    """What was saved cannot stand, as sentences tell; raised to have it rolled back."""


def _forget_announcements(request: HttpRequest) -> None:
    """Take back what was announced of a save that the database refused when all was done."""
    storage: Any = messages.get_messages(request)
    storage._queued_messages.clear()  # no public way takes a message back


def user_of(request: HttpRequest) -> User:
    """Return the signed-in user; the admin lets nobody else in."""
    return cast(User, request.user)


class CasebookForm(ModelForm[R]):
    """A form that validates derived days too, and shows chosen records without further queries."""

    problems: ClassVar[Sequence[str]] = ()
    """What kept these values from being saved when it was tried; shown above the form."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            widget = field.widget
            if isinstance(widget, RelatedFieldWidgetWrapper):
                widget = widget.widget
            if isinstance(widget, KnownAutocompleteSelect | KnownAutocompleteSelectMultiple):
                widget.known = {str(record.pk): str(record) for record in self._loaded(name)}

    def _loaded(self, name: str) -> Iterator[models.Model]:
        """Yield the related records that came with the instance."""
        field: Any = self.instance._meta.get_field(name)
        if field.many_to_many:
            yield from getattr(self.instance, "_prefetched_objects_cache", {}).get(name, ())
        elif field.get_cached_value(self.instance, default=None) is not None:
            yield field.get_cached_value(self.instance)

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        for problem in self.problems:
            self.add_error(None, problem)
        return cleaned

    def _get_validation_exclusions(self) -> set[str]:
        """Let constraints see the days derived from an expression, which no form field holds."""
        exclude: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]  # not in the stubs
        bounds = (f for f in self.instance._meta.fields if isinstance(f, BoundField))
        return exclude - {bound.name for bound in bounds if bound.edtf not in exclude}


class StatedTexts(CasebookForm[R]):
    """A form in which an empty text means that no source states it."""

    stated_texts: ClassVar[tuple[str, ...]] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.stated_texts:
            field = self.fields.get(name)
            if field is not None:  # those who may only look get no fields
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
    """Mixin of pages and inlines: folded help, and autocompletion that does not query per row.

    Beside a choice of records only “add” is offered: there is no room for more in a row, and what
    other cases share is better changed on its own page.
    """

    fold_help = True
    formfield_overrides = {
        models.TextField: {"widget": AdminTextareaWidget(attrs={"rows": 3})},
        models.URLField: {"assume_scheme": "https"},
    }

    def formfield_for_dbfield(
        self, db_field: models.Field[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> forms.Field | None:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and self.fold_help:
            field.help_text = folded(str(field.help_text))
        if field is not None and isinstance(field.widget, RelatedFieldWidgetWrapper):
            wrapper = field.widget
            wrapper.can_change_related = wrapper.can_delete_related = False
            wrapper.can_view_related = False
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
    """Tell whether an actor or source has a page that the public sees."""
    return bool(type(record).objects.public().filter(pk=record.pk).exists())


class CasebookAdmin(Fields, NoLostUpdates[R], ActsOnSeen[R]):
    """A page of the admin that answers every input with a page or a sentence."""

    form = CasebookForm
    save_on_top = True
    list_per_page = 50

    class Media:
        css = {"all": ["admin_casebook/admin.css"]}
        js = [f"admin_casebook/{name}.js" for name in ("steps", "places", "errors")]

    def get_view_on_site_url(self, obj: R | None = None) -> str | None:
        """Lead to the record's own page without the detour over the shortcut view.

        An actor or source has one only once something public names it.
        """
        if isinstance(obj, Actor | Source) and not is_public(obj):
            return None
        address = getattr(obj, "get_absolute_url", None)
        return str(address()) if address else None

    def get_form(
        self, request: HttpRequest, obj: R | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        problems = getattr(request, "save_problems", ())
        return type(form.__name__, (form,), {"problems": problems}) if problems else form

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show the form again, as typed, where only the saved whole tells that it cannot stand.

        The first attempt has then been rolled back; in the second the form itself is refused.
        """
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except NotPublishableError as error:
            problems = [str(problem) for problem in error.problems]
        except SaveRefusedError as error:
            problems = list(error.args)
        except IntegrityError:
            problems = [CLASH]
        _forget_announcements(request)
        request.save_problems = problems  # type: ignore[attr-defined]  # read by get_form()
        return super().changeform_view(request, object_id, form_url, extra_context)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if any("\0" in value for __, values in request.GET.lists() for value in values):
            self.message_user(request, UNREADABLE, messages.WARNING)
            return HttpResponseRedirect(request.path)
        return super().changelist_view(request, extra_context)

    def response_action(self, request: HttpRequest, queryset: QuerySet[Any], *others: Any) -> Any:
        """Refuse an action on what cannot be a key; Django would fail on it."""
        if not all(is_key(key) for key in request.POST.getlist(ACTION_CHECKBOX_NAME)):
            self.message_user(request, "Select records from the list.", messages.ERROR)
            return None
        return super().response_action(request, queryset, *others)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[R], bool]:
        if "\0" in search_term:
            return queryset.none(), False
        return super().get_search_results(request, queryset, search_term)
