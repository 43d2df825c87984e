"""Removing all synthetic records, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction

from cases.models import (
    Actor,
    Case,
    Claim,
    Comment,
    Directive,
    ExceptionAssessment,
    FormerSlug,
    Incident,
    Intermediary,
    Involvement,
    Note,
    Redaction,
    ReviewStep,
    SearchDocument,
    Source,
    Version,
    Warning,
)
from cases.models.synthetic_label import SIGNS, synthetic_records
from cases.text.plurals import counted

from .records import ApplicableDirective, Outcome, Recipient, SyntheticError, after_bulk_write

MAX_NAMED = 10

# The foreign keys by which a real record can refer to a synthetic case, actor or source.
#
# The third item is the lookup from the record to the one whose label makes it synthetic, too: ""
# for the record itself, None if the record always counts as real.
USES: list[tuple[type[models.Model], str, str | None]] = [
    (Directive, "source", None),
    (Directive, "jurisdiction", None),
    (Case, "merged_into", ""),
    (Actor, "parent", ""),
    (Actor, "country", ""),
    (Source, "derived_from", ""),
    (Warning, "issuer", "case"),
    (Intermediary, "actor", "warning__case"),
    (Recipient, "actor", "warning__case"),
    (Incident, "country", "case"),
    (Involvement, "actor", "case"),
    (Claim, "speaker", "case"),
    (Claim, "source", "case"),
    (Note, "source", "case"),
    (Note, "evidence", "case"),
]

# The models deleted with a case, with the lookup to the case. A model that refers to another comes
# before it.
PARTS_OF_A_CASE: list[tuple[type[models.Model], str]] = [
    (SearchDocument, "case"),
    (Version, "case"),
    (ReviewStep, "case"),
    (Comment, "case"),
    (Redaction, "case"),
    (Claim, "case"),
    (Note, "case"),
    (Intermediary, "warning__case"),
    (Recipient, "warning__case"),
    (Warning, "case"),
    (Incident, "case"),
    (Involvement, "case"),
    (ExceptionAssessment, "case"),
    (ApplicableDirective, "case"),
]


def remove() -> Outcome:
    """Remove every synthetic record, all or none.

    Raises SyntheticError if a real record refers to a synthetic one, or a synthetic case was
    changed while it was public.
    """
    with transaction.atomic():
        _require_unused()
        removed = _remove()
        if any(removed.values()):
            after_bulk_write()
    return Outcome(
        _sentence(removed),
        cases=removed[Case],
        warnings=removed[Warning],
        claims=removed[Claim],
        actors=removed[Actor],
        sources=removed[Source],
    )


def _sentence(removed: dict[type[models.Model], int]) -> str:
    if not any(removed.values()):
        return "There are no synthetic records here."
    return (
        f"Removed {counted(removed[Case], 'synthetic case')} "
        f"({counted(removed[Warning], 'warning')}, {counted(removed[Claim], 'claim')}), "
        f"{counted(removed[Actor], 'actor')} and {counted(removed[Source], 'source')}."
    )


def _require_unused() -> None:
    # The first version of a case was made with it; later ones are the work of editors.
    changed = Version.objects.filter(case__in=synthetic_records(Case).values("pk"), number__gt=1)
    versions = map(_name, changed.select_related("case").order_by()[: MAX_NAMED + 1])
    uses = sorted({*versions, *chain.from_iterable(_uses(*use) for use in USES)})
    if uses:
        named = ", ".join(uses[:MAX_NAMED])
        more = " and others" if len(uses) > MAX_NAMED else ""
        raise SyntheticError(
            f"Nothing was removed, because these rest on synthetic records: {named}{more}."
        )


def _uses(model: type[models.Model], reference: str, lookup: str | None) -> Iterator[str]:
    """Yield the names of the first real records that refer to synthetic ones."""
    target: Any = model._meta.get_field(reference).related_model
    users = model._default_manager.filter(
        **{f"{reference}__in": synthetic_records(target).values("pk")}
    )
    if lookup is not None:
        owner = target if lookup == "" else Case
        steps = [lookup] if lookup else []
        signs = {"__".join([*steps, sign]): value for sign, value in SIGNS[owner].items()}
        users = users.exclude(**signs)
    yield from map(_name, users.order_by()[: MAX_NAMED + 1])


def _name(record: Any) -> str:
    """Return the name of a record: "claim-3 of DTW-0001", "DTW-0001", "actor john-kirby"."""
    if isinstance(record, Intermediary | Recipient):
        record = record.warning
    if isinstance(record, Version):
        return str(record)
    if isinstance(record, Case):
        return record.number
    if hasattr(record, "slug"):
        return f"{record._meta.verbose_name} {record.slug}"
    return f"{record.path} of {record.case.number}"


def _remove() -> dict[type[models.Model], int]:
    """Delete all synthetic records and return the number deleted, by model."""
    removed: dict[type[models.Model], int] = {}
    cases = synthetic_records(Case)
    for deleted in (_parts(Note, "case", cases), *map(synthetic_records, SIGNS)):
        _delete(_former_slugs(deleted))
    for model, lookup in PARTS_OF_A_CASE:
        removed[model] = _delete(_parts(model, lookup, cases))
    for model in SIGNS:
        removed[model] = _delete(synthetic_records(model))
    return removed


def _parts(
    model: type[models.Model], lookup: str, cases: models.QuerySet[Any]
) -> models.QuerySet[Any]:
    """Return the rows of a model that belong to the cases, by subqueries and without a join."""
    # SQL has no DELETE with a join.
    first, _, rest = lookup.partition("__")
    if not rest:
        return model._default_manager.filter(**{f"{first}__in": cases.values("pk")})
    between: Any = model._meta.get_field(first).related_model
    inner = _parts(between, rest, cases).order_by().values("pk")
    return model._default_manager.filter(**{f"{first}__in": inner})


def _former_slugs(records: models.QuerySet[Any]) -> models.QuerySet[FormerSlug]:
    kind = ContentType.objects.get_for_model(records.model)
    keys: Any = records.order_by().values("pk")
    return FormerSlug.objects.filter(content_type=kind, object_id__in=keys)


def _delete(records: models.QuerySet[Any]) -> int:
    # A plain DELETE: no cascades, no signals, and no loading of every record.
    return records.order_by()._raw_delete(using=records.db)
