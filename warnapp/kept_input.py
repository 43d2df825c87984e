"""Forms that arrive when their sender is signed out, or signed in anew: what they hold is kept.

A session ends after a working day, which may be in the middle of a case; and who signs in again in
another tab leaves a page behind whose token is no longer right. Both get a page that holds all that
was typed, and sends it once more. Only forms of our own pages do: one that comes from elsewhere is
refused, and not offered for confirmation.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import admin
from django.contrib.auth import login
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
    """Answer a form that came without a session: ask to sign in, then do what the form asks."""
    if f"{PREFIX}-password" not in request.POST:
        return _kept(request, _form(request))
    form = _form(request, request.POST)
    if not form.is_valid():
        return _kept(request, form)
    login(request, form.get_user())
    return go_on(request)


@never_cache
def token_refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form whose token is not right, as that of a page from before the last sign-in."""
    if not _is_of_this_site(request):
        return render(request, "403_csrf.html", status=403)
    if request.path == reverse("admin:login"):
        return HttpResponseRedirect(request.get_full_path())
    signed_in = admin.site.has_permission(request)
    return _kept(request, None if signed_in else _form(request))


def _is_of_this_site(request: HttpRequest) -> bool:
    """Whether the browser says that the form stood on one of our pages in the admin."""
    origin = urlsplit(request.headers.get("Origin", ""))
    ours = (request.scheme, request.get_host())
    inside = request.path.startswith(reverse("admin:index"))
    return inside and (origin.scheme, origin.netloc) == ours


def _form(request: HttpRequest, data: Any = None) -> Any:
    site: Any = admin.site
    return site.login_form(request, data, prefix=PREFIX)


def _kept(request: HttpRequest, form: Any) -> HttpResponse:
    """Render the page that holds what was sent; `form` is the one to sign in with, if need be."""
    context = {
        **admin.site.each_context(request),
        "title": "Not saved yet",
        "form": form,
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
    return render(request, "admin/casebook/signing_in/not_saved_yet.html", context, status=403)
