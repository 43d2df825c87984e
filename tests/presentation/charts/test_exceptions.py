"""The picture of exceptions: the article's cases by hand, small sets, and what is asked for."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import QueryDict

from cases.models import DirectiveException
from cases.presentation.charts import exceptions
from cases.presentation.charts.case_set import CaseSet
from cases.presentation.charts.chart_filter import ChartFilter
from cases.presentation.charts.drawing.renderer import svg_of
from cases.presentation.charts.exceptions import EXCEPTIONS
from cases.presentation.charts.picture import NARROW, WIDE, Picture
from cases.text.plurals import counted
from tests.support.factories import make_assessment, make_case, make_exception

from .snapshots import assert_as_before

pytestmark = pytest.mark.django_db


def picture(query: str = "") -> Picture:
    return EXCEPTIONS(CaseSet(ChartFilter(QueryDict(query))))


def counts(shown: Picture) -> dict[tuple[Any, Any], Any]:
    return {(row[0].value, row[1].value): row[2].value for row in shown.rows}


@pytest.mark.usefixtures("demo")
def test_article_says_next_to_nothing_of_exceptions() -> None:
    shown = picture()
    found = {pair: count for pair, count in counts(shown).items() if count}
    assert found == {
        ("E.3.a Already aware", "Ruled out"): 1,
        ("E.3.a Already aware", "Not reported"): 6,
        ("E.3.b Takes part in armed conflict", "Not reported"): 7,
        ("E.3.c Violent actor", "Not reported"): 7,
        ("E.3.d Endangers the United States", "Not reported"): 7,
        ("E.3.e Endangers a foreign partner", "Not reported"): 7,
        ("E.3.f No reasonable way", "Not reported"): 7,
        ("Any exception", "Ruled out"): 1,
        ("Any exception", "Not reported"): 6,
    }
    assert len(shown.rows) == 7 * 5
    assert shown.finding == (
        "Of 7 cases, an exception is ruled out in 1; in none does an official source say that one "
        "was invoked; in 6, no source says anything of any."
    )


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize(
    ("query", "finding"),
    [
        ("recipient=venezuela", "In this case no source says anything of an exception."),
        (
            "exception=already-aware",
            "In this case an exception is ruled out; no official source says that one was invoked.",
        ),
        (
            "recipient=venezuela&recipient=iran",
            "In none of the 2 cases does a source say anything of an exception.",
        ),
        ("assessment=ruled_out", "In 1 case an exception has the assessment “Ruled out”."),
        ("kind=policy_origin&reception=dismissed", "There is no case here."),
    ],
)
def test_small_sets_are_said_in_words(query: str, finding: str) -> None:
    assert picture(query).finding == finding
    assert picture(query).is_empty == (query.startswith("kind"))


def test_invoked_exception_is_said_first() -> None:
    case, other = make_case(published=True), make_case(published=True)
    both = f"case={case.slug}&case={other.slug}"
    make_assessment(case, status="officially_invoked")
    assert picture(both).finding == (
        "In 1 of 2 cases an official source says that an exception was invoked; "
        "in 1, no source says anything of any."
    )
    make_assessment(other, status="withheld")
    assert picture(both).finding == (
        "In 1 of 2 cases an official source says that an exception was invoked; "
        "an agency refuses to say in 1."
    )


def test_what_sources_say_comes_before_what_they_do_not() -> None:
    argued, ruled_out, withheld, silent = (make_case(published=True) for _ in range(4))
    make_assessment(argued, status="argued")
    make_assessment(ruled_out, status="ruled_out")
    make_assessment(withheld, status="withheld")
    shown = picture("&".join(f"case={one.slug}" for one in (argued, ruled_out, withheld, silent)))
    assert shown.finding == (
        "Of 4 cases, an exception is argued in 1 and ruled out in 1; an agency refuses to say in "
        "1; in none does an official source say that one was invoked; in 1, no source says "
        "anything of any."
    )
    assert "“Argued”: a named commentator" in shown.caveat
    assert "“Withheld”: the agency refuses" in shown.caveat


def test_only_what_is_asked_for_is_shown() -> None:
    case = make_case(published=True)
    argued = make_assessment(case, status="argued", exception=make_exception(title="One"))
    withheld = make_assessment(case, status="withheld", exception=make_exception(title="Two"))
    one, two = str(argued.exception), str(withheld.exception)
    of_one = counts(picture(f"exception={argued.exception.slug}"))
    assert {row for row, _ in of_one} == {one, "Any exception"}
    assert of_one[one, "Argued"] == 1
    assert of_one[one, "Not reported"] == of_one[one, "Withheld"] == 0
    assert ("Any exception", "Not reported") not in of_one
    of_withheld = counts(picture("assessment=withheld"))
    assert {said for _, said in of_withheld} == {"Withheld", "Not reported"}
    assert of_withheld[two, "Withheld"] == of_withheld["Any exception", "Withheld"] == 1
    # Of the same case a source says something of the other exception, too.
    assert of_withheld[one, "Not reported"] == 0


def test_exceptions_of_which_nothing_is_said_are_left_out_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(exceptions, "MAX_EXCEPTIONS", 1)
    said = make_assessment(case := make_case(published=True), status="argued")
    silent = DirectiveException.objects.published().exclude(pk=said.exception_id)
    make_exception(title="Silence", order=1)
    shown = picture(f"case={case.slug}")
    assert {row for row, _ in counts(shown)} == {str(said.exception), "Any exception"}
    named = counted(silent.count(), "exception")
    assert f"{named} that no source mentions" in shown.caveat


@pytest.mark.usefixtures("demo")
def test_what_no_case_has_is_no_link() -> None:
    assert svg_of(picture().draw(WIDE)).count("<a ") == 9


@pytest.mark.usefixtures("demo")
def test_specification_is_as_before() -> None:
    assert_as_before("exceptions", picture().draw(WIDE))
    assert_as_before("exceptions-narrow", picture().draw(NARROW))
