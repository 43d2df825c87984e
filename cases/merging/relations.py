"""The relations to actors, sources and cases that a merge has to move.

They are read from the models, so that a relation added later cannot be forgotten: one that is not
listed in `RELATIONS` stops every merge and fails a test.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from django.contrib.contenttypes.models import ContentType
from django.db import models

from cases.models import Actor, Case, FormerSlug, Source
from cases.models.relations import referring
from cases.models.slugs import Slugged

from .journal import Journal
from .refusal import MergeRefusedError

# Label of rows that stay with the merged case: its versions, review, redactions, search document.
STAYS = "stays"

# The label of each relation's rows for editors, by `model.field`.
RELATIONS: dict[type[models.Model], dict[str, str]] = {
    Actor: {
        "actor.parent": "Actors that belong to it",
        "actor.country": "Actors that have it as their country",
        "warning.issuer": "Warnings that it issued",
        "intermediary.actor": "Warnings that it passed on",
        "warning_recipients.actor": "Warnings that it received",
        "incident.country": "Incidents in it",
        "involvement.actor": "Roles",
        "directive.jurisdiction": "Directives that bind its agencies",
        "claim.speaker": "Claims that it makes",
    },
    Source: {
        "claim.source": "Claims drawn from it",
        "note.source": "Notes about it",
        "note.evidence": "Notes that rest on it",
        "source.derived_from": "Sources derived from it",
        "directive.source": "Directives read in it",
    },
    Case: {
        "warning.case": "Warnings",
        "incident.case": "Incidents",
        "involvement.case": "Roles",
        "exceptionassessment.case": "Exceptions",
        "case_directives.case": "Applicable directives",
        "claim.case": "Claims",
        "note.case": "Notes",
        "comment.case": "Comments of editors and reviewers",
        "case.merged_into": "Cases merged into it before",
        "version.case": STAYS,
        "reviewstep.case": STAYS,
        "redaction.case": STAYS,
        "searchdocument.case": STAYS,
    },
}


class Relation(NamedTuple):
    model: type[models.Model]
    # The column of `model` that holds the foreign key.
    field: str

    label: str

    def rows(self, record: models.Model) -> models.QuerySet[Any]:
        """Return the rows that refer to the record."""
        return self.model._base_manager.filter(**{self.field: record.pk})


def relations_to(model: type[models.Model]) -> dict[str, Relation]:
    """Return the relations to a model by name. Raises MergeRefusedError for an unlisted one."""
    labels, columns = RELATIONS[model], referring(model)
    unknown = sorted(columns.keys() - labels.keys())
    if unknown:
        raise MergeRefusedError(
            f"Merging does not know what to do with {', '.join(unknown)}; tell the developers."
        )
    return {
        name: Relation(column.model, column.attname, labels[name])
        for name, column in columns.items()
    }


def require_nothing_left(record: models.Model) -> None:
    """Raise MergeRefusedError if something still refers to a record that will be deleted."""
    for name, relation in relations_to(type(record)).items():
        if relation.label != STAYS and relation.rows(record).exists():
            raise MergeRefusedError(
                f"Something still refers to {record}: {name}. Nothing was merged."
            )


def hand_over_slugs(journal: Journal, kept: Slugged, merged: Slugged) -> None:
    """Let the present and former slugs of the merged record redirect to the kept one."""
    kind = ContentType.objects.get_for_model(type(merged))
    former = FormerSlug.objects.filter(content_type=kind)
    label = "Old addresses that lead to it"
    journal.move(label, former.filter(object_id=merged.pk), object_id=kept.pk)
    taken = former.filter(slug=merged.slug).first()
    if taken is not None:
        journal.set(label, taken, object_id=kept.pk)
    else:
        journal.make(label, FormerSlug(content_type=kind, slug=merged.slug, object_id=kept.pk))
