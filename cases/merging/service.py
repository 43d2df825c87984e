"""Previewing, making and undoing merges."""

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
from cases.review.checks import MAX_NAMED, problems_among
from cases.review.corrections import settle
from cases.review.steps import withdrawal_of
from cases.versions.current import public_names
from cases.versions.making import (
    Withdrawal,
    cases_mentioning,
    is_recorded,
    make_version_regardless,
    make_versions,
)

from .actors_and_sources import Merging, MergingActors, MergingSources
from .cases import MergingCases, derive_dates, record_undo
from .journal import Moves, Step, undo_steps
from .refusal import MergeRefusedError

MERGINGS: dict[type[Slugged], type[Merging]] = {
    Actor: MergingActors,
    Source: MergingSources,
    Case: MergingCases,
}
REASON_COLUMN = "withdrawn_reason"
MODELS: dict[str, type[Any]] = {"actor": Actor, "source": Source, "case": Case}


@dataclass
class Preview:
    """What a merge would do: the rows it moves, cautions, and the reasons if it is refused."""

    moves: list[Moves] = field(default_factory=list)
    cautions: list[str] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)
    # The public cases that get a new version or, with `waits`, a correction.
    cases: list[str] = field(default_factory=list)
    waits: bool = False

    # Digest of everything the merge writes, to check that the confirmed merge does the same.
    digest: str = ""


class _RollBackError(Exception):
    """Raised to roll back a merge that was only tried."""


def preview(kept: Slugged, merged: Slugged) -> Preview:
    """Return what a merge would do, by doing it and rolling it back."""
    result = Preview()
    try:
        with transaction.atomic():
            merging = _begin(kept, merged, None, "Preview.")
            result.cautions = list(merging.cautions())
            keys = _carry_out(merging)
            result.cautions += merging.given_up
            result.cases = [str(case) for case in Case.objects.filter(pk__in=keys).order_by("pk")]
            result.waits = merging.waits
            result.moves, result.digest = merging.journal.moves, _digest(merging)
            raise _RollBackError
    except _RollBackError:
        pass
    except MergeRefusedError as refusal:
        result.refusals = list(refusal.sentences)
    return result


@transaction.atomic
def merge(
    kept: Slugged, merged: Slugged, editor: User | None, reason: str, expected: str = ""
) -> Merge:
    """Merge one record into another, make versions of the public cases it changes, and log it.

    `expected` is the digest of the preview that the editor confirmed, if there was one. Raises
    MergeRefusedError, and then changes nothing.
    """
    if not reason.strip():
        raise MergeRefusedError("Say why they are the same; it is kept in the log.")
    name, key, slug = str(merged), merged.pk, merged.slug
    merging = _begin(kept, merged, editor, reason.strip())
    note = _note(kept, merged, reason)
    cases = _carry_out(merging)
    if expected and expected != _digest(merging):
        raise MergeRefusedError(
            "Something that would move was changed in the meantime. Look at the preview again."
        )
    _announce(kept, cases, editor, note)
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
    """Acquire the write lock and make all checks that need no write.

    Raises MergeRefusedError.
    """
    # Held until the end of the transaction, so that nobody adds a reference in between.
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
    """Carry out a merge and return the keys of the public cases that it changes.

    Raises MergeRefusedError if a rule is broken, or if one of these cases could not stay public.
    """
    cases = merging.public_cases()
    _require_no_corrections(merging.kept, cases)
    try:
        with transaction.atomic():
            merging.carry_out()
    except ValidationError as error:
        raise MergeRefusedError(
            "Merged, the record would break a rule.", *error.messages
        ) from error
    except IntegrityError as error:
        raise MergeRefusedError("The database refuses it: a rule would be broken.") from error
    # The merged record's cases are known from before; those of the kept one may change, too.
    cases |= _cases_showing_changes(merging.kept, merging.journal.steps)
    require_all_publishable(cases)
    return cases


def _cases_showing_changes(kept: Any, steps: list[Step]) -> set[int]:
    """Return the public cases that show a column of the kept actor or source that was written."""
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
    """Raise MergeRefusedError, with the problems of each case, unless all may stay public."""
    refusals = list(problems_among(_cases(cases).order_by("pk")))
    if refusals:
        raise MergeRefusedError(*refusals)


