"""What a coded field needs so that readers can see it and filter by it."""

from __future__ import annotations

from collections import Counter
from typing import Any

from cases.evidence.values import VOCABULARIES
from cases.evidence.variables import VARIABLES
from cases.finding.case_filter import FACETS, MODEL_OF_PART
from cases.index.loading import CODED, WORDS_OF_CASE, WORDS_OF_INCIDENT
from cases.models import Case, ExceptionAssessment, Incident, Involvement, Warning
from cases.models.fields import Described
from cases.views.case_list import FACET_GROUPS

NO_VARIABLES: set[tuple[type[Any], str]] = {
    (ExceptionAssessment, "status"),  # tables and comparison have no column for each exception
}
"""Filtered like the others, but by a filter of its own."""

DERIVED = {"era": "era", "precision": "precision"}
"""The filters by words that no field of a case states."""


def filters_of(model: type[Any]) -> dict[str, str]:
    """Return the coded field of each filter by the words of a model."""
    coded = {name: facet.coded for name, facet in FACETS.items() if facet.coded}
    return {name: field for name, (each, field) in coded.items() if each is model}


def test_every_facet_is_in_one_group_of_the_list() -> None:
    grouped = Counter(name for names in FACET_GROUPS.values() for name in names)
    assert grouped == Counter(list(FACETS))


def test_filters_by_words_and_dimensions_of_the_index_are_of_the_same_fields() -> None:
    assert filters_of(Warning) == CODED
    assert filters_of(Case) == WORDS_OF_CASE | DERIVED
    assert filters_of(Incident) == WORDS_OF_INCIDENT


def test_every_coded_field_with_a_vocabulary_has_a_variable_and_a_filter() -> None:
    coded = {(model, name) for model, names in VOCABULARIES.items() for name in names}
    variables = {(MODEL_OF_PART[each.part], each.field) for each in VARIABLES.values()}
    filtered = {(model, name) for model in VOCABULARIES for name in filters_of(model).values()}
    assert coded - variables == NO_VARIABLES
    assert coded <= filtered


def test_every_field_with_a_vocabulary_is_coded() -> None:
    for model in (Case, Involvement, Warning, Incident, ExceptionAssessment):
        fields = [each for each in model._meta.concrete_fields if isinstance(each, Described)]
        stated = {field.name for field in fields if field.vocabulary}
        assert stated == set(VOCABULARIES.get(model, ()))
