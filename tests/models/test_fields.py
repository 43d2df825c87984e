"""What a field says to readers and to forms."""

from __future__ import annotations

import re

import pytest
from django import forms
from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.serializers import deserialize, serialize
from django.db import models

from cases.exchange.codebook.entities import entities
from cases.models import Actor, Case, Claim, Incident, Note, Warning
from cases.models.fields import Derived, Described, Normalised
from cases.models.vocabulary import CaseKind
from tests.support.factories import make_actor


def described(model: type, name: str) -> Described:
    field = model._meta.get_field(name)  # type: ignore[attr-defined]  # a model
    assert isinstance(field, Described)
    return field


def test_field_is_defined_by_its_definition_rather_than_by_its_help_text() -> None:
    assert described(Warning, "sequence").definition == "Its number within the case, from 1."
    assert "left empty" in described(Warning, "sequence").help_text


def test_help_text_defines_a_field_without_a_definition_unless_it_lists_terms() -> None:
    assert described(Note, "source_says").definition == "What the source says, or leaves out."
    undefined = [
        field
        for model in apps.get_app_config("cases").get_models()
        for field in model._meta.local_fields
        if isinstance(field, Described) and field.choices and not field.own_definition
    ]
    assert [field.definition for field in undefined] == ["" for _ in undefined]


def test_inherited_field_has_the_definition_of_each_model() -> None:
    dated = (Case, Warning, Incident, Claim)
    assert len({described(model, "date_words").definition for model in dated}) == 4
    assert len({described(model, "date_edtf").definition for model in dated}) == 1


@pytest.mark.django_db
def test_every_field_that_the_codebook_shows_has_a_definition() -> None:
    shown = {
        f"{entity.name}.{field.name}": field.description
        for entity in entities()
        for field in entity.fields
    }
    assert len(shown) > 100
    assert [name for name, definition in shown.items() if not re.search(r"\w", definition)] == []


def test_form_offers_the_labels_and_the_help_text_of_a_field() -> None:
    field = Case._meta.get_field("kind").formfield()
    assert isinstance(field, forms.TypedChoiceField)
    assert ("warning_given", "Warning given") in field.widget.choices
    assert field.help_text == CaseKind.help_text()
    assert Case(kind="warning_given").get_kind_display() == "Warning given"


# How texts are stored


@pytest.mark.django_db
def test_text_is_normalised_whatever_way_it_is_stored() -> None:
    typed = {"name": " Cha\u0301vez\r\n", "description": "One\r\ntwo\u200b", "aliases": ["\u200b"]}
    stored = {"name": "Chávez", "description": "One\ntwo", "aliases": []}

    def is_stored(actor: Actor) -> bool:
        return Actor.objects.filter(pk=actor.pk).values(*stored)[:1][0] == stored

    saved = make_actor(**typed)
    assert is_stored(saved)
    assert {name: getattr(saved, name) for name in stored} == stored
    fixture = serialize("json", [saved]).replace('"Chávez"', '" Cha\u0301vez\\r\\n"')
    assert "\u0301" in fixture
    for loaded in deserialize("json", fixture):
        loaded.save()
    assert is_stored(saved)
    Actor.objects.update(**typed)
    assert is_stored(saved)
    (made,) = Actor.objects.bulk_create([Actor(slug="another", kind="state", **typed)])
    assert is_stored(made)


@pytest.mark.django_db
def test_name_of_invisible_characters_only_is_refused_as_empty() -> None:
    with pytest.raises(ValidationError, match="cannot be blank"):
        Actor(slug="nobody", kind="state", name="\u200b \u2060").full_clean()


def test_every_text_of_the_casebook_is_normalised() -> None:
    texts = [
        field
        for model in apps.get_app_config("cases").get_models()
        for field in model._meta.local_fields
        if isinstance(field, models.CharField | models.TextField)
    ]
    assert len(texts) > 50
    assert [str(field) for field in texts if not isinstance(field, Normalised | Derived)] == []
