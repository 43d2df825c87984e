"""The table of steps between the statuses of a case."""

from __future__ import annotations

import itertools
import re

import pytest
from django.conf import settings
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError

from cases.models import Case
from cases.models.vocabulary import CaseStatus
from cases.review.transitions import DISCARD, TRANSITIONS, WITHDRAW, step_to_public


@pytest.mark.django_db
def test_guide_has_the_table_of_steps() -> None:
    guide = (settings.BASE_DIR / "docs" / "editors.md").read_text(encoding="utf-8")
    _, _, table = guide.partition("| step | from | to | who |")
    rows = [
        re.findall(r"[^|]+", row.replace(" | ", "|").strip("| "))
        for row in itertools.takewhile(str.strip, table.strip().splitlines()[1:])
    ]
    assert rows == [
        [
            step.label,
            ", ".join(str(origin.label) for origin in step.origins),
            str(step.target.label),
            ", ".join(
                group.name.lower()
                for group in Group.objects.order_by("name")
                if group.permissions.filter(codename=step.codename).exists()
            ),
        ]
        for step in TRANSITIONS.values()
    ]


def test_step_from_a_wrong_status_is_refused_with_those_that_are_right() -> None:
    for step, status in itertools.product(TRANSITIONS.values(), CaseStatus):
        case = Case(status=status)
        if step is DISCARD:
            with pytest.raises(ValidationError, match="has no correction"):
                step.require_origin(case)
            continue
        if status in step.origins:
            step.require_origin(case)
        else:
            origins = " or ".join(f"“{origin.label}”" for origin in step.origins)
            sentence = f"cannot be {step.participle}: .* only a case with the status {origins} can"
            if status == step.target:
                sentence = f"already has the status “{status.label}”"
            with pytest.raises(ValidationError, match=sentence):
                step.require_origin(case)


def test_every_status_but_published_has_a_step_to_the_public() -> None:
    steps = {status: step_to_public(Case(status=status)) for status in CaseStatus}
    assert {status: step and step.name for status, step in steps.items()} == {
        "draft": "publish",
        "in_review": "publish",
        "withdrawn": "reinstate",
        "published": None,
    }


@pytest.mark.parametrize("stage", [CaseStatus.DRAFT, CaseStatus.IN_REVIEW])
def test_correction_of_a_public_case_takes_the_steps_of_a_draft(stage: CaseStatus) -> None:
    case = Case(number="DTW-0001", status=CaseStatus.PUBLISHED, correction=stage)
    can_be_taken = {step for step in TRANSITIONS.values() if step.can_be_taken(case)}
    of_draft = {step for step in TRANSITIONS.values() if stage in step.origins}
    assert can_be_taken == of_draft | {DISCARD, WITHDRAW}
    assert [step.subject(case).startswith("The correction of") for step in can_be_taken].count(
        False
    ) == 1, "only the withdrawal is of the case"
    assert step_to_public(case) == TRANSITIONS["publish"]
