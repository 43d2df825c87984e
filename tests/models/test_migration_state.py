"""What migrations state of a model: its columns and rules, and none of the words for people."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.validators import MinLengthValidator
from django.db import models
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState
from django.db.models import Q

from cases import migrations
from cases.models import Case, Warning, fields
from cases.models.fields import NOT_IN_MIGRATIONS, Described

MODELS = list(apps.get_app_config("cases").get_models())


def described_fields() -> Iterator[Any]:
    """Yield the fields of our models, except the keys that Django adds."""
    for model in MODELS:
        for field in (*model._meta.local_fields, *model._meta.local_many_to_many):
            if not field.auto_created:
                yield field


def constraint_named(model: type[models.Model], name: str) -> models.BaseConstraint:
    return next(each for each in model._meta.constraints if each.name == name)


def changes() -> dict[str, Any]:
    """Return the migrations that `makemigrations` would write for the models as they are."""
    loader = MigrationLoader(None)
    detector = MigrationAutodetector(loader.project_state(), ProjectState.from_apps(apps))
    return detector.changes(loader.graph, trim_to_apps={"cases"})


def test_migrations_match_the_models() -> None:
    assert changes() == {}


def test_every_word_can_change_without_a_migration(monkeypatch: pytest.MonkeyPatch) -> None:
    for field in described_fields():
        for words in ("verbose_name", "help_text", "_definition"):
            monkeypatch.setattr(field, words, "Reworded.")
        if field.choices:
            reworded = [(value, f"{label}, reworded") for value, label in field.choices]
            monkeypatch.setattr(field, "choices", reworded)
    for model in MODELS:
        for constraint in model._meta.constraints:
            monkeypatch.setattr(constraint, "violation_error_message", "Reworded.")
    assert Case._meta.get_field("title").help_text == "Reworded."
    assert changes() == {}


def test_changed_column_or_rule_makes_a_migration(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(Case._meta.get_field("title"), "max_length", 201)
        assert [type(each).__name__ for each in changes()["cases"][0].operations] == ["AlterField"]
    with monkeypatch.context() as patch:
        patch.setattr(constraint_named(Case, "case_number_form"), "condition", ~Q(number=""))
        operations = changes()["cases"][0].operations
        assert {type(each).__name__ for each in operations} == {"AddConstraint", "RemoveConstraint"}


def test_field_with_other_words_is_the_same_to_migrations() -> None:
    def field(word: str) -> fields.CharField[str, str]:
        return fields.CharField(
            f"label {word}",
            max_length=10,
            default="a",
            choices=[("a", f"A {word}"), ("b", "B")],
            help_text=f"Help {word}.",
            definition=f"Definition {word}.",
            error_messages={"blank": f"Blank {word}."},
            validators=[MinLengthValidator(1, f"Short {word}.")],
        )

    assert field("before").deconstruct() == field("after").deconstruct()
    assert field("before").deconstruct()[1:] == (
        "django.db.models.CharField",
        [],
        {"max_length": 10, "default": "a"},
    )


def test_every_field_is_described_and_plain_to_migrations() -> None:
    for field in described_fields():
        assert isinstance(field, Described), field
        _, path, _, stated = field.deconstruct()
        assert path.startswith("django.db.models."), field
        assert not NOT_IN_MIGRATIONS & set(stated), field


def test_every_constraint_is_plain_to_migrations() -> None:
    for constraint in (each for model in MODELS for each in model._meta.constraints):
        path, _, stated = constraint.deconstruct()
        assert path in ("django.db.models.CheckConstraint", "django.db.models.UniqueConstraint")
        assert "violation_error_message" not in stated, constraint


def test_constraint_with_another_message_is_the_same_to_migrations() -> None:
    def constraint(message: str, **columns: str) -> fields.CheckConstraint:
        return fields.CheckConstraint(
            condition=Q(**columns), name="rule", violation_error_message=message
        )

    assert constraint("Before.", a="1") == constraint("After.", a="1")
    assert constraint("Same.", a="1") != constraint("Same.", a="2")
    plain = models.CheckConstraint(condition=Q(a="1"), name="rule")
    assert constraint("Before.", a="1") == plain
    assert plain == constraint("Before.", a="1")
    assert constraint("Before.", a="1") != "rule"


@pytest.mark.django_db
def test_constraint_of_a_model_keeps_its_message() -> None:
    rule = constraint_named(Warning, "warning_window_end_gte_start")
    window = Warning(window_start="2024-03-02", window_end="2024-03-01")
    with pytest.raises(ValidationError, match="The warned window ends before it begins"):
        rule.validate(Warning, window)


def test_no_migration_holds_words_or_imports_the_models() -> None:
    texts = {path.name: path.read_text() for path in Path(migrations.__path__[0]).glob("[0-9]*.py")}
    assert set(texts) >= {"0001_initial.py", "0002_groups.py"}
    unwanted = ("help_text", "choices", "violation_error_message", "definition", "cases.models")
    assert [(name, word) for name, text in texts.items() for word in unwanted if word in text] == []
