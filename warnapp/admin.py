"""The admin site: its name, its groups of models, and its pages that belong to no model."""

from collections.abc import Callable
from functools import partial, wraps
from threading import BoundedSemaphore
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.contrib.admin.apps import AdminConfig
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.http import url_has_allowed_host_and_scheme

# The headings of the index page, and the models under each.
GROUPS = (
    ("Cases", ("Case", "Note", "Import")),
    ("What cases share", ("Actor", "Source")),
    ("The rule", ("Directive", "DirectiveException")),
    ("What was merged", ("Merge",)),
    ("What the public saw", ("Version", "Redaction")),
)

# What the apps of packages are called, whose own names say nothing to an operator.
NAMES = {
    "axes": "Attempts to sign in",
    "otp_static": "Recovery codes",
    "otp_totp": "Two-factor devices",
}

# Forms that a process saves at the same time. A save may have to wait for a lock, and the threads
# that are left serve pages meanwhile; see “Staying up” in docs/operations.md.
MAX_SAVES = 3
_saves = BoundedSemaphore(MAX_SAVES)

# The pages that an account may use before it has set up two-factor sign-in, if that is required.
WITHOUT_TWO_FACTOR = ("admin:two_factor", "admin:two_factor_qr", "admin:logout")


class CasebookAdminSite(AdminSite):
    site_header = site_title = index_title = "Duty-to-warn casebook"
    login_template = "admin/casebook/signing_in/sign_in.html"
    logout_template = "admin/casebook/signing_in/signed_out.html"

    def get_urls(self) -> list[Any]:
        """Add the work queue and the pages to set up two-factor sign-in."""
        # Imported here, because this module is loaded before the models.
        from cases.admin.dates import read_date
        from cases.admin.guide import guide
        from cases.admin.review.queue import queue

        from .signing_in import two_factor

        view, picture = map(self.admin_view, (two_factor.two_factor, two_factor.qr_code))
        own = [
            path("queue/", self.admin_view(queue), name="queue"),
            path("guide/", self.admin_view(guide), name="guide"),
            path("read-date/", self.admin_view(read_date), name="read_date"),
            path("two-factor/", view, name="two_factor"),
            path("two-factor/qr.svg", picture, name="two_factor_qr"),
        ]
        return own + super().get_urls()

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Keep the input of a form that is submitted after its user was signed out.

        Give it back also if too many others are being saved. If two-factor sign-in is required,
        lead those without it to its page first.
        """
        from .serving.kept_input import set_up_two_factor_first, sign_in_first
        from .serving.unavailable import BUSY, unavailable

        guarded: Callable[..., HttpResponse] = super().admin_view(view, cacheable)

        @wraps(guarded)
        def allowed(request: HttpRequest, *args: Any, **named: Any) -> HttpResponse:
            if not self._has_to_set_up_two_factor(request):
                return guarded(request, *args, **named)
            if request.method == "POST":
                return set_up_two_factor_first(request)
            messages.warning(request, "Set up two-factor sign-in first: this casebook requires it.")
            return redirect("admin:two_factor")

        def saving(request: HttpRequest, *args: Any, **named: Any) -> HttpResponse:
            if not _saves.acquire(blocking=False):
                return unavailable(request, BUSY)
            try:
                return allowed(request, *args, **named)
            finally:
                _saves.release()

        @wraps(guarded)
        def keeping(request: HttpRequest, *args: Any, **named: Any) -> HttpResponse:
            is_typed = request.method == "POST" and request.path != reverse("admin:logout")
            if is_typed and request.user.is_anonymous:
                return sign_in_first(request, partial(_called, saving, args, named))
            return (saving if is_typed else allowed)(request, *args, **named)

        return keeping

    def _has_to_set_up_two_factor(self, request: HttpRequest) -> bool:
        return (
            self.has_permission(request)
            and request.path not in map(reverse, WITHOUT_TWO_FACTOR)
            and not self.is_signed_in_fully(request)
        )

    def is_signed_in_fully(self, request: HttpRequest) -> bool:
        """Whether the visitor is staff, with two-factor sign-in set up if it is required."""
        from .signing_in.two_factor import is_on

        user: Any = request.user
        return self.has_permission(request) and (not settings.REQUIRE_TWO_FACTOR or is_on(user))

    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Lead a user who is signed in already, as in another tab, to the page they asked for."""
        following = request.GET.get("next", "")
        if (
            request.method == "GET"
            and self.has_permission(request)
            and url_has_allowed_host_and_scheme(
                following, {request.get_host()}, require_https=request.is_secure()
            )
        ):
            return HttpResponseRedirect(following)
        return super().login(request, {"title": "Sign in"} | (extra_context or {}))

    def logout(self, request: HttpRequest, extra_context: Any = None) -> Any:
        return super().logout(request, {"title": "You are signed out"} | (extra_context or {}))

    def app_index(self, request: HttpRequest, app_label: str, extra_context: Any = None) -> Any:
        """Redirect the index of the app `cases` to the first page, which has all its groups."""
        if app_label == "cases":
            return redirect("admin:index")
        return super().app_index(request, app_label, extra_context)

    @property
    def login_form(self) -> Any:  # type: ignore[override]  # read where Django has a class
        from .signing_in.two_factor import SignInForm

        return SignInForm

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """Return the groups of the casebook first, and other apps after them."""
        apps = super().get_app_list(request, app_label)
        grouped = [group for app in apps if app["app_label"] == "cases" for group in _groups(app)]
        if request.user.has_perm("cases.view_case") and grouped and app_label is None:
            # Imported here, because this module is loaded before the models.
            from cases.admin.case.editor_filter import my_drafts

            grouped[0]["models"][:0] = [
                _entry("Work queue", "WorkQueue", reverse("admin:queue")),
                _entry("My drafts", "MyDrafts", my_drafts()),
            ]
        others = [app for app in apps if app["app_label"] != "cases"]
        named = [app | {"name": NAMES.get(app["app_label"], app["name"])} for app in others]
        return grouped + named


def _called(
    view: Callable[..., HttpResponse], args: Any, named: Any, request: HttpRequest
) -> HttpResponse:
    return view(request, *args, **named)


def _entry(name: str, object_name: str, address: str) -> dict[str, Any]:
    """Return an entry of the index for a page that belongs to no model."""
    return {
        "name": name,
        "object_name": object_name,
        "admin_url": address,
        "add_url": None,
        "view_only": True,
        "perms": {"view": True},
    }


def _groups(app: dict[str, Any]) -> list[dict[str, Any]]:
    """Split the entry of an app into its groups, without those that the user sees no model of."""
    models = {model["object_name"]: model for model in app["models"]}
    groups = [
        {**app, "name": title, "models": [models[name] for name in names if name in models]}
        for title, names in GROUPS
    ]
    return [group for group in groups if group["models"]]


class CasebookAdminConfig(AdminConfig):
    """Replaces django.contrib.admin in the settings, to make CasebookAdminSite the default site."""

    default_site = "warnapp.admin.CasebookAdminSite"
