"""Storing a row of a table: what breaks a rule refuses the row."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, transaction

from cases.models.relations import preset
from cases.models.warning import check_parties
from cases.review.checks import validate

from ..layout.columns import BundleColumn
from ..layout.references import intermediaries_of, recipients_of
from ..layout.tables import Table
from .plan import REFUSED, ImportedChange, RowPlan


def store(table: Table, plan: RowPlan, record: Any) -> bool:
    """Validate and save a record, and return whether it is stored; any error refuses its row."""
    try:
        _validate(table, record)
        # A savepoint, so that later rows can be checked after the database refuses this one.
        with transaction.atomic():
            record.save()
            if hasattr(record, "recipients_to_be"):
                record.set_recipients(record.recipients_to_be)
            if hasattr(record, "intermediaries_to_be"):
                record.set_intermediaries(record.intermediaries_to_be)
            if hasattr(record, "directives_to_be"):
                record.directives.set(record.directives_to_be)
    except ValidationError as error:
        _refuse_all(table, plan, error)
    except (IntegrityError, DataError):
        _refuse_all(table, plan, _rule_broken(record))
    return plan.action != REFUSED


def refuse_invalid(
    table: Table, plan: RowPlan, record: Any, only: Collection[str] | None = None
) -> None:
    """Refuse a row, which is refused already, for what else is invalid in its record.

    With `only`, check no more than these fields, each alone: if a cell could not be put into the
    record, a rule about several fields may seem broken.
    """
    try:
        if only is None:
            _validate(table, record)
        else:
            record.clean_fields(exclude={each.name for each in record._meta.fields} - {*only})
    except ValidationError as error:
        _refuse_all(table, plan, error, besides={refusal.column for refusal in plan.refusals})


def _validate(table: Table, record: Any) -> None:
    # Validated in place of the stored ones.
    if hasattr(record, "recipients_to_be"):
        preset(record, "recipients", record.recipients_to_be)
    if hasattr(record, "intermediaries_to_be"):
        record.preset_intermediaries(record.intermediaries_to_be)
    validate(record)
    if "recipients" in table.many:
        check_parties(record.issuer, recipients_of(record), intermediaries_of(record))


def _refuse_all(
    table: Table, plan: RowPlan, error: ValidationError, besides: Collection[str] = ()
) -> None:
    """Refuse a row with each message of an error, except about the columns `besides`."""
    by_field = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
    for field, messages in by_field.items():
        column = field if field in table.by_name else ""
        if column in besides:
            continue
        for message in messages:
            plan.refuse(message, column)


def _rule_broken(record: Any) -> ValidationError:
    """Return the error that says which database constraint a record breaks."""
    # Checking constraints takes a query each, so only refused rows are checked in full.
    try:
        record.full_clean()
    except ValidationError as error:
        return error
    return ValidationError("The database refuses this record: it contradicts another one.")


def changes_of(
    table: Table, record: Any, given: Sequence[BundleColumn], before: dict[str, str], adding: bool
) -> Iterator[ImportedChange]:
    """Yield the cells of a record that differ from those before."""
    for column in table.columns if adding else given:
        if column.name in table.key or (adding and column not in given):
            continue
        old, new = before.get(column.name, ""), column.write(record)
        if old != new:
            yield ImportedChange(column.name, old, new)
