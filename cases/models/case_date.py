"""Receivers that keep derived columns true however a record is written, `loaddata` included."""

from __future__ import annotations

from typing import Any

from django.db.models.signals import post_delete, post_save, pre_save
from django.dispatch import receiver

from . import Case, Incident, Warning
from .uncertain_date import UncertainDate
from .vocabulary import NOT_STATED

DATE_COLUMNS = ("date_words", "date_edtf", "date_basis", "date_earliest", "date_latest")
NO_DATE = UncertainDate(words="", edtf="", basis=NOT_STATED, earliest=None, latest=None)


@receiver(pre_save, sender=Case)
def complete_case(instance: Case, **kwargs: Any) -> None:
    """Give a new case its permanent number, and derive its date again."""
    if instance._state.adding:
        instance.assign_number()
    set_date(instance)


@receiver([post_save, post_delete], sender=Incident)
@receiver([post_save, post_delete], sender=Warning)
def derive_case_date(instance: Incident | Warning, **kwargs: Any) -> None:
    """Store the date of the case again after one of its warnings or incidents changed."""
    case = Case.objects.filter(pk=instance.case_id).first()
    if case is not None:
        set_date(case)
        Case.objects.filter(pk=case.pk).update(
            **{column: getattr(case, column) for column in DATE_COLUMNS}
        )


def set_date(case: Case) -> None:
    """Set the date columns of `case` from its warnings and incidents, without saving."""
    date = case.derive_date() if case.pk else None
    for column in DATE_COLUMNS:
        setattr(case, column, getattr(date or NO_DATE, column.removeprefix("date_")))