def _cases(keys: Iterable[int]) -> Any:
    return Case.objects.published().filter(pk__in=set(keys))


def _announce(
    kept: Slugged, cases: set[int], editor: User | None, note: str, undone: str = ""
) -> None:
    """Make versions of the cases that a merge changes; a merge of cases may wait, as an edit.

    `undone` is the note of the merge, if it is undone.
    """
    if isinstance(kept, Case):
        settle(cases, editor, note, undone)
    else:
        make_versions(_cases(cases), editor, note)


def _note(kept: Slugged, merged: Slugged, reason: str) -> str:
    """Return what the public reads of a merge. Call it while the merged record is not merged."""
    name = _public_name(merged) or "A draft"
    return f"{name} was merged into {_public_name(kept)}: {reason.strip()}"


def _public_name(record: Slugged) -> str:
    """Return what the public calls a record, "" if it is a case that is not public.

    Editors may have changed the title of a case since its latest version.
    """
    if not isinstance(record, Case):
        return str(record)
    return str(public_names([record.pk]).get(record.pk, ""))


def _require_no_corrections(kept: Slugged, cases: set[int]) -> None:
    """Refuse to merge actors or sources that cases with corrections name.

    Raises MergeRefusedError. The merge would change the rows of such a case, and its next version
    is not made of them.
    """
    if not isinstance(kept, Case):
        refusals = [
            f"{case} has a correction that is not published. Publish or discard it first."
            for case in _cases(cases).corrected()[:MAX_NAMED]
        ]
        if refusals:
            raise MergeRefusedError(*refusals)


def _digest(merging: Merging) -> str:
    """Return a digest of everything the merge writes, except its reason."""
    steps = [_comparable(step) for step in merging.journal.steps]
    text = json.dumps([merging.kept.pk, steps], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _comparable(step: Step) -> Step:
    # A row that a merge creates gets another key each time.
    if "made" in step:
        return step | {"key": 0}
    # The preview does not know the reason yet, which the withdrawn case shows.
    new = {name: value for name, value in step.get("new", {}).items() if name != REASON_COLUMN}
    return step | {"new": new}


# Undoing


@transaction.atomic
def undo(made: Merge, editor: User | None, reason: str) -> Slugged:
    """Undo a merge and return the record that it had removed.

    The kept record keeps what was added to it since. Raises MergeRefusedError, and changes nothing,
    if a value that the merge wrote was changed since.
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
    ended = withdrawal_of(made.merged_key) if model is Case else None
    undo_steps(made.steps)
    merged: Slugged = model._base_manager.get(pk=made.merged_key)
    cases = MERGINGS[model](kept, merged, editor, reason).public_cases()
    _require_no_corrections(kept, cases)
    cases |= _cases_showing_changes(kept, made.steps)
    if isinstance(merged, Case):
        derive_dates(kept, merged)
        record_undo(kept, merged, editor, reason.strip())
        cases |= {kept.pk, merged.pk}
    require_all_publishable(cases)
    name = made.merged_name
    if isinstance(merged, Case):
        name = _public_name(merged) or "a draft"
    note = f"The merge of {name} into {_public_name(kept)} was undone: {reason.strip()}"
    if isinstance(merged, Case):
        cases.discard(merged.pk)
        _reinstate(merged, editor, note, ended)
    _announce(kept, cases, editor, note, undone=_note(kept, merged, made.reason))
    made.undone_at, made.undone_by, made.undone_reason = timezone.now(), editor, reason.strip()
    made.save(update_fields=["undone_at", "undone_by", "undone_reason"])
    return merged


def _reinstate(merged: Case, editor: User | None, note: str, ended: Withdrawal | None) -> None:
    """Tell the public that a case which a merge had withdrawn is back, and why.

    It is public as it was, so this waits for nobody. A draft that was merged was never public.
    """
    if merged.is_public:
        make_version_regardless(merged, editor, f"Reinstated: {note}", ended)
