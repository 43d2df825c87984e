"""What the database holds of a record, whatever the test was given of it before."""

from __future__ import annotations

from cases.models import Case


def status_of(case: Case) -> str:
    return Case.objects.get(pk=case.pk).status
