"""The admin site: its name, and its models in the groups in which editors need them."""

from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.admin.apps import AdminConfig
from django.http import HttpRequest

GROUPS = (
    ("Cases", ("Case", "Note")),
    ("What cases share", ("Actor", "Source")),
    ("The rule", ("Directive", "DirectiveException")),
    ("What the public saw", ("Revision",)),
)
"""Headings, and the models of the casebook under each."""


class CasebookAdminSite(AdminSite):
    site_header = site_title = index_title = "Duty-to-warn casebook"

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """Put the casebook first, in its groups, and other applications after it."""
        apps = super().get_app_list(request, app_label)
        grouped = [group for app in apps if app["app_label"] == "cases" for group in _groups(app)]
        return grouped + [app for app in apps if app["app_label"] != "cases"]


def _groups(app: dict[str, Any]) -> list[dict[str, Any]]:
    """Split one application's entry into one for each group with models the user may see."""
    models = {model["object_name"]: model for model in app["models"]}
    groups = [
        {**app, "name": title, "models": [models[name] for name in names if name in models]}
        for title, names in GROUPS
    ]
    return [group for group in groups if group["models"]]


class CasebookAdminConfig(AdminConfig):
    """Stands in the settings for django.contrib.admin, and makes the site above the default."""

    default_site = "warnapp.admin.CasebookAdminSite"
