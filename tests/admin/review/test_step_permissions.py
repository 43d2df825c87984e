"""Who may take which step with a case: by its button, by a direct request, and from the list."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse

from cases.models import Case
from cases.review.steps import withdraw
from tests.support.admin_forms import signed_in
from tests.support.factories import make_case

pytestmark = [pytest.mark.django_db, pytest.mark.once]

LIST = "/admin/cases/case/"
STEPS = {
    "submit": ("draft", "in_review"),
    "publish": ("in_review", "published"),
    "send_back": ("in_review", "draft"),
    "withdraw": ("published", "withdrawn"),
    "reinstate": ("withdrawn", "published"),
}
"""Each step with the status before it and after it."""

MAY = {
    "Editors": {"submit"},
    "Reviewers": {"submit", "publish", "send_back", "withdraw", "reinstate"},
    "": set[str](),
}
"""Each group with its steps; "" for staff who may see and change cases, and nothing else."""

EVERY_STEP_OF_EVERY_GROUP = [
    pytest.param(group, step, id=f"{group or 'others'}-{step}") for group in MAY for step in STEPS
]


def client_of(group: str) -> Client:
    if group:
        return signed_in(group)
    client = signed_in()
    codenames = ("view_case", "change_case", "add_case")
    permissions = Permission.objects.filter(codename__in=codenames)
    User.objects.latest("pk").user_permissions.set(permissions)
    return client


def case_before(step: str) -> Case:
    before, __ = STEPS[step]
    if before == "published":
        return make_case(published=True)
    if before == "withdrawn":
        case = make_case(published=True)
        withdraw(case, None, "It was a hoax.")
        return case
    return make_case(complete=True, status=before)


def step_page_of(step: str, case: Case) -> str:
    """Return where the step is taken; those that ask for a reason have a page of their own."""
    if step in ("send_back", "withdraw", "reinstate"):
        return f"{reverse(f'admin:cases_case_{step}')}?cases={case.pk}"
    return reverse(f"admin:cases_case_{step}", args=[case.pk])


def is_taken(step: str, case: Case) -> bool:
    status = Case.objects.get(pk=case.pk).status
    assert status in STEPS[step]
    return status == STEPS[step][1]


@pytest.mark.parametrize(("group", "step"), EVERY_STEP_OF_EVERY_GROUP)
def test_button_is_there_for_those_who_may_take_the_step(group: str, step: str) -> None:
    case = case_before(step)
    page = client_of(group).get(reverse("admin:cases_case_change", args=[case.pk]))
    assert page.status_code == 200
    assert (f'"{step_page_of(step, case)}"' in page.text) == (step in MAY[group])


@pytest.mark.parametrize(("group", "step"), EVERY_STEP_OF_EVERY_GROUP)
def test_request_takes_the_step_for_those_who_may(group: str, step: str) -> None:
    case = case_before(step)
    response = client_of(group).post(step_page_of(step, case), {"reason": "Why."})
    may = step in MAY[group]
    assert response.status_code == (302 if may else 403)
    assert is_taken(step, case) == may


@pytest.mark.parametrize(("group", "step"), EVERY_STEP_OF_EVERY_GROUP)
def test_action_of_the_list_takes_the_step_for_those_who_may(group: str, step: str) -> None:
    cases, client = [case_before(step), case_before(step)], client_of(group)
    may = step in MAY[group]
    assert (f'value="{step}_selected"' in client.get(LIST).text) == may
    chosen = {"action": f"{step}_selected", "_selected_action": [case.pk for case in cases]}
    page: Any = client.post(LIST, chosen, follow=True)
    if not may:
        assert page.status_code == 403
    elif page.redirect_chain and "cases=" in page.redirect_chain[-1][0]:
        client.post(page.redirect_chain[-1][0], {"reason": "Why."})
    assert [is_taken(step, case) for case in cases] == [may, may]


@pytest.mark.parametrize("step", STEPS)
def test_step_of_a_visitor_asks_to_sign_in(client: Client, step: str) -> None:
    case = case_before(step)
    response = client.post(step_page_of(step, case), {"reason": "Why."})
    assert response.status_code == 403
    assert "Sign in and go on" in response.text
    assert not is_taken(step, case)
