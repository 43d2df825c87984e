"""Keeping the input of forms whose session has ended or whose CSRF token is no longer valid.

A session ends after a working day, perhaps in the middle of coding a case. A new sign-in in another
tab invalidates the tokens of pages that are still open. In both cases the editor gets a page that
holds everything they typed and can submit it again. A form from another site is refused.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode, urlsplit

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
    """Answer a form without a session: ask the editor to sign in, then process the form."""
    if f"{PREFIX}-password" not in request.POST:
        return _held_input(request, _form(request))
    form = _form(request, request.POST)
    if not form.is_valid():
        return _held_input(request, form)
    login(request, form.get_user())
    return go_on(request)


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


def _is_of_this_site(request: HttpRequest) -> bool:
    """Whether the form was on a page of our admin, according to the browser's Origin header."""
    origin = urlsplit(request.headers.get("Origin", ""))
    ours = (request.scheme, request.get_host())
    inside = request.path.startswith(reverse("admin:index"))
    return inside and (origin.scheme, origin.netloc) == ours


def _form(request: HttpRequest, data: Any = None) -> Any:
    site: Any = admin.site
    return site.login_form(request, data, prefix=PREFIX)


def _held_input(request: HttpRequest, form: Any) -> HttpResponse:
    """Render the page that holds the submitted values; `form` is the sign-in form, if needed."""
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
