"""The chains of the article's cases as a picture, and where pages show them."""

from __future__ import annotations

import pytest
from defusedxml.ElementTree import fromstring
from django.test import Client

from cases.models import Case
from cases.presentation.charts.case_set import SITE
from cases.presentation.charts.drawing.renderer import svg_of
from cases.presentation.charts.picture import NARROW, WIDE, Frame

from .reading_chains import found, picture, table
from .snapshots import assert_as_before

pytestmark = [pytest.mark.once, pytest.mark.django_db, pytest.mark.usefixtures("demo")]

MOSCOW = "case=moscow-concert-hall-2024"


def said(query: str = "") -> list[str]:
    """Return the texts of the links of the wide picture."""
    return list(found(picture(query).draw(WIDE), "says"))


def test_chains_of_the_article_have_a_row_for_each_link_and_window() -> None:
    moscow = [row for row in table() if "Moscow" in str(row[0])]
    assert [row[1:] for row in moscow] == [
        ["Warning 2", "5 to 11 March 2024", "2024-03-05", "2024-03-11", 11, 17],
        ["Warning 1", "7 March 2024", "2024-03-07", "2024-03-07", 15, 15],
        ["Window of warning 1", "7 to 9 March 2024", "2024-03-07", "2024-03-09", 13, 15],
        ["Statement", "19 March 2024", "2024-03-19", "2024-03-19", 3, 3],
        ["Incident 1", "22 March 2024", "2024-03-22", "2024-03-22", None, None],
        ["Statement", "On or after 22 March 2024", "2024-03-22", None, None, 0],
        ["Statement", "25 March 2024", "2024-03-25", "2024-03-25", -3, -3],
    ]
    assert len({row[0] for row in table()}) == 7


def test_chains_of_the_article_say_in_how_many_a_warning_came_before() -> None:
    # Moscow, 11 to 17 and 15 days; Kerman, 0 to 30 days, where the source gives the order.
    assert picture().finding == (
        "In 2 of 7 cases a warning can be dated before the incident, by up to 30 days; in 1 more a "
        "source says that it came before."
    )
    assert picture("case=ukraine-2022").finding.endswith(
        "A source says that the warning came before the incident; by how many days cannot be "
        "counted."
    )
    assert picture("kind=alleged_failure_to_warn").finding == (
        "No warning is on record in this case."
    )
    assert picture(MOSCOW).finding.endswith("Two warnings came 11 to 17 days before the incident.")


def test_chains_say_which_day_of_a_vague_date_is_day_0_and_that_its_warning_came_before() -> None:
    texts = list(found(picture().draw(WIDE), "text"))
    assert "0 to 30 days before" in texts
    lines = [" ".join(text) for text in texts if isinstance(text, list)]
    notes = [f"Day 0{line.partition('Day 0')[2]}" for line in lines if "Day 0" in line]
    # Kerman, Ukraine, Khashoggi, Boston and Venezuela; Moscow and the embassies have days.
    assert notes == [
        *["Day 0: first possible day of the incident"] * 4,
        "Day 0: first possible day of the warning",
    ]


def test_chains_show_all_warnings_and_say_so_where_some_are_asked_for() -> None:
    says = "All warnings of these cases are shown"
    assert says not in picture().caveat
    assert says in picture("channel=public").caveat
    assert says in picture("recipient=us-citizens-in-moscow").caveat


def test_chains_link_each_row_to_its_case_and_say_all_of_it() -> None:
    links = set(found(picture().draw(WIDE), "address"))
    assert links == {
        f"{SITE}/cases/{slug}/" for slug in Case.objects.published().values_list("slug", flat=True)
    }
    assert any("Warning 1: 7 March 2024" in text and "15 days before" in text for text in said())


@pytest.mark.parametrize(
    ("name", "query", "frame"),
    [
        ("chains", "", WIDE),
        ("chains-narrow", "", NARROW),
        ("chains-of-one-case", MOSCOW, WIDE),
    ],
)
def test_chains_are_specified_as_before(name: str, query: str, frame: Frame) -> None:
    assert_as_before(name, picture(query).draw(frame))


@pytest.mark.parametrize("query", ["", MOSCOW, "case=ukraine-2022", "case=khashoggi-2018"])
def test_chains_are_no_wider_than_their_frame(query: str) -> None:
    for frame in (WIDE, NARROW):
        svg = fromstring(svg_of(picture(query).draw(frame)))
        assert float(svg.get("width", "0")) <= frame.width


def test_chains_of_no_case_are_empty() -> None:
    nothing = picture("kind=policy_origin&reception=dismissed")
    assert nothing.is_empty
    assert nothing.finding == "No case here."


def test_chain_of_one_case_links_each_row_to_its_place_in_the_page(client: Client) -> None:
    spec = picture(MOSCOW).draw(NARROW)
    anchors = [address.partition("#")[2] for address in found(spec, "address")]
    assert anchors[:3] == ["warning-2", "warning-1", "warning-1-window"]
    page = client.get("/cases/moscow-concert-hall-2024/").content.decode()
    assert all(f'id="{anchor}"' in page for anchor in anchors)


def test_page_of_a_case_offers_its_picture_and_that_of_a_version_does_not(client: Client) -> None:
    page = client.get("/cases/moscow-concert-hall-2024/").content.decode()
    for suffix in ("svg", "png"):
        assert f"/charts/chains.{suffix}?case=moscow-concert-hall-2024" in page
        assert client.get(f"/charts/chains.{suffix}?{MOSCOW}").status_code == 200
    assert "chains.svg" not in client.get("/cases/khashoggi-2018/").content.decode()
    version = client.get("/cases/moscow-concert-hall-2024/v/1/").content.decode()
    assert "chains.svg" not in version
