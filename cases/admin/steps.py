"""Buttons, list actions and pages that take cases a step further."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.widgets import AdminTextareaWidget
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
)
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join

from ..models import Case
from .base import CasebookAdmin, user_of
from .reviewing import review_of
from .transitions import TRANSITIONS, Asking, RefusedError, Transition, carry_out
from .widgets import is_key

MOST_AT_ONCE = 100
CASE_LIST = "admin:cases_case_changelist"


class ReasonForm(forms.Form):
    reason = forms.CharField(max_length=2000, widget=AdminTextareaWidget(attrs={"rows": 4}))

    def __init__(self, asking: Asking, data: Any = None) -> None:
        super().__init__(data)
        self.fields["reason"].help_text = asking.help
        self.fields["reason"].error_messages["required"] = asking.missing


def _action(transition: Transition) -> Callable[..., HttpResponse | None]:
    """Return the list action of a transition, offered to those with its permission."""

    def act(
        modeladmin: CaseSteps, request: HttpRequest, queryset: QuerySet[Case]
    ) -> HttpResponse | None:
        keys = list(queryset.order_by("pk").values_list("pk", flat=True)[: MOST_AT_ONCE + 1])
        if len(keys) > MOST_AT_ONCE:
            sentence = f"Select at most {MOST_AT_ONCE} cases at once; nothing was changed."
            modeladmin.message_user(request, sentence, messages.ERROR)
        elif transition.asks:
            return HttpResponseRedirect(address_of(transition, *keys))
        else:
            modeladmin.take(request, transition, keys)
        return None

    act.__name__ = f"{transition.name}_selected"
    described: Any = act
    described.short_description = f"{transition.label} …" if transition.asks else transition.label
    described.allowed_permissions = [transition.right]
    return act


def address_of(transition: Transition, *keys: int) -> str:
    """Return the address at which cases take a step: to post to, or of the page that asks why."""
    name = f"admin:cases_case_{transition.name}"
    if transition.asks:
        return f"{reverse(name)}?cases={','.join(map(str, keys))}"
    return reverse(name, args=keys)


class CaseSteps(CasebookAdmin[Case]):
    """The part of the admin of cases that changes their status; nothing else does."""

    actions = [_action(transition) for transition in TRANSITIONS.values()]
    change_form_template = "admin/casebook/case_change_form.html"

    def has_submit_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(TRANSITIONS["submit"].permission)

    def has_publish_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(TRANSITIONS["publish"].permission)

    def has_withdraw_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(TRANSITIONS["withdraw"].permission)

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        own = [
            path(
                f"{step.slug}/" if step.asks else f"<int:key>/{step.slug}/",
                wrap(partial(self.reason_view if step.asks else self.step_view, transition=step)),
                name=f"cases_case_{step.name}",
            )
            for step in TRANSITIONS.values()
        ]
        return own + super().get_urls()

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Case | None = None,
    ) -> HttpResponse:
        if obj is not None:
            context["steps"] = [
                (step, address_of(step, obj.pk))
                for step in TRANSITIONS.values()
                if step.is_offered(obj, user_of(request))
            ]
            context["review"] = review_of(obj, user_of(request))
        return super().render_change_form(request, context, add, change, form_url, obj)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Answer 403, not “no action selected”, to those who may not take the step they posted."""
        posted = {name.removesuffix("_selected") for name in request.POST.getlist("action")}
        for name in posted & TRANSITIONS.keys():
            self._require(request, TRANSITIONS[name])
        return super().changelist_view(request, extra_context)

    def step_view(self, request: HttpRequest, key: int, transition: Transition) -> HttpResponse:
        """Take one case a step further, at the press of its button."""
        self._require(request, transition)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not is_key(key):
            raise Http404
        self.take(request, transition, [key])
        return HttpResponseRedirect(reverse("admin:cases_case_change", args=[key]))

    def reason_view(self, request: HttpRequest, transition: Transition) -> HttpResponse:
        """Ask for the reason of a step, then take the cases named in the address."""
        asking = transition.asks
        self._require(request, transition)
        keys = request.GET.get("cases", "").split(",")
        if asking is None or not all(is_key(key) for key in keys) or len(keys) > MOST_AT_ONCE:
            raise Http404
        cases = Case.objects.filter(pk__in=keys)
        form = ReasonForm(asking, request.POST or None)
        if not cases:
            raise Http404
        if request.method == "POST" and form.is_valid():
            self.take(request, transition, [case.pk for case in cases], form.cleaned_data["reason"])
            return HttpResponseRedirect(
                reverse("admin:cases_case_change", args=keys)
                if len(keys) == 1
                else (reverse(CASE_LIST))
            )
        context = {
            **self.admin_site.each_context(request),
            "title": transition.label,
            "asking": asking,
            "opts": self.opts,
            "cases": cases,
            "form": form,
            "media": self.media,
        }
        return TemplateResponse(request, "admin/casebook/reason.html", context)

    def take(
        self, request: HttpRequest, transition: Transition, keys: Iterable[int], reason: str = ""
    ) -> None:
        """Take each case a step further by itself, and tell what became of it."""
        for key in keys:
            try:
                case = carry_out(transition, key, user_of(request), reason)
            except RefusedError as refusal:
                reasons = format_html_join("", "<li>{}</li>", ((r,) for r in refusal.reasons))
                text = format_html("{} <ul>{}</ul>", refusal.sentence, reasons)
                self.message_user(request, text if reasons else refusal.sentence, messages.ERROR)
            else:
                done = f"{case} was {transition.participle}."
                self.log_change(request, case, f"{done} Reason: {reason}" if reason else done)
                self.message_user(request, done, messages.SUCCESS)

    def _require(self, request: HttpRequest, transition: Transition) -> None:
        if not request.user.has_perm(transition.permission):
            raise PermissionDenied
