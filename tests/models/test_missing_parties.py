"""A warning whose issuer or recipients no source names: “not stated” wherever it is shown."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from cases.models import Case
from cases.record.stored import read_record
from cases.review.steps import publish
from tests.exchange.test_bundle import bring_in
from tests.support.bundles import bundle_of
from tests.support.downloads import table
from tests.support.factories import make_case, make_incident, make_warning, support
from tests.support.reading import words

pytestmark = pytest.mark.django_db


@pytest.fixture
def case() -> Case:
    """A published case in which somebody unnamed warned nobody that a source names."""
    made = make_case()
    make_warning(made, issuer=None, recipients=(), date="2019", channel="private")
    make_incident(made, kind="none_reported")
    support(made)
    publish(made, None)
    return made


def test_parties_not_stated_are_said_so_on_the_page_and_the_card(
    client: Client, case: Case
) -> None:
    page = words(client.get(case.get_absolute_url()))
    assert "Issuer Not stated in the sources" in page
    assert "Recipients Not stated in the sources" in page
    assert "Not stated in the sources to not stated in the sources" in words(client.get("/cases/"))


@pytest.mark.parametrize("parameter", ["issuer", "recipient"])
def test_parties_not_stated_are_a_value_of_their_filters(
    client: Client, case: Case, parameter: str
) -> None:
    make_case(published=True)  # whose parties are named
    found = client.get(f"/cases/?{parameter}=not_stated").context["object_list"]
    assert [each.number for each in found] == [case.number]


def test_parties_not_stated_have_their_code_in_the_file(client: Client, case: Case) -> None:
    (row,) = table(client, name="warnings")
    assert (row["issuer"], row["recipient_count"]) == ("not_stated", "0")
    assert row["first_recipient"] == "not_stated"


def test_parties_not_stated_are_kept_by_the_version(case: Case) -> None:
    version = case.versions.get()
    (warning,) = version.record["warnings"]
    assert warning["issuer"] == {"state": "not_stated", "actor": None}
    assert warning["recipients"] == []
    assert read_record(version.record).warnings[0].issuer.actor is None


def test_parties_not_stated_come_back_with_the_bundle() -> None:
    def make() -> Any:
        made = make_case(complete=True)
        made.claims.filter(field="issuer").delete()
        made.warnings.update(issuer=None)

    plan = bring_in(bundle_of(make))
    assert not plan.is_refused
    assert Case.objects.get().warnings.get().issuer is None


def test_actor_of_another_warning_is_not_taken_for_the_one_not_stated(
    client: Client, case: Case
) -> None:
    other = make_case(published=True)
    issuer = other.warnings.get().issuer
    assert issuer is not None
    found = client.get(f"/cases/?issuer={issuer.slug}").context["object_list"]
    assert [each.number for each in found] == [other.number]
