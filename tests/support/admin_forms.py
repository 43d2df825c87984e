"""The forms of the admin's pages, as a browser would send them back."""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser
from typing import Any

from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.db.models import Model
from django.test import Client, RequestFactory
from django.urls import reverse

Data = dict[str, Any]


def signed_in(*groups: str, **fields: Any) -> Client:
    """Return a browser in which a member of staff of these groups is signed in."""
    number = User.objects.count() + 1
    user = User.objects.create_user(f"{'-'.join(groups) or 'staff'}-{number}".lower(), **fields)
    user.is_staff = True
    user.save()
    user.groups.set(Group.objects.filter(name__in=groups))
    client = Client()
    client.force_login(user)
    return client


def user_of(client: Client) -> User:
    """Return the account that is signed in in a browser."""
    return User.objects.get(pk=client.session["_auth_user_id"])


def page_of(record: Model, page: str = "change") -> str:
    """Return the address of a page about a record."""
    opts = record._meta
    return reverse(f"admin:{opts.app_label}_{opts.model_name}_{page}", args=[record.pk])


def send(client: Client, record: Model, data: Data) -> Any:
    """Send the form of a record with “Save”, and return the page that follows: if it was saved the
    list, which takes a fraction of the time of the form."""
    return client.post(page_of(record), data | {"_save": "1"}, follow=True)


def send_and_stay(client: Client, record: Model, data: Data) -> Any:
    """Send the form of a record with “Save and continue”, and return the form that follows."""
    return client.post(page_of(record), data | {"_continue": "1"}, follow=True)


def opened(client: Client, record: Model) -> Data:
    """Open the form of a record, and return what it would send.

    It says which state of the record it was made from, and nothing of who opened it: of two who
    opened the same state, one may send what the other was given.
    """
    return form_on(client.get(page_of(record)), f"{record._meta.model_name}_form")


def save(client: Client, record: Model, **values: Any) -> Any:
    """Open the form of a record, type some values over, and send it."""
    return send(client, record, opened(client, record) | values)


def take_step(client: Client, case: Model, name: str) -> Any:
    """Take a step of review that asks for no reason, and return the page that follows."""
    return client.post(page_of(case, name), follow=True)


def act(client: Client, action: str, *cases: Model, **data: Any) -> Any:
    """Choose an action for some cases on their list, and return the page that follows."""
    chosen = {"action": action, "_selected_action": [case.pk for case in cases]}
    return client.post(reverse("admin:cases_case_changelist"), chosen | data, follow=True)


def changeable() -> set[type[Model]]:
    """Return the kinds of record of the casebook that the admin lets somebody change."""
    request = RequestFactory().get("/admin/")
    request.user = User(username="root", is_superuser=True, is_staff=True)
    return {
        model
        for model, page in admin.site._registry.items()
        if model._meta.app_label == "cases" and page.has_change_permission(request)
    }


class _Controls(HTMLParser):
    """Gathers names and values of the controls in the form with the given id."""

    def __init__(self, form_id: str) -> None:
        super().__init__()
        self.form_id, self.inside = form_id, False
        self.data: Data = {}
        self.select: tuple[str, bool, list[str]] | None = None
        self.textarea: tuple[str, str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.inside = given.get("id") == self.form_id
        elif not self.inside or not (given.get("name") or tag == "option"):
            return
        elif tag == "input" and given.get("type") not in ("submit", "checkbox"):
            self.data[given["name"]] = given.get("value", "")
        elif tag == "select":
            self.select = (given["name"], "multiple" in given, [])
        elif tag == "option" and self.select and "selected" in given:
            self.select[2].append(given["value"])
        elif tag == "textarea":
            self.textarea = (given["name"], "")

    def handle_data(self, data: str) -> None:
        if self.textarea:
            self.textarea = (self.textarea[0], self.textarea[1] + data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False
        elif tag == "textarea" and self.textarea:
            name, text = self.textarea
            self.data[name], self.textarea = text.removeprefix("\n"), None
        elif tag == "select" and self.select:
            name, several, chosen = self.select
            self.data[name], self.select = (chosen if several else "".join(chosen[:1])), None


def form_on(response: Any, form_id: str = "case_form") -> Data:
    """Return what the form on a page would send, the templates of new rows included."""
    assert response.status_code == 200, response.status_code
    controls = _Controls(form_id)
    controls.feed(response.text)
    return controls.data


def add_row(data: Data, prefix: str, **values: Any) -> None:
    """Fill the next new row of a formset, as “Add another” and typing would."""
    number = int(data[f"{prefix}-TOTAL_FORMS"])
    template = f"{prefix}-__prefix__-"
    for name in [name for name in data if name.startswith(template)]:
        data[f"{prefix}-{number}-{name.removeprefix(template)}"] = data[name]
    for name, value in values.items():
        assert f"{template}{name}" in data, f"no control for {name}"
        data[f"{prefix}-{number}-{name}"] = value
    data[f"{prefix}-TOTAL_FORMS"] = str(number + 1)


_SAYING = re.compile(r'<(ul|p) class="(?:messagelist|errorlist|errornote)[^"]*".*?</\1>', re.DOTALL)


def messages_on(response: Any) -> str:
    """Return the words of the messages and errors on a page; those of a list up to its end."""
    assert response.status_code == 200, response.status_code
    text = " ".join(found[0] for found in _SAYING.finditer(response.text))
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", text)).split())
