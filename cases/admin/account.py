"""The admin of accounts, with one form for a new editor or reviewer."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import UserCreationForm
from django.contrib.auth.models import Group, User
from django.http import HttpRequest

from .base import CasebookAdmin
from .related_filter import RelatedFilter

ROLES = (
    ("Editors", "Editor: codes cases and submits them"),
    ("Reviewers", "Reviewer: also publishes, sends back, withdraws, reinstates and redacts"),
    ("", "Neither: no access to the admin until you give it"),
)
"""The groups that the migrations make, with what their members do."""


class NewAccountForm(UserCreationForm[User]):
    """The form for a new account, which also lets it into the admin."""

    role = forms.ChoiceField(choices=ROLES, initial="Editors", required=False)


# Django registers its own.
admin.site.unregister(User)


@admin.register(User)
class AccountAdmin(UserAdmin[User]):
    delete_confirmation_template = CasebookAdmin.delete_confirmation_template
    delete_selected_confirmation_template = CasebookAdmin.delete_selected_confirmation_template
    list_filter = ("is_staff", "is_superuser", "is_active", ("groups", RelatedFilter))
    add_form = NewAccountForm
    add_fieldsets = (
        (None, {"fields": ("username", "first_name", "last_name", "role")}),
        ("Password", {"fields": ("password1", "password2")}),
    )

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        if not change and form.cleaned_data["role"]:
            obj.is_staff = True
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if not change:
            form.instance.groups.add(*Group.objects.filter(name=form.cleaned_data["role"]))
