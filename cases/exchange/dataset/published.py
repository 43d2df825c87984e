"""Public cases with their public versions, in the order of their slugs."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import QuerySet
from django.db.models.fields.json import KT

from cases.evidence.case_evidence import CaseEvidence
from cases.exchange.tables.case_row import CaseRow
from cases.models import Case, Version
from cases.record.classes import CaseRecord
from cases.record.columns import MENTIONED
from cases.record.present_names import refs_in, with_present_names
from cases.record.stored import read_record
from cases.text.batches import in_batches

# Cases whose versions are read together.
CASES_PER_BATCH = 200


@dataclass(frozen=True)
class PublicCase:
    """A public case at one of its versions, and its versions up to that one, oldest first."""

    row: CaseRow
    published_at: dt.datetime | None
    versions: list[Version]

    @property
    def record(self) -> CaseRecord:
        return self.row.record


def public_cases(chosen: QuerySet[Version]) -> Iterator[PublicCase]:
    """Yield the case of each of some versions, one version a case, in the order of their slugs.

    A few queries a batch; memory does not grow with the cases.
    """
    named = chosen.order_by().values_list(KT("record__slug"), "case_id", "number")
    present = _Present()
    # Sorted here and not in SQL: the collation of texts differs between databases.
    for batch in in_batches(sorted(named), CASES_PER_BATCH):
        numbers = {key: number for _, key, number in batch}
        published = dict(
            Case.objects.published().filter(pk__in=numbers).values_list("pk", "published_at")
        )
        history: dict[int, list[Version]] = defaultdict(list)
        for version in Version.objects.filter(case__in=published).order_by("number"):
            if version.number <= numbers[version.case_id]:
                history[version.case_id].append(version)
        for _, key, number in batch:
            if key in published:  # it may have been withdrawn meanwhile
                record = present.named(read_record(history[key][-1].record))
                yield PublicCase(
                    CaseRow(CaseEvidence(record), number), published[key], history[key]
                )


class _Present:
    """Gives the actors and sources of records the slugs that they have today.

    A latest version has them already. One that a release pins may be older than a new slug, and its
    tables have to join.
    """

    def __init__(self) -> None:
        self._slugs = {
            kind: set(model._default_manager.values_list("slug", flat=True))
            for kind, model in MENTIONED.items()
        }

    def named(self, record: CaseRecord) -> CaseRecord:
        if all(ref.slug in self._slugs[type(ref)] for ref in refs_in(record)):
            return record
        return with_present_names(record)
