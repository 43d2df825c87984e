"""The controlled vocabularies: the values are a contract, and the database holds to it."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction

from cases.evidence.values import VOCABULARIES
from cases.models import Actor, Case, Incident, Involvement, Merge, Source, Warning, vocabulary
from cases.models.vocabulary import ABSENT_VALUES, Vocabulary
from tests.support.factories import (
    make_actor,
    make_assessment,
    make_case,
    make_claim,
    make_directive,
    make_exception,
    make_incident,
    make_involvement,
    make_note,
    make_source,
    make_warning,
)

CONTRACT = {
    "Archiving": "not_answered archived_elsewhere cannot_be_archived",
    "SourceKind": "press official directive court scholarship other synthetic",
    "ActorKind": (
        "state government_body intelligence_service police diplomatic_mission official individual "
        "armed_group media collective"
    ),
    "CaseKind": "warning_given alleged_failure_to_warn strategic_disclosure policy_origin",
    "RecordsStatus": (
        "requested_no_response neither_confirmed_nor_denied partly_released released none_reported"
    ),
    "CaseStatus": "draft in_review published withdrawn",
    "Role": (
        "intended_victim subject threat_source claimant alleged_perpetrator accused speaker "
        "policymaker audience context"
    ),
    "Channel": "public private not_stated",
    "Conduit": (
        "embassy_alert intelligence_liaison diplomatic police_visit written_notice phone "
        "declassification not_stated"
    ),
    "Basis": (
        "duty_to_warn legal_duty consular_alert strategic_disclosure foreign_practice not_stated"
    ),
    "Relation": "ally adversary in_between own_nationals protected_person mixed not_stated",
    "Specificity": "named category absent not_stated",
    "Repeated": "yes no not_stated",
    "BeforeIncident": "yes no not_stated",
    "IssuerAction": "protection_given protection_offered advice_only not_stated",
    "Reception": "accepted disbelieved dismissed not_stated not_applicable",
    "FollowUp": "acted inadequate none_visible unclear not_stated not_applicable",
    "IncidentKind": "attack targeted_killing invasion averted none_reported not_stated",
    "Qualifier": "exact more_than at_least about not_stated not_applicable",
    "DateBasis": "stated resolved completed not_stated",
    "DatePrecision": "day month year span not_stated",
    "Stance": "asserts disputes declines",
    "Modality": "quoted stated attributed reported alleged unclear inferred",
    "Certainty": "quoted stated attributed reported alleged unclear inferred not_stated",
    "AssessmentStatus": "officially_invoked argued withheld ruled_out not_reported",
    "TextStatus": "verified partly_verified unverified",
    "NoteKind": "correction completion contradiction later_value context",
    "WindowCovered": "yes no not_stated not_applicable",
    "DirectiveEra": "before after not_stated",
    "RuleStatus": "draft published",
    "Era": "before_icd191 after_icd191 not_stated",
}
"""Every vocabulary with its values."""

VOCABULARIES_BY_NAME: dict[str, type[Vocabulary]] = {
    each.__name__: each for each in Vocabulary.__subclasses__()
}


def coded_columns() -> list[tuple[type[models.Model], str]]:
    """Return every column of the casebook that has choices."""
    return [
        (model, column.name)
        for model in apps.get_app_config("cases").get_models()
        for column in model._meta.concrete_fields
        if column.choices
    ]


def make(model: type[models.Model]) -> models.Model:
    """Return a stored record of any model that has coded columns."""
    case = make_case()
    makers: dict[str, Any] = {
        "actor": make_actor,
        "source": make_source,
        "case": lambda: case,
        "directive": make_directive,
        "directiveexception": make_exception,
        "exceptionassessment": lambda: make_assessment(case),
        "involvement": lambda: make_involvement(case),
        "warning": lambda: make_warning(case),
        "incident": lambda: make_incident(case),
        "claim": lambda: make_claim(case),
        "note": make_note,
        "merge": lambda: Merge.objects.create(
            kind=Merge.Kind.ACTOR, kept_key=1, merged_key=2, merged_slug="two", reason="The same."
        ),
    }
    record: models.Model = makers[str(model._meta.model_name)]()
    return record


def test_vocabularies_are_those_of_the_contract() -> None:
    found = {name: sorted(each.values) for name, each in VOCABULARIES_BY_NAME.items()}
    assert found == {name: sorted(values.split()) for name, values in CONTRACT.items()}


def test_modalities_run_from_the_firmest_to_the_weakest() -> None:
    assert " ".join(VOCABULARIES_BY_NAME["Modality"].values) == CONTRACT["Modality"]


@pytest.mark.parametrize("name", CONTRACT)
def test_vocabulary_every_value_has_a_label_and_a_definition(name: str) -> None:
    for member in VOCABULARIES_BY_NAME[name]:
        assert member.label.strip()
        assert member.definition.strip().endswith(".")
        assert str(member) == member.value


@pytest.mark.parametrize("name", CONTRACT)
def test_vocabulary_labels_tell_its_values_apart(name: str) -> None:
    members = list(VOCABULARIES_BY_NAME[name])
    assert len({member.label for member in members}) == len(members)
    assert len({member.definition for member in members}) == len(members)


@pytest.mark.parametrize("name", CONTRACT)
def test_vocabulary_help_text_gives_every_label_with_its_definition(name: str) -> None:
    for member in VOCABULARIES_BY_NAME[name]:
        assert f"{member.label}: {member.definition}" in VOCABULARIES_BY_NAME[name].help_text()


def test_absent_values_are_those_that_need_no_claim() -> None:
    assert {"not_stated", "not_applicable", "none_reported", "not_reported"} == ABSENT_VALUES


def test_missing_values_are_labelled_alike_in_every_vocabulary() -> None:
    labels = {
        (member.value, member.label)
        for each in VOCABULARIES_BY_NAME.values()
        for member in each
        if member.value in {vocabulary.NOT_STATED, vocabulary.NOT_APPLICABLE}
    }
    assert labels == {("not_stated", "Not stated"), ("not_applicable", "Does not apply")}


def test_coded_fields_all_know_their_vocabulary() -> None:
    for model in (Case, Warning, Incident):
        with_choices = {name for each, name in coded_columns() if each is model}
        assert with_choices & set(model.CODED_FIELDS) == set(VOCABULARIES[model])


@pytest.mark.django_db
@pytest.mark.parametrize("value", ["elsewhere", ""])
@pytest.mark.parametrize(
    ("model", "column"), coded_columns(), ids=lambda each: getattr(each, "__name__", each)
)
def test_coded_column_outside_its_vocabulary_is_refused(
    model: type[models.Model], column: str, value: str
) -> None:
    record = make(model)
    with pytest.raises(IntegrityError), transaction.atomic():
        model._default_manager.filter(pk=record.pk).update(**{column: value})
    setattr(record, column, value)
    with pytest.raises(ValidationError) as refusal:
        record.full_clean()
    assert column in refusal.value.message_dict


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("model", "column"), coded_columns(), ids=lambda each: getattr(each, "__name__", each)
)
def test_coded_column_never_takes_null(model: type[models.Model], column: str) -> None:
    record = make(model)
    with pytest.raises(IntegrityError), transaction.atomic():
        model._default_manager.filter(pk=record.pk).update(**{column: None})


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("model", "column", "name"),
    [
        (Actor, "kind", "ActorKind"),
        (Source, "kind", "SourceKind"),
        (Case, "records_status", "RecordsStatus"),
        (Involvement, "role", "Role"),
        (Warning, "channel", "Channel"),
        (Warning, "conduit", "Conduit"),
        (Warning, "basis", "Basis"),
        (Warning, "relation", "Relation"),
        (Warning, "reception", "Reception"),
        (Warning, "follow_up", "FollowUp"),
    ],
)
def test_coded_column_takes_every_value_of_its_vocabulary(
    model: type[models.Model], column: str, name: str
) -> None:
    record = make(model)
    for value in VOCABULARIES_BY_NAME[name].values:
        setattr(record, column, value)
        record.full_clean()
        record.save()
        assert model._default_manager.filter(pk=record.pk, **{column: value}).exists()
