"""Weak points: what a reviewer weighs before publication, each found and not found."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.models import Case, Source
from cases.review.steps import WeakRecordError, publish
from cases.review.weaknesses import weaknesses_of
from tests.support.coding_sheets import sheet_of
from tests.support.factories import (
    detail,
    make_case,
    make_claim,
    make_comment,
    make_incident,
    make_involvement,
    make_note,
    make_source,
    make_warning,
    support,
)

pytestmark = pytest.mark.django_db


def weak_points(case: Case) -> list[str]:
    return [str(weakness) for weakness in weaknesses_of(detail(case))]


def test_weaknesses_of_a_dated_case_from_two_sources_are_none() -> None:
    assert weak_points(make_case(complete=True)) == []


def test_weaknesses_name_a_case_from_one_source() -> None:
    case = make_case(kind="strategic_disclosure")
    support(case)
    assert weak_points(case) == ["There is only one source."]
    make_claim(case, "kind")
    assert weak_points(case) == []


def test_weaknesses_count_a_reprint_as_its_original() -> None:
    case = make_case(kind="strategic_disclosure")
    original = make_source()
    for reprint in (make_source(derived_from=original), make_source(derived_from=original)):
        make_claim(case, source=reprint)
    assert weak_points(case) == ["All sources go back to one."]
    make_claim(case, source=original)
    assert weak_points(case) == ["All sources go back to one."]
    make_claim(case)
    assert weak_points(case) == []


def test_weaknesses_name_a_missing_value_that_is_only_disputed() -> None:
    case = make_case(complete=True)
    dispute = make_claim(case, "warning-1.follow_up", stance="disputes")
    assert weak_points(case) == [
        "Warning 1, follow-up: “Not stated in the sources” is disputed, but no claim asserts it."
    ]
    make_claim(case, "warning-1.follow_up", source=dispute.source, modality="unclear")
    assert weak_points(case) == []


@pytest.mark.parametrize("stance", ["disputes", "declines"])
def test_weaknesses_name_a_part_that_is_only_disputed(stance: str) -> None:
    case = make_case(complete=True)
    make_warning(case, date="2024")
    claim = make_claim(case, "warning-2", stance=stance)
    disputed = ["Warning 2: It is disputed, but no claim asserts it."]
    assert weak_points(case) == (disputed if stance == "disputes" else [])
    make_claim(case, "warning-2", source=claim.source)
    assert weak_points(case) == []


def test_weaknesses_do_not_name_a_disputed_warning_of_which_a_value_is_asserted() -> None:
    case = make_case(complete=True)
    claim = make_claim(case, "warning-1", stance="disputes")
    assert [each.is_contested for each in sheet_of(case).warnings] == [True]
    assert weak_points(case) == []
    case.claims.filter(warning__isnull=False).exclude(pk=claim.pk).delete()
    assert "Warning 1: It is disputed, but no claim asserts it." in weak_points(case)


def test_weaknesses_name_an_undated_warning_and_incident() -> None:
    case = make_case(complete=True)
    make_warning(case)
    make_incident(case)
    make_incident(case, kind="none_reported", qualifier="not_applicable")
    assert weak_points(case) == [
        "Warning 2, date: The warning has no date, so no lead time.",
        "Incident 2, date: The incident has no date.",
    ]


def test_weaknesses_name_each_source_without_an_archived_address_once() -> None:
    case = make_case(complete=True)
    online = make_source(title="Online", url="https://a.example/1")
    kept = make_source(url="https://a.example/2", archived_url="https://archive.example/2")
    noted = make_source(title="Noted", url="https://a.example/3")
    for source in (online, online, kept):
        make_claim(case, source=source)
    make_note(case, evidence=noted)
    found = weaknesses_of(detail(case))
    assert [(point.message, point.record) for point in found] == [
        ("The source “Online” has no archived address. Add one, or say why it has none.", online),
        ("The source “Noted” has no archived address. Add one, or say why it has none.", noted),
    ]
    Source.objects.filter(pk=online.pk).update(archiving="archived_elsewhere")
    Source.objects.filter(pk=noted.pk).update(archiving="cannot_be_archived")
    assert weak_points(case) == []


def test_weaknesses_name_claims_that_lack_the_words_they_rest_on() -> None:
    case = make_case(complete=True)
    make_claim(case, modality="quoted", quote="we warned them")
    quoted = make_claim(case, modality="quoted")
    dated = make_claim(case, date_words="Friday")
    assert weak_points(case) == [
        f"Claim {quoted.sequence}, quote: The claim is “Quoted”, but has no quote.",
        f"Claim {dated.sequence}, date: The date “Friday” is not coded, so it counts as not "
        "stated.",
    ]


def test_weaknesses_name_a_claim_left_on_a_value_that_is_not_stated() -> None:
    case = make_case(complete=True)
    make_claim(case, "warning-1.conduit", modality="unclear")
    assert weak_points(case) == []
    make_claim(case, "warning-1.conduit")
    assert weak_points(case) == [
        "Warning 1, conduit: “Not stated in the sources” has a claim. Choose the value "
        "that it supports, remove the claim, or give it the certainty “Unclear”."
    ]


def test_weaknesses_name_words_of_a_date_that_nobody_coded() -> None:
    case = make_case(complete=True)
    make_warning(case, date_words="in spring")
    source = make_source(title="Report", published_words="Friday")
    make_claim(case, source=source)
    uncoded = "is not coded, so it counts as not stated."
    assert weak_points(case) == [
        f"Warning 2, date: The date “in spring” {uncoded}",
        f"The source “Report”: The date “Friday” {uncoded}",
    ]


def test_weaknesses_take_no_queries_beyond_the_details_of_the_case() -> None:
    case = make_case(complete=True)
    for _ in range(3):
        make_warning(case)
        make_involvement(case)
        make_note(case)
        make_claim(case, "warning-1.channel", stance="disputes")
        make_comment(case, is_by_reviewer=True)
    fetched = Case.objects.for_detail().with_comments().get(pk=case.pk)
    with CaptureQueriesContext(connection) as queries:
        assert weaknesses_of(fetched)
    assert len(queries) == 0


# Publication in spite of them


def weak_case(**fields: Any) -> Case:
    case = make_case(kind="strategic_disclosure", **fields)
    support(case)
    return case


@pytest.mark.parametrize("reason", ["", "  "])
def test_publish_weak_case_without_a_reason_is_refused(reason: str) -> None:
    case, user = weak_case(), User.objects.create_user("one")
    with pytest.raises(WeakRecordError, match="There is only one source") as refusal:
        publish(case, user, reason=reason)
    assert [weakness.path for weakness in refusal.value.weaknesses] == [""]
    stored = Case.objects.get()
    assert (stored.status, stored.versions.count(), stored.review_steps.count()) == ("draft", 0, 0)


def test_publish_weak_case_for_a_reason_keeps_it_with_the_weak_points() -> None:
    case, user = weak_case(), User.objects.create_user("one")
    publish(case, user, reason="It is a court's file.")
    assert Case.objects.get().status == "published"
    step = case.review_steps.get()
    assert step.reason == "It is a court's file."
    assert step.concerns == ["There is only one source."]


def test_publish_weak_case_without_a_person_needs_no_reason() -> None:
    publish(weak_case(), None)
    assert Case.objects.get().status == "published"


def test_publish_case_without_weak_points_needs_no_reason() -> None:
    case = make_case(complete=True)
    publish(case, User.objects.create_user("one"))
    assert case.review_steps.get().concerns == []
