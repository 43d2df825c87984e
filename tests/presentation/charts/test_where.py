"""The map: the article's cases by hand, cases without a country, and the places of countries."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import QueryDict

from cases.models import Claim, Incident
from cases.presentation.charts.case_set import CaseSet, Counted
from cases.presentation.charts.chart_filter import ChartFilter
from cases.presentation.charts.picture import NARROW, WIDE, Picture
from cases.presentation.charts.where.chart import WHERE
from cases.presentation.charts.where.drawing import MAX_UNPLACED, Located, drawing
from cases.presentation.charts.where.projection import Projection
from cases.presentation.charts.where.world import world
from tests.support.factories import make_actor, make_case, make_incident, show

from .asking import make_public
from .snapshots import assert_as_before


def picture(query: str = "") -> Picture:
    return WHERE(CaseSet(ChartFilter(QueryDict(query))))


def counts(shown: Picture) -> dict[Any, Any]:
    return {place.value: cases.value for place, cases, _ in shown.rows}


def texts(spec: Any) -> list[str]:
    """Return every text beside a circle and below the map."""
    views = spec["vconcat"]
    values = [one for view in views for layer in view["layer"] for one in layer["data"]["values"]]
    return [one["text"] for one in values if isinstance(one, dict) and "text" in one]


@pytest.mark.django_db
@pytest.mark.usefixtures("demo")
def test_article_has_incidents_in_five_countries() -> None:
    shown = picture()
    assert counts(shown) == {
        "Iran": 1,
        "Kenya": 1,
        "Russia": 1,
        "Tanzania": 1,
        "Ukraine": 1,
        "Country not stated": 2,
        "Does not apply, as no incident is reported": 1,
    }
    assert shown.finding == (
        "Incidents were, or were to be, in 5 countries, in no more than 1 of 7 cases each."
    )
    assert "say nothing of borders" in shown.caveat
    assert shown.caveat.endswith("Made with Natural Earth.")


@pytest.mark.django_db
@pytest.mark.usefixtures("demo")
def test_small_sets_are_said_in_words() -> None:
    one = picture("country=russia")
    assert counts(one) == {"Russia": 1}
    assert one.finding == (
        "In the one case here the country of an incident is “Russia”; no other is named."
    )
    two = picture("country=kenya")
    assert counts(two) == {"Kenya": 1}
    assert picture("country=not_stated").finding == (
        "No case here names the country of an incident."
    )
    nothing = picture("kind=policy_origin&reception=dismissed")
    assert nothing.is_empty


@pytest.mark.django_db
def test_countries_are_counted_among_the_cases_that_name_one() -> None:
    iran, iraq = (make_actor(name=name, kind="state") for name in ("Iran", "Iraq"))
    one, other, without = make_public(), make_public(), make_public()
    three = f"case={one.slug}&case={other.slug}&case={without.slug}"
    make_incident(one, country=iran)
    make_incident(one, country=iraq)
    assert picture(f"case={one.slug}").finding == (
        "The one case here names 2 countries of incidents."
    )
    assert picture(three).finding == (
        "Incidents were, or were to be, in 2 countries, in no more than 1 of 3 cases each."
    )
    make_incident(other, country=iraq)
    assert picture(three).finding == (
        "In 2 of 3 cases the country of an incident is named, 2 countries together; most often, in "
        "2 of these cases, it is “Iraq”."
    )


@pytest.mark.django_db
def test_case_without_an_incident_and_country_without_a_place_are_listed() -> None:
    case, other = make_case(published=True), make_case(published=True)
    Claim.objects.filter(case__in=(case, other)).delete()
    Incident.objects.filter(case__in=(case, other)).delete()
    atlantis = make_actor(name="Atlantis", slug="atlantis", kind="state")
    make_incident(other, country=atlantis)
    for each in (case, other):
        show(each)
    shown = picture(f"case={case.slug}&case={other.slug}")
    assert counts(shown) == {"Atlantis": 1, "No incident is coded": 1}
    (unplaced,) = [row[1].address for row in shown.rows if row[0].value == "No incident is coded"]
    assert "incident__not=attack" in unplaced
    assert texts(shown.draw(WIDE)) == [
        "Not on the map",
        "No incident is coded: 1 case",
        "Atlantis: 1 case",
    ]


def test_drawing_of_many_countries_names_the_largest_and_covers_no_number() -> None:
    names = ["Iraq", "Syria", "Israel", "Lebanon", "Jordan", "Kuwait", "Brazil", "Kenya"]
    found = [
        Located(name, Counted(2_000 // (place + 1), "/cases/?"), world().middle(name))
        for place, name in enumerate(names)
    ]
    found += [Located(f"Atlantis {n}", Counted(1, "/cases/?")) for n in range(MAX_UNPLACED + 2)]
    spec = drawing(found, [], WIDE)
    circles = spec["vconcat"][0]["layer"][1]["data"]["values"]
    assert [circle["cases"] for circle in circles] == [one.found.count for one in found[:8]]
    # Other circles cover that of Iraq, so that its number stands behind the name.
    assert circles[0]["number"] == ""
    assert any(text.startswith("Iraq 2,000") for text in texts(spec))
    assert "Brazil" in " ".join(texts(spec))
    assert "and 2 more countries, in the table" in texts(spec)


@pytest.mark.parametrize(
    ("name", "longitude", "latitude"),
    [
        ("United States", -99, 40),
        ("The Gambia", -15, 13),
        ("Russia", 100, 62),
        ("France", 2, 47),
        ("Türkiye", 35, 39),
        ("Côte d’Ivoire", -6, 8),
        ("Kosovo", 21, 43),
        ("Vietnam", 107, 16),  # within its bow
        ("Fiji", 178, -18),
    ],
)
def test_middle_of_a_country_is_within_it(name: str, longitude: int, latitude: int) -> None:
    middle = world().middle(name)
    assert middle is not None
    assert middle == pytest.approx((longitude, latitude), abs=1.2)


def test_world_is_small_enough_for_a_page_and_has_no_antarctica() -> None:
    rings = [ring for polygon in world().land["coordinates"] for ring in polygon]
    assert sum(map(len, rings)) < 6_000
    assert min(latitude for ring in rings for _, latitude in ring) > -60
    assert world().middle("Atlantis") is None


@pytest.mark.parametrize("frame", [WIDE, NARROW])
def test_projection_keeps_the_earth_in_the_frame(frame: Any) -> None:
    project = Projection(frame.width)
    for place in ((11, 83), (-165, 0), (179, -20), (11, -55)):
        x, y = project(place)
        assert 0 <= x <= project.width
        assert 0 <= y <= project.height
    assert project((11, 0)) == pytest.approx((frame.width / 2, project.equator))


@pytest.mark.django_db
@pytest.mark.usefixtures("demo")
def test_specification_is_as_before() -> None:
    for name, frame in (("where", WIDE), ("where-narrow", NARROW)):
        spec = picture().draw(frame)
        spec["vconcat"][0]["layer"][0]["data"]["values"]["geometry"] = "the land of the world"
        assert_as_before(name, spec)
