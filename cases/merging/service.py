"""Showing a merge beforehand, making it, and undoing it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from cases.changelog.locks import acquire_write_lock
from cases.models import Actor, Case, Merge, Source
from cases.models.slugs import Slugged
from cases.review.checks import problems_among
from cases.versions.making import cases_mentioning, is_recorded, make_versions

from .actors_and_sources import Merging, MergingActors, MergingSources
from .cases import MergingCases, derive_dates, put_back
from .journal import Moves, Step, take_back
from .refusal import MergeRefusedError

MERGINGS: dict[type[Slugged], type[Merging]] = {
    Actor: MergingActors,
    Source: MergingSources,
    Case: MergingCases,
}
WITH_REASON = "withdrawn_reason"
MODELS: dict[str, type[Any]] = {"actor": Actor, "source": Source, "case": Case}


@dataclass
class Preview:
    """What a merge would do: what moves, what to think of, why not; and which cases it changes."""

    moves: list[Moves] = field(default_factory=list)
    cautions: list[str] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)
    cases: list[str] = field(default_factory=list)
    """The public cases that get a new version."""

    digest: str = ""
    """Stands for all of it, so that nothing else is done than what was seen."""


class _TakenBackError(Exception):
    """Raised to take back a merge that was only tried."""


def preview(kept: Slugged, merged: Slugged) -> Preview:
    """Return what merging would do, by doing it and taking it back."""
    shown = Preview()
    try:
        with transaction.atomic():
            merging = _begin(kept, merged, None, "Preview.")
            shown.cautions = list(merging.cautions())
            cases = _carry_out(merging)
            shown.cautions += merging.given_up
            numbers = Case.objects.filter(pk__in=cases).order_by("pk")
            shown.cases = [str(case) for case in numbers]
            shown.moves, shown.digest = merging.journal.moves, _digest(merging)
            raise _TakenBackError
    except _TakenBackError:
        pass
    except MergeRefusedError as refusal:
        shown.refusals = list(refusal.sentences)
    return shown


@transaction.atomic
def merge(
    kept: Slugged, merged: Slugged, editor: User | None, reason: str, seen: str = ""
) -> Merge:
    """Merge one record into another, make the versions of public cases, and log it.

    `seen` is the digest of the preview that was agreed to, if there was one. Raises RefusedError,
    and changes nothing.
    """
    if not reason.strip():
        raise MergeRefusedError("Say why they are the same; it is kept in the log.")
    name, key, slug = str(merged), merged.pk, merged.slug
    merging = _begin(kept, merged, editor, reason.strip())
    cases = _carry_out(merging)
    if seen and seen != _digest(merging):
        raise MergeRefusedError(
            "Something that would move was changed in the meantime. Look at the preview again."
        )
    make_versions(_cases(cases), editor, f"{name} was merged into {kept}: {reason.strip()}")
    made: Merge = Merge.objects.create(
        kind=str(kept._meta.model_name),
        kept_key=kept.pk,
        kept_name=str(kept),
        merged_key=key,
        merged_name=name,
        merged_slug=slug,
        reason=reason.strip(),
        steps=merging.journal.steps,
        made_by=editor,
    )
    return made


def _begin(kept: Slugged, merged: Slugged, editor: User | None, reason: str) -> Merging:
    """Wait until nobody else writes, and refuse what can be refused before anything is written."""
    acquire_write_lock()
    model = type(kept)
    if kept.pk == merged.pk and model is type(merged):
        raise MergeRefusedError(f"{kept} cannot be merged into itself. Choose two records.")
    if model is not type(merged):
        raise MergeRefusedError("Only records of one kind are merged.")
    stored = model._base_manager.in_bulk([kept.pk, merged.pk])
    for record in (kept, merged):
        if record.pk not in stored:
            raise MergeRefusedError(f"{record} does not exist any more; it may be merged already.")
    merging = MERGINGS[model](stored[kept.pk], stored[merged.pk], editor, reason)
    refusals = list(merging.refusals())
    if refusals:
        raise MergeRefusedError(*refusals)
    return merging


def _carry_out(merging: Merging) -> set[int]:
    """Move everything and return the public cases that changed, each of which may stay public."""
    cases = merging.public_cases()
    try:
        with transaction.atomic():
            merging.carry_out()
    except ValidationError as error:
        raise MergeRefusedError(
            "Merged, the record would break a rule.", *error.messages
        ) from error
    except IntegrityError as error:
        raise MergeRefusedError("The database refuses it: a rule would be broken.") from error
    cases |= _showing_otherwise(merging.kept, merging.journal.steps)
    require_all_publishable(cases)
    return cases


def _showing_otherwise(kept: Any, steps: list[Step]) -> set[int]:
    """Return the public cases that show a record some of whose own columns were written."""
    label = kept._meta.label_lower
    written = {
        column
        for step in steps
        if step["model"] == label and step.get("keys") == [kept.pk]
        for column in step["new"]
    }
    if isinstance(kept, Case) or not any(is_recorded(type(kept), column) for column in written):
        return set()
    return set(cases_mentioning(kept).values_list("pk", flat=True))


def require_all_publishable(cases: Iterable[int]) -> None:
    """Raise RefusedError, with each case and what is wrong, unless all may stay public."""
    refusals = list(problems_among(_cases(cases).order_by("pk")))
    if refusals:
        raise MergeRefusedError(*refusals)


def _cases(keys: Iterable[int]) -> Any:
    return Case.objects.published().filter(pk__in=set(keys))


def _digest(merging: Merging) -> str:
    """Return what stands for all that a merge writes, but for its reason."""
    steps = [_without_reason(step) for step in merging.journal.steps]
    text = json.dumps([merging.kept.pk, steps], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _without_reason(step: Step) -> Step:
    if "made" in step:  # under another key each time
        return step | {"key": 0}
    new = {name: value for name, value in step.get("new", {}).items() if name != WITH_REASON}
    return step | {"new": new}


# Undoing


@transaction.atomic
def undo(made: Merge, editor: User | None, reason: str) -> Slugged:
    """Undo a merge and return the record that is there again.

    What was added to the kept record since stays with it. Raises RefusedError, and changes
    nothing, if something that the merge wrote was changed since.
    """
    if not reason.strip():
        raise MergeRefusedError("Say why the merge is undone; it is kept in the log.")
    acquire_write_lock()
    made = Merge.objects.get(pk=made.pk)
    if made.is_undone:
        raise MergeRefusedError("This merge was undone already.")
    model = MODELS[made.kind]
    kept = model._base_manager.filter(pk=made.kept_key).first()
    if kept is None:
        raise MergeRefusedError(
            f"{made.kept_name} does not exist any more. If it was merged into another record "
            "since, undo that merge first."
        )
    take_back(made.steps)
    merged: Slugged = model._base_manager.get(pk=made.merged_key)
    cases = MERGINGS[model](kept, merged, editor, reason).public_cases()
    cases |= _showing_otherwise(kept, made.steps)
    if isinstance(merged, Case):
        derive_dates(kept, merged)
        put_back(kept, merged, editor, reason.strip())
        cases |= {kept.pk, merged.pk}
    require_all_publishable(cases)
    note = f"The merge of {made.merged_name} into {kept} was undone: {reason.strip()}"
    make_versions(_cases(cases), editor, note)
    made.undone_at, made.undone_by, made.undone_reason = timezone.now(), editor, reason.strip()
    made.save(update_fields=["undone_at", "undone_by", "undone_reason"])
    return merged
