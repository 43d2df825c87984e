"""Keeping the input of forms that cannot be saved for a reason that the editor cannot help.

A session ends after a working day, perhaps in the middle of coding a case. A new sign-in in another
tab invalidates the tokens of pages that are still open. The database may be busy or away. In each
case the editor gets a page that holds everything they typed and can submit it again. A form from
another site is refused.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth import login
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache

PREFIX = "sign-in"
CSRF_FIELD = "csrfmiddlewaretoken"


@never_cache
def sign_in_first(
    request: HttpRequest, go_on: Callable[[HttpRequest], HttpResponse]
) -> HttpResponse:
    """Answer a form without a session: ask the editor to sign in, then process the form."""
    if f"{PREFIX}-password" not in request.POST:
        return _held_input(request, _form(request))
    form = _form(request, request.POST)
    if not form.is_valid():
        return _held_input(request, form)
    login(request, form.get_user())
    return go_on(request)


@never_cache
def set_up_two_factor_first(request: HttpRequest) -> HttpResponse:
    """Answer a form of a user who has to set up two-factor sign-in before anything else."""
    return _held_input(request, None, lacks_two_factor=True)


@never_cache
def token_refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form with an invalid CSRF token, such as one from before the last sign-in."""
    if not _is_of_this_site(request):
        return render(request, "403_csrf.html", status=403)
    if request.path == reverse("admin:login"):
        # Signed in meanwhile, perhaps in another tab: the sign-in page leads on to `next`.
        following = request.POST.get("next", "")
        query = urlencode({"next": following}) if following else request.GET.urlencode()
        return HttpResponseRedirect(f"{request.path}?{query}" if query else request.path)
    signed_in = admin.site.has_permission(request)
    return _held_input(request, None if signed_in else _form(request))


def not_saved(request: HttpRequest, reason: str) -> HttpResponse:
    """Answer a form while the database is busy or away; `reason` is a sentence about that."""
    # Discard the success messages of the attempt that was rolled back.
    storage: Any = messages.get_messages(request)
    storage.discard_queued()
    asks = f"{PREFIX}-password" in request.POST
    return _held_input(request, _named_form(request, PREFIX) if asks else None, reason)


def sign_in_again(request: HttpRequest, reason: str) -> HttpResponse:
    """Answer an attempt to sign in while the database is busy or away; only the name is kept."""
    context = _frame() | {
        "title": "Sign in",
        "form": _named_form(request),
        "problem": f"{reason} You are not signed in yet: type the password again in a moment.",
        "app_path": request.get_full_path(),
        "next": request.POST.get("next", ""),
    }
    return render(request, "admin/casebook/signing_in/sign_in.html", context, status=503)


def _is_of_this_site(request: HttpRequest) -> bool:
    """Whether the form was on a page of our admin, according to the browser's Origin header."""
    origin = urlsplit(request.headers.get("Origin", ""))
    ours = (request.scheme, request.get_host())
    inside = request.path.startswith(reverse("admin:index"))
    return inside and (origin.scheme, origin.netloc) == ours


def _form(request: HttpRequest, data: Any = None) -> Any:
    site: Any = admin.site
    return site.login_form(request, data, prefix=PREFIX)


def _named_form(request: HttpRequest, prefix: str | None = None) -> Any:
    """Return an empty sign-in form with the name that was typed."""
    site: Any = admin.site
    name = request.POST.get(f"{prefix}-username" if prefix else "username", "")
    return site.login_form(request, prefix=prefix, initial={"username": name})


def _frame() -> dict[str, Any]:
    """Return the context of a page of the admin that asks the database for nothing."""
    site = admin.site
    return {
        "site_title": site.site_title,
        "site_header": site.site_header,
        "user": AnonymousUser(),
        "messages": (),
    }


def _held_input(
    request: HttpRequest, form: Any, reason: str = "", *, lacks_two_factor: bool = False
) -> HttpResponse:
    """Render the page that holds the submitted values; `form` is the sign-in form, if needed."""
    context = _frame() | {
        "title": "Not saved yet",
        "form": form,
        "reason": reason,
        "lacks_two_factor": lacks_two_factor,
        "address": request.get_full_path(),
        "kept": [
            (name, value)
            for name, values in request.POST.lists()
            if name != CSRF_FIELD and not name.startswith(f"{PREFIX}-")
            for value in values
        ],
        "had_files": bool(request.FILES),
        "hours": settings.SESSION_COOKIE_AGE // 3600,
    }
    status = 503 if reason else 403
    return render(request, "admin/casebook/signing_in/not_saved_yet.html", context, status=status)
