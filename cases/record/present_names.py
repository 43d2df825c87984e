"""Records, and what they mention as it is called today: actors, sources, directives, exceptions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Model
from msgspec.structs import replace

from .building import in_order, ref_of
from .classes import AssessmentRecord, CaseRecord, InvolvementRecord, RecordPart
from .columns import MENTIONED, Ref

Rows = dict[tuple[type[RecordPart], str], Model]
"""The row of what a record mentions, by the class of the mention and its slug there."""


def refs_in(value: Any) -> Iterator[Ref]:
    """Yield what a record or a part of one mentions; some of it several times."""
    if isinstance(value, tuple):
        for part in value:
            yield from refs_in(part)
    elif isinstance(value, Ref):
        yield value
    elif isinstance(value, RecordPart):
        for name in value.__struct_fields__:
            yield from refs_in(getattr(value, name))


def rows_mentioned(record: CaseRecord) -> Rows:
    """Return the rows of what a record mentions by a present or a former slug, if there are any."""
    slugs: dict[type[RecordPart], set[str]] = {kind: set() for kind in MENTIONED}
    for ref in refs_in(record):
        slugs[type(ref)].add(ref.slug)
    rows: Rows = {}
    for kind, model in MENTIONED.items():
        present: Any = model._default_manager.filter(slug__in=slugs[kind])
        rows |= {(kind, row.slug): row for row in present}
        for slug in slugs[kind]:
            if (kind, slug) not in rows and (row := model.with_former_slug(slug)) is not None:  # type: ignore[attr-defined]  # all of them are Slugged
                rows[kind, slug] = row
    return rows


def with_present_names(record: CaseRecord) -> CaseRecord:
    """Return a record with today's names and slugs of all that it mentions."""
    rows = rows_mentioned(record)
    paths: dict[str, str] = {}

    def renamed(value: Any) -> Any:
        if isinstance(value, tuple):
            return tuple(map(renamed, value))
        if isinstance(value, Ref):
            row = rows.get((type(value), value.slug))
            return value if row is None else ref_of(row)
        if not isinstance(value, RecordPart):
            return value
        parts = {name: renamed(getattr(value, name)) for name in value.__struct_fields__}
        new = replace(value, **in_order(parts))
        # Roles and assessments are named by the slug of what they mention.
        if isinstance(value, InvolvementRecord | AssessmentRecord):
            paths[value.path] = new.path  # type: ignore[attr-defined]
        return new

    def moved(about: str) -> str:
        path, dot, field = about.partition(".")
        return f"{paths.get(path, path)}{dot}{field}"

    new: CaseRecord = renamed(record)
    return replace(
        new,
        claims=tuple(replace(claim, about=moved(claim.about)) for claim in new.claims),
        notes=tuple(replace(note, about=moved(note.about)) for note in new.notes),
    )
