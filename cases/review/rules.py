"""Publishing a directive or an exception, and making it a draft again.

The public sees a directive once it is published, and an exception once both it and its directive
are. The person who made the last change may not publish it, as with cases.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from cases.changelog.locks import acquire_write_lock
from cases.models import Directive, DirectiveException
from cases.models.vocabulary import RuleStatus
from cases.versions.making import cases_mentioning
from cases.versions.mentions import mentioned_in_versions

from .second_person import require_second_person

Rule = Directive | DirectiveException

# The permission to publish either kind, and to change what is published.
PUBLISH_RULES = "cases.publish_directive"


@transaction.atomic
def publish_rule(rule: Rule, reviewer: User | None) -> None:
    """Make a directive or an exception public.

    Raises ValidationError if it is public already, breaks a rule of its model, or was changed last
    by `reviewer`.
    """
    stored = _locked(rule)
    if stored.is_published:
        raise ValidationError(_("It is published already."), code="wrong_status")
    require_second_person(stored, reviewer)
    stored.full_clean()
    _set_status(rule, RuleStatus.PUBLISHED)


@transaction.atomic
def make_draft(rule: Rule) -> None:
    """Make a published directive or exception a draft again, which hides it from the public.

    Raises ValidationError if it is a draft, or if a published case or any version names it.
    """
    stored = _locked(rule)
    if stored.status == RuleStatus.DRAFT:
        raise ValidationError(_("It is a draft already."), code="wrong_status")
    case = cases_mentioning(stored).first()
    if case is not None:
        raise ValidationError(
            _("%(number)s is public and names it."), params={"number": case.number}, code="in_use"
        )
    for _record, version in mentioned_in_versions([stored]):
        raise ValidationError(
            _("Version %(version)s of %(number)s names it."),
            params={"version": version.number, "number": version.case.number},
            code="in_use",
        )
    _set_status(rule, RuleStatus.DRAFT)


def _locked(rule: Rule) -> Any:
    """Lock the record and return it as stored."""
    # The write lock comes before the row lock, as in every writer, so that none deadlock.
    acquire_write_lock()
    return type(rule).objects.select_for_update().get(pk=rule.pk)


def _set_status(rule: Rule, status: RuleStatus) -> None:
    # Not an edit, so `updated_by` stays.
    rule.status = status
    rule.save(update_fields=["status"])
