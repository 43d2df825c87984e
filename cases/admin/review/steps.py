"""Buttons, list actions and pages that change the status of cases by a step."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
)
from django.template.loader import render_to_string
from django.urls import reverse

from cases.admin.base import user_of
from cases.admin.concurrency.stale_page_guard import (
    StalePageError,
    require_unchanged,
    token_context,
)
from cases.admin.widgets import is_key
from cases.changelog.locks import acquire_write_lock
from cases.models import Case
from cases.review.steps import WeakRecordError
from cases.review.transitions import DISCARD, PUBLISH, REINSTATE, SUBMIT, TRANSITIONS, Transition

from .case_pages import case_page, checked_case
from .checks import check, fingerprint
from .reasons import ReasonForm, WeighForm
from .reinstating import reinstatements_of
from .reviewing import review_of
from .taking_steps import (
    DESPITE_PROBLEMS,
    DESPITE_WEAK_POINTS,
    REASONS,
    ProblemsError,
    StepRefusedError,
    carry_out,
    is_offered,
    merges_in_the_way,
)

MAX_AT_ONCE = 100
CASE_LIST = "admin:cases_case_changelist"


def _action(transition: Transition) -> Callable[..., HttpResponse | None]:
    """Return the list action of a transition, for users with its permission."""

    def act(
        case_admin: ModelAdmin[Case], request: HttpRequest, queryset: QuerySet[Case]
    ) -> HttpResponse | None:
        keys = list(queryset.order_by("pk").values_list("pk", flat=True)[: MAX_AT_ONCE + 1])
        if len(keys) > MAX_AT_ONCE:
            sentence = f"Select at most {MAX_AT_ONCE} cases at once; nothing was changed."
            case_admin.message_user(request, sentence, messages.ERROR)
        elif transition.name in REASONS:
            return HttpResponseRedirect(address_of(transition, *keys))
        elif waiting := take_step(case_admin, request, transition, keys):
            return HttpResponseRedirect(waiting_address(transition, waiting))
        return None

    act.__name__ = f"{transition.name}_selected"
    described: Any = act
    described.short_description = label_of(transition)
    described.allowed_permissions = [transition.name]
    return act


def list_actions() -> list[Callable[..., HttpResponse | None]]:
    """Return the list action of each step."""
    return [_action(transition) for transition in TRANSITIONS.values()]


def label_of(transition: Transition) -> str:
    """Return the label of a button, which says whether a page asks for a reason first."""
    return f"{transition.label} …" if transition.name in REASONS else transition.label


def address_of(transition: Transition, *keys: int) -> str:
    """Return the address to post a step to, or the page that asks for its reason."""
    name = f"admin:cases_case_{transition.name}"
    if transition.name in REASONS:
        return f"{reverse(name)}?cases={','.join(map(str, keys))}"
    return reverse(name, args=keys)


def waiting_address(transition: Transition, keys: Iterable[int]) -> str:
    """Return the address of the page that asks about cases with which a step was not yet taken.

    It asks for a reason to publish despite weak points, or whether to submit despite problems or
    open comments.
    """
    name = "confirm" if transition is SUBMIT else "weigh"
    return f"{reverse(f'admin:cases_case_{name}')}?cases={','.join(map(str, keys))}"


def require_permission(request: HttpRequest, transition: Transition) -> None:
    """Raise PermissionDenied if the user may not take a step."""
    if not request.user.has_perm(transition.permission):
        raise PermissionDenied


def require_permission_for_action(request: HttpRequest) -> None:
    """Raise PermissionDenied if a list was sent with a step that the user may not take.

    Django would answer that no action was selected.
    """
    posted = {name.removesuffix("_selected") for name in request.POST.getlist("action")}
    for name in posted & TRANSITIONS.keys():
        require_permission(request, TRANSITIONS[name])


def steps_context(request: HttpRequest, case: Case) -> dict[str, Any]:
    """Return what the form of a case shows of its review, and the buttons of its steps."""
    return {
        "steps": [
            (label_of(step), address_of(step, case.pk), step.name in REASONS)
            for step in TRANSITIONS.values()
            if is_offered(step, case, user_of(request))
        ],
        "review": review_of(case, user_of(request)),
    }


def step_pages() -> list[tuple[str, str, Callable[..., HttpResponse]]]:
    """Return the address, the name and the view of each step."""
    return [
        (f"{step.slug}/", step.name, partial(reason_view, transition=step))
        if step.name in REASONS
        else (f"<int:key>/{step.slug}/", step.name, partial(step_view, transition=step))
        for step in TRANSITIONS.values()
    ]


def step_view(
    case_admin: ModelAdmin[Case], request: HttpRequest, key: int, transition: Transition
) -> HttpResponse:
    """Take a step with one case, from the button on its page."""
    require_permission(request, transition)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    if not is_key(key):
        raise Http404
    if waiting := take_step(case_admin, request, transition, [key]):
        return HttpResponseRedirect(waiting_address(transition, waiting))
    return HttpResponseRedirect(reverse("admin:cases_case_change", args=[key]))


def reason_view(
    case_admin: ModelAdmin[Case], request: HttpRequest, transition: Transition
) -> HttpResponse:
    """Ask for the reason of a step, then take it with the cases named in the address."""
    asking = REASONS[transition.name]
    require_permission(request, transition)
    seen = token_context()  # before the cases are read
    cases = _cases_in_address(request)
    if not cases:
        raise Http404
    if transition is DISCARD and (refusals := merges_in_the_way(cases)):
        for refusal in refusals:
            case_admin.message_user(request, refusal, messages.ERROR)
        return _back_to(cases)
    form = ReasonForm(asking, request.POST or None)
    if request.method == "POST" and form.is_valid() and _are_unchanged(request, form, cases):
        keys = [case.pk for case in cases]
        take_step(case_admin, request, transition, keys, form.cleaned_data["reason"])
        return _back_to(cases)
    context = {"title": transition.label, "asking": asking, "cases": cases, "form": form}
    if transition is REINSTATE:
        withdrawn = [case for case in cases if case.can_be_reinstated]
        context["reinstatements"] = reinstatements_of(withdrawn)
    return case_page(case_admin, request, "reason", context | seen)


def weigh_view(case_admin: ModelAdmin[Case], request: HttpRequest) -> HttpResponse:
    """Show the weak points of cases, and publish despite them if a reason is given."""
    require_permission(request, PUBLISH)
    seen = token_context()  # before the cases are read
    cases = _cases_in_address(request)
    checked = [check(case) for case in cases]
    if not checked:
        raise Http404
    form = WeighForm(DESPITE_WEAK_POINTS, request.POST or None, shown=fingerprint(checked))
    if request.method == "POST" and form.is_valid() and _are_unchanged(request, form, cases):
        keys = [case.pk for case in cases]
        take_step(case_admin, request, PUBLISH, keys, form.cleaned_data["reason"])
        return _back_to(cases)
    context = {
        "title": "Publish",
        "asking": DESPITE_WEAK_POINTS,
        "checked": checked,
        "form": form,
    }
    return case_page(case_admin, request, "reason", context | seen)


def confirm_view(case_admin: ModelAdmin[Case], request: HttpRequest) -> HttpResponse:
    """Show what stops the publication of cases, and their open comments, before submission."""
    transition = SUBMIT
    require_permission(request, transition)
    seen = token_context()  # before the cases are read
    cases = _cases_in_address(request)
    if not cases:
        raise Http404
    form = forms.Form(request.POST or None)
    if request.method == "POST" and form.is_valid() and _are_unchanged(request, form, cases):
        keys = [case.pk for case in cases]
        take_step(case_admin, request, transition, keys, is_confirmed=True)
        return _back_to(cases)
    context = {
        "title": transition.label,
        "asking": DESPITE_PROBLEMS,
        "checked": [check(case) for case in cases],
        "form": form,
    }
    return case_page(case_admin, request, "reason", context | seen)


def checks_view(case_admin: ModelAdmin[Case], request: HttpRequest, key: int) -> HttpResponse:
    """Show the results of the record checks of one case."""
    case = checked_case(case_admin, request, key)
    context = {"title": "Record checks", "checked": [check(case)], "case": case}
    return case_page(case_admin, request, "checks", context)


def take_step(
    case_admin: ModelAdmin[Case],
    request: HttpRequest,
    transition: Transition,
    keys: Iterable[int],
    reason: str = "",
    *,
    is_confirmed: bool = False,
) -> list[int]:
    """Take a step with each case, in a transaction of its own, and show a message for each.

    Returns the keys of the cases that need a reason because they have weak points, or that
    have problems or open comments and are to be confirmed.
    """
    waiting = []
    for key in keys:
        try:
            case, done = _carry_out(request, transition, key, reason, is_confirmed)
        # The next page asks first.
        except (WeakRecordError, ProblemsError):
            waiting.append(key)
        except StepRefusedError as refusal:
            context = {"sentence": refusal.sentence, "reasons": refusal.reasons}
            text = render_to_string("admin/casebook/review/_step_refused.html", context)
            case_admin.message_user(request, text, messages.ERROR)
        else:
            case_admin.log_change(request, case, f"{done} Reason: {reason}" if reason else done)
            case_admin.message_user(request, done, messages.SUCCESS)
    return waiting


@transaction.atomic
def _carry_out(
    request: HttpRequest,
    transition: Transition,
    key: int,
    reason: str,
    is_confirmed: bool,
) -> tuple[Case, str]:
    """Take a step with a case that has not changed since the page was loaded.

    Raises StepRefusedError, WeakRecordError or ProblemsError.
    """
    acquire_write_lock()
    try:
        require_unchanged(request, Case, [key])
    except StalePageError as error:
        raise StepRefusedError(" ".join(error.sentences)) from error
    user = user_of(request)
    return carry_out(transition, key, user, reason, is_confirmed=is_confirmed)


def _cases_in_address(request: HttpRequest) -> list[Case]:
    """Return the cases named in the query string; raises Http404 for invalid or too many keys."""
    keys = request.GET.get("cases", "").split(",")
    if not all(is_key(key) for key in keys) or len(keys) > MAX_AT_ONCE:
        raise Http404
    return list(Case.objects.for_detail().with_comments().filter(pk__in=keys))


def _are_unchanged(request: HttpRequest, form: forms.Form, cases: Iterable[Case]) -> bool:
    """Whether no case changed since the page was loaded; if one did, add an error to the form."""
    try:
        require_unchanged(request, Case, [case.pk for case in cases])
    except StalePageError as error:
        for sentence in error.sentences:
            form.add_error(None, sentence)
        return False
    return True


def _back_to(cases: list[Case]) -> HttpResponse:
    """Redirect to the case if there is only one, otherwise to the list of cases."""
    if len(cases) == 1:
        return HttpResponseRedirect(reverse("admin:cases_case_change", args=[cases[0].pk]))
    return HttpResponseRedirect(reverse(CASE_LIST))
