"""A list says in how many of its cases editors inferred what its filters ask for."""

from __future__ import annotations

import random
from typing import Any
from urllib.parse import urlencode

import pytest
from django.http import QueryDict
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from cases import synthetic
from cases.finding.case_filter import CaseFilter
from cases.finding.description import inferences
from cases.models import Claim
from cases.models.vocabulary import Modality
from tests.support.brute_force import OF_ONE_WARNING, Params, matches, read_records
from tests.support.factories import (
    make_assessment,
    make_case,
    make_claim,
    make_exception,
    make_involvement,
    make_warning,
    show,
    show_all,
)
from tests.support.inferences import inferred_in, read_evidence
from tests.support.properties import FEW
from tests.support.reading import words

pytestmark = [
    pytest.mark.once,
    pytest.mark.django_db,
    pytest.mark.usefixtures("demo"),
    pytest.mark.slow,
]


def query(params: Params) -> CaseFilter:
    return CaseFilter(QueryDict(urlencode(params)))


def test_counts_of_inferred_values_agree_with_the_badges() -> None:
    synthetic.make(cases=80, seed=1)
    chance = random.Random(1)  # noqa: S311
    keys = [pk for pk in Claim.objects.values_list("pk", flat=True) if chance.random() < 0.5]
    Claim.objects.filter(pk__in=keys).update(modality="inferred")
    show_all()
    records = read_records()
    evidence = read_evidence(records)
    counted = 0
    names = [*OF_ONE_WARNING, "incident", "country", "kind", "records_status", "role", "actor"]
    names += ["directive", "era", "exception", "assessment"]
    for _ in range(12 if FEW else 60):
        record = chance.choice(records)
        params: Params = []
        for name in chance.sample(names, chance.randint(1, 2)):
            params += [(name, value) for value in sorted(record.values[name])[:2]]
        expected: dict[str, int] = {}
        together = 0
        for each in records:
            if matches(each, params):
                found = inferred_in(evidence[each.number], params)
                together += bool(found)
                for name in found:
                    expected[name] = expected.get(name, 0) + 1
        cases = query(params)
        assert cases.inferred_counts == expected, params
        with cases.index.reading:
            assert len(cases.selection.inferred) == together, params
        counted += sum(expected.values())
    assert counted > 20


def test_inferred_is_the_least_certain_modality() -> None:
    # The index takes a value as inferred if no claim of another modality asserts it.
    assert list(Modality)[-1] == Modality.INFERRED


def test_value_is_not_inferred_if_a_matching_warning_has_it_by_words() -> None:
    case = make_case(published=True)
    for channel in ("private", "public"):
        make_warning(case, relation="in_between", channel=channel)
    make_claim(case, "warning-2.relation", modality="inferred")
    make_claim(case, "warning-3.relation", modality="stated")
    relation = ("relation", "in_between")
    assert query([relation]).inferred_counts == {}
    assert query([relation, ("channel", "private")]).inferred_counts == {"relation": 1}
    assert query([relation, ("channel", "public")]).inferred_counts == {}
    assert query([("relation__all", "in_between")]).inferred_counts == {}
    assert query([("relation__not", "ally")]).inferred_counts == {}
    make_claim(case, "warning-2.relation", modality="alleged")
    assert query([relation, ("channel", "private")]).inferred_counts == {}


def test_value_that_is_not_stated_is_never_inferred() -> None:
    case = make_case(published=True)
    make_claim(case, "warning-1.relation", modality="inferred")
    assert query([("relation", "not_stated")]).inferred_counts == {}


def test_actor_and_role_count_the_involvement_that_matches_both() -> None:
    case = make_case(published=True)
    weak = case.involvements.get()
    firm = make_involvement(case, role="audience", actor=weak.actor)
    Claim.objects.filter(involvement=weak).update(modality="inferred")
    show(case)
    make_claim(case, firm.path)
    actor = ("actor", weak.actor.slug)
    assert query([actor, ("role", "claimant")]).inferred_counts == {"role": 1}
    assert query([actor, ("role", "audience")]).inferred_counts == {}
    assert query([actor, ("role", "audience"), ("role", "claimant")]).inferred_counts == {}
    assert query([actor]).inferred_counts == {}
    Claim.objects.filter(involvement=firm).update(modality="inferred")
    show(case)
    assert query([actor]).inferred_counts == {"actor": 1}


def test_exception_and_assessment_count_the_assessment_that_matches_both() -> None:
    case = make_case(published=True)
    weak = make_assessment(case, status="argued")
    firm = make_assessment(case, status="withheld", exception=make_exception())
    make_claim(case, f"{weak.path}.status", modality="inferred")
    make_claim(case, f"{firm.path}.status")
    exception = ("exception", weak.exception.slug)
    assert query([exception, ("assessment", "argued")]).inferred_counts == {"assessment": 1}
    assert query([exception]).inferred_counts == {"exception": 1}
    assert query([("assessment", "argued")]).inferred_counts == {"assessment": 1}
    both = [("assessment", "argued"), ("assessment", "withheld")]
    assert query(both).inferred_counts == {}
    assert query([exception, *both]).inferred_counts == {"assessment": 1}


def test_sentence_counts_the_whole_list_and_not_only_the_page(client: Client) -> None:
    synthetic.make(cases=40, seed=3)
    Claim.objects.filter(field="relation").update(modality="inferred")
    show_all()
    relation = "own_nationals"
    found = query([("relation", relation)])
    count = found.inferred_counts["relation"]
    said = (
        f"In {count} of these {len(found.keys)} cases editors inferred the relation to the issuer"
    )
    for address in ("/cases/", "/matrix/"):
        assert said in words(client.get(f"{address}?relation={relation}&per_page=1"))


@pytest.mark.parametrize(
    ("params", "sentence"),
    [
        (
            "relation=adversary",
            "In all 3 cases editors inferred the relation to the issuer.",
        ),
        (
            "relation=adversary&channel=private",
            "In this case editors inferred the relation to the issuer.",
        ),
        (
            "relation=adversary&reception=dismissed&armed_group=islamic-state",
            "In this case editors inferred the relation to the issuer and the reception.",
        ),
        ("era=after_icd191", "In 1 of these 4 cases editors inferred the date."),
        ("date_from=2024-01", "In 1 of these 2 cases editors inferred the date."),
        ("incident=attack", ""),
        ("", ""),
    ],
)
def test_list_file_and_feed_say_what_is_inferred(
    client: Client, params: str, sentence: str
) -> None:
    assert inferences(CaseFilter(QueryDict(params))) == sentence
    assert sentence in words(client.get(f"/cases/?{params}"))
    assert ("editors inferred" in words(client.get(f"/cases/?{params}"))) == bool(sentence)
    described: Any = client.get(f"/cases.json?{params}")
    text = b"".join(described.streaming_content).decode()
    assert sentence in text
    assert sentence in client.get(f"/cases.atom?{params}").text


def test_counting_what_is_inferred_takes_no_query(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    found = query([("relation", "adversary")])
    assert len(found.keys) == 3
    with django_assert_num_queries(0):
        assert found.inferred_counts == {"relation": 3}
