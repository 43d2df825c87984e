"""The merging of cases.

The kept case keeps its values. Values that it leaves open are taken from the merged case, with
their evidence. Each directive that applies to one of the two applies to the kept case. A warning or
incident that both cases have (see `matching_parts.py`) becomes one; the others of the merged case
are added. A claim about a value that the kept case codes differently does not support that value,
so it becomes a claim about the part, or the case, as a whole. A claim that both have is kept once.
The merged case stays as an empty, withdrawn case that redirects to the kept one: it keeps its
number, its versions and its address for good.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.utils import timezone

from cases.models import Case, Claim, Comment, Incident, Intermediary, ReviewStep, Warning
from cases.models.case_date import DATE_COLUMNS, set_date
from cases.models.claim import CLAIM_PARTS
from cases.models.vocabulary import CaseStatus
from cases.review.corrections import NO_CORRECTION
from cases.review.second_person import record_edit

from .actors_and_sources import TAKEN_OVER, Merging, both_texts, join_roles
from .matching_parts import (
    agrees,
    differences,
    fills,
    open_columns,
    same_incident,
    same_warning,
)
from .relations import relations_to, require_nothing_left

JOINED = "In both: kept once"
INTERMEDIARIES = "Intermediaries taken over where none were coded"
# For each part of the merged case, by kind and key: the part before, and the part it becomes.
Matches = dict[tuple[str, int], tuple[Any, Any]]


class MergingCases(Merging):
    kept: Case
    merged: Case

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.waits = self.kept.is_public and settings.REVIEW_BY_SECOND_PERSON
        # The path of each part of the merged case, and its path in the kept case.
        self.paths: dict[str, str] = {}

    def refusals(self) -> Iterator[str]:
        for case in (self.kept, self.merged):
            if case.status == CaseStatus.WITHDRAWN:
                into = f" Merged into {case.merged_into.number}." if case.merged_into else ""
                yield f"{case} is withdrawn.{into} Withdrawn cases cannot be merged."
        if self.merged.is_public and self.kept.status in (CaseStatus.DRAFT, CaseStatus.IN_REVIEW):
            yield (
                f"{self.merged} is public and {self.kept} is not: its address would lead nowhere. "
                "Publish the other first, or keep the public one."
            )

    def cautions(self) -> Iterator[str]:
        if self.kept.kind != self.merged.kind:
            yield (
                f"They are of different kinds: “{self.kept.get_kind_display()}” and "
                f"“{self.merged.get_kind_display()}”. The kept case keeps its kind."
            )
        if self.waits:
            yield (
                f"What moves becomes a correction of {self.kept}: readers see it once somebody "
                f"else publishes it. {self.merged} is withdrawn at once."
            )
        elif self.kept.is_public and not self.merged.is_public:
            yield f"{self.merged} was not reviewed; its evidence becomes public with this merge."
        yield (
            "The kept case keeps its title and summary. Those of the other remain in its record, "
            "which is withdrawn."
        )

    def public_cases(self) -> set[int]:
        return {self.kept.pk} if self.kept.is_public else set()

    def carry_out(self) -> None:
        kept, merged = _detail(self.kept), _detail(self.merged)
        matches: Matches = {}
        self._take_over(kept, merged)
        self._join_directives()
        for related in ("involvements", "assessments"):
            self._pair_by_key(kept, merged, related, matches)
        for related, same in (("warnings", same_warning), ("incidents", same_incident)):
            self._pair(kept, merged, related, same, matches)
        self._move_claims(kept, merged, matches)
        self._move_notes(merged)
        self._move_comments(matches)
        self._remove_joined(matches)
        before = relations_to(Case)["case.merged_into"]
        self.journal.move(before.label, before.rows(merged), merged_into_id=kept.pk)
        require_nothing_left(self.merged)
        self._withdraw()
        derive_dates(self.kept, self.merged)

    def _take_over(self, kept: Any, merged: Any) -> None:
        """Fill the open values of `kept` from `merged`, and note which values are given up."""
        columns = open_columns(kept, merged)
        if columns:
            self.journal.set(TAKEN_OVER, kept, **columns)
        if isinstance(kept, Warning) and fills(kept, merged, "intermediaries"):
            rows = Intermediary.objects.filter(warning=merged)
            self.journal.move(INTERMEDIARIES, rows, warning_id=kept.pk)
            kept.preset_intermediaries(merged.passed_on_by)
        title = "The case" if isinstance(kept, Case) else str(kept)
        self.given_up += [f"{title}, {each}." for each in differences(kept, merged)]

    def _join_directives(self) -> None:
        """Move the directives that apply to the merged case; one of both is kept once."""
        label = relations_to(Case)["case_directives.case"].label
        applied: Any = Case.directives.through
        own = set(self.kept.directives.values_list("pk", flat=True))
        for row in applied.objects.filter(case_id=self.merged.pk).select_related("case"):
            if row.directive_id in own:
                self.journal.delete(JOINED, row)
            else:
                self.journal.set(label, row, case_id=self.kept.pk)

    def _pair_by_key(self, kept: Case, merged: Case, related: str, matches: Matches) -> None:
        """Pair roles by actor and role, and assessments by exception; move the unpaired ones."""
        label = "Roles" if related == "involvements" else "Exceptions"
        own = {part.path: part for part in getattr(kept, related).all()}
        for part in getattr(merged, related).all():
            counterpart = own.get(part.path)
            if counterpart is None:
                self.journal.set(label, part, case_id=kept.pk)
            else:
                self._take_over(counterpart, part)
            matches[_key(part)] = (part, counterpart or part)

    def _pair(self, kept: Case, merged: Case, related: str, same: Any, matches: Matches) -> None:
        """Pair warnings, or incidents, that are the same; add the others with the next numbers."""
        free = list(getattr(kept, related).all())
        number = max((part.sequence for part in free), default=0)
        for part in getattr(merged, related).all():
            counterpart = next((other for other in free if same(other, part)), None)
            if counterpart is not None:
                free.remove(counterpart)
                self._take_over(counterpart, part)
                if isinstance(part, Incident):
                    text = both_texts(counterpart.description, part.description)
                    self.journal.set("Descriptions joined", counterpart, True, description=text)
                counterpart.full_clean()
                self.paths[part.path] = counterpart.path
                matches[_key(part)] = (part, counterpart)
                continue
            before, number = part.path, number + 1
            self.journal.set(related.capitalize(), part, case_id=kept.pk, sequence=number)
            self.paths[before] = part.path
            matches[_key(part)] = (part, part)

    def _move_claims(self, kept: Case, merged: Case, matches: Matches) -> None:
        known = {_content(claim) for claim in kept.claims.all()}
        number = max((claim.sequence for claim in kept.claims.all()), default=0)
        for claim in merged.claims.all():
            columns = self._target_in_kept(claim, kept, merged, matches)
            if _content(claim, **columns) in known:
                self.journal.delete("Claims that both have: kept once", claim)
                continue
            number += 1
            label = "Claims"
            if columns["field"] != claim.field:
                label = (
                    "Claims about a value that is coded differently: about the whole from now on"
                )
            self.journal.set(label, claim, case_id=kept.pk, sequence=number, **columns)

    def _target_in_kept(
        self, claim: Claim, kept: Case, merged: Case, matches: Matches
    ) -> dict[str, Any]:
        """Return the columns that say which part and field of the kept case a claim is about."""
        columns: dict[str, Any] = {f"{name}_id": None for name in CLAIM_PARTS}
        then, now = merged, kept
        for name in CLAIM_PARTS:
            key = getattr(claim, f"{name}_id")
            if key is not None:
                then, now = matches[name, key]
                columns[f"{name}_id"] = now.pk
        stays = then is now or not claim.field or agrees(now, then, claim.field)
        if not stays and claim.assessment_id is not None:
            # An assessment has a single coded value, so a claim about the whole would support it.
            columns["assessment_id"] = None
        return columns | {"field": claim.field if stays else ""}

    def _move_notes(self, merged: Case) -> None:
        for note in merged.notes.all():
            part, dot, rest = note.field.partition(".")
            field = f"{self.paths.get(part, part)}{dot}{rest}"
            self.journal.set("Notes", note, case_id=self.kept.pk, field=field)

    def _move_comments(self, matches: Matches) -> None:
        """Move the comments; one about a part that both cases have is about the kept one then."""
        label = relations_to(Case)["comment.case"].label
        for comment in Comment.objects.filter(case=self.merged).select_related("case"):
            _, now = matches.get((comment.part, comment.part_key or 0), (None, None))
            key = comment.part_key if now is None else now.pk
            self.journal.set(label, comment, True, case_id=self.kept.pk, part_key=key)

    def _remove_joined(self, matches: Matches) -> None:
        """Delete the paired parts of the merged case, whose evidence has moved by now."""
        for then, now in matches.values():
            if then is now:
                continue
            if not isinstance(then, Warning | Incident):
                join_roles(self.journal, now, then)
                continue
            if isinstance(then, Warning):
                for step in Intermediary.objects.filter(warning=then):
                    self.journal.delete("Intermediaries of those", step)
                receipts: Any = Warning.recipients.through
                for receipt in receipts.objects.filter(warning_id=then.pk):
                    self.journal.delete("Recipients of those", receipt)
            self.journal.delete(JOINED, then)

    def _withdraw(self) -> None:
        self.journal.set(
            "The case that is withdrawn, and leads to the other",
            self.merged,
            status=CaseStatus.WITHDRAWN,
            withdrawn_reason=f"Merged into {self.kept.number}: {self.reason}",
            merged_into_id=self.kept.pk,
            **NO_CORRECTION,
        )
        _record_change(self.editor, edited=self.kept, stepped=self.merged, reason=self.reason)


def _detail(case: Case) -> Case:
    detail: Case = Case.objects.for_detail().get(pk=case.pk)
    return detail


def _key(part: Any) -> tuple[str, int]:
    names = {"exceptionassessment": "assessment"}
    return names.get(part._meta.model_name, part._meta.model_name), part.pk


def _content(claim: Claim, **columns: Any) -> tuple[Any, ...]:
    """Return everything that a claim says; two claims with equal content are duplicates."""
    about = [f"{name}_id" for name in CLAIM_PARTS] + ["field"]
    said = (
        "speaker_id",
        "stance",
        "modality",
        "source_id",
        "locator",
        "quote",
        "gist",
        "date_edtf",
    )
    return tuple(columns.get(name, getattr(claim, name)) for name in about) + tuple(
        getattr(claim, name) for name in said
    )


def derive_dates(*cases: Case) -> None:
    """Store the derived dates of cases. The signal receivers do not see bulk writes."""
    for case in cases:
        set_date(case)
        columns = {column: getattr(case, column) for column in DATE_COLUMNS}
        Case.objects.filter(pk=case.pk).update(**columns)


def record_undo(kept: Case, merged: Case, editor: User | None, reason: str) -> None:
    """Record the undoing of a merge as an edit of one case and a review step of the other."""
    _record_change(editor, edited=kept, stepped=merged, reason=f"The merge was undone: {reason}")


def _record_change(editor: User | None, edited: Case, stepped: Case, reason: str) -> None:
    record_edit(edited, editor)
    Case.objects.filter(pk=stepped.pk).update(updated_at=timezone.now())
    ReviewStep.objects.create(case=stepped, status=stepped.status, reason=reason, taken_by=editor)
