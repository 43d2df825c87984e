"""The merging of actors and of sources."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Q

from cases.models import Actor, Intermediary, Involvement, Note, Source, Warning
from cases.models.actor import MAY_CLAIM
from cases.models.relations import leads_to
from cases.models.vocabulary import NOT_STATED, ActorKind, Archiving, Role
from cases.versions.making import cases_mentioning

from .journal import Journal
from .relations import hand_over_slugs, relations_to, require_nothing_left

TAKEN_OVER = "Taken over where it was empty"
GONE = "The merged record, deleted"


class Merging(ABC):
    """The merge of one record into another of its kind. Only `carry_out` writes."""

    waits: bool = False
    """Whether what it changes in public cases waits for a second person."""

    def __init__(self, kept: Any, merged: Any, editor: User | None, reason: str) -> None:
        self.kept, self.merged, self.editor, self.reason = kept, merged, editor, reason
        self.journal = Journal()
        # The values that are lost, as sentences; complete after `carry_out`.
        self.given_up: list[str] = []

    @abstractmethod
    def refusals(self) -> Iterator[str]:
        """Yield sentences on why the two cannot be merged."""

    @abstractmethod
    def cautions(self) -> Iterator[str]:
        """Yield sentences on what an editor should consider before merging them."""

    @abstractmethod
    def carry_out(self) -> None:
        """Move all references, within a transaction of the caller."""

    def public_cases(self) -> set[int]:
        """Return the keys of the published cases that the merge changes."""
        return set(cases_mentioning(self.merged).values_list("pk", flat=True))

    def move(self, *excluding: str) -> None:
        """Move every row that refers to the merged record, except by the relations `excluding`."""
        for name, relation in relations_to(type(self.merged)).items():
            if name not in excluding:
                rows = relation.rows(self.merged)
                self.journal.move(relation.label, rows, **{relation.field: self.kept.pk})

    def take_over(self, *columns: str, gently: bool = False) -> None:
        """Fill empty columns of the kept record with values of the merged one."""
        values = {
            name: getattr(self.merged, name)
            for name in columns
            if getattr(self.kept, name) in (None, "") and getattr(self.merged, name) != self.kept.pk
        }
        self.journal.set(TAKEN_OVER, self.kept, gently, **values)

    def remove(self) -> None:
        """Delete the merged record and let its addresses lead to the kept one.

        Raises MergeRefusedError if something still refers to it.
        """
        require_nothing_left(self.merged)
        hand_over_slugs(self.journal, self.kept, self.merged)
        self.journal.delete(GONE, self.merged)


def numbers(cases: Any) -> str:
    """Return the first five case numbers of rows that belong to cases, for a sentence."""
    distinct = [*dict.fromkeys(cases.values_list("case__number", flat=True).order_by("case"))]
    return ", ".join(distinct[:5]) + (" …" if len(distinct) > 5 else "")


class MergingActors(Merging):
    kept: Actor
    merged: Actor

    def refusals(self) -> Iterator[str]:
        kept, merged = self.kept, self.merged
        for issuer, recipient in ((kept, merged), (merged, kept)):
            between = Warning.objects.filter(issuer=issuer, recipients=recipient)
            if between.exists():
                yield (
                    f"{issuer} warned {recipient} in {numbers(between)}: merged, it would have "
                    "warned itself. They are not the same, or that warning is wrong."
                )
        for one, other in ((kept, merged), (merged, kept)):
            through = Warning.objects.filter(
                Q(issuer=other) | Q(recipients=other), intermediaries__actor=one
            ).distinct()
            if through.exists():
                yield (
                    f"{one} passed on a warning from or to {other} in {numbers(through)}: merged, "
                    "it would have passed it on to itself. They are not the same, or that warning "
                    "is wrong."
                )
        if leads_to(kept, "parent", merged):
            yield (
                f"{kept} belongs to {merged}: merged, it would belong to itself. Give {kept} "
                "another parent first, or keep the other one."
            )
        if kept.country_id == merged.pk:
            yield f"{merged} is the country of {kept}: merged, it would be its own country."
        roles = Involvement.objects.filter(actor=merged, role=Role.CLAIMANT)
        if kept.kind not in MAY_CLAIM and roles.exists():
            yield (
                f"{merged} claims responsibility in {numbers(roles)}, and {kept}, "
                f"{_kind(kept)}, cannot: only an armed group or a state can."
            )
        if kept.kind != ActorKind.STATE and (
            merged.incidents.exists() or merged.nationals.exists()
        ):
            yield (
                f"{merged} is the country of an incident or of an actor, and {kept}, "
                f"{_kind(kept)}, cannot be: only a state can."
            )

    def cautions(self) -> Iterator[str]:
        kept, merged = self.kept, self.merged
        if kept.kind != merged.kind:
            yield f"They are of different kinds: {_kind(kept)} and {_kind(merged)}."
        if kept.wikidata_id and merged.wikidata_id and kept.wikidata_id != merged.wikidata_id:
            yield f"Wikidata has two items: {kept.wikidata_id} and {merged.wikidata_id}."
        if leads_to(merged, "parent", kept):
            yield f"{merged} belongs to {kept}: is it a part of it rather than the same?"

    def carry_out(self) -> None:
        self._move_roles()
        self._move_receipts()
        self._move_intermediaries()
        self.move("involvement.actor", "intermediary.actor", "warning_recipients.actor")
        names = [self.merged.name, *self.merged.aliases]
        self.journal.add_names("Other names that it gets", self.kept, names)
        self.take_over("description", gently=True)
        self.take_over("wikidata_id", "country_id")
        if not leads_to(self.merged, "parent", self.kept):
            self.take_over("parent_id")
        self.remove()
        # The journal writes with UPDATE, so the rules of the model are checked afterwards.
        self.kept.refresh_from_db()
        self.kept.full_clean()

    def _move_roles(self) -> None:
        """Move roles with their evidence; a role that both have in a case is kept once."""
        # Notes name a role by its path, which contains the slug of the actor.
        named = Note.objects.filter(
            case__involvements__actor=self.merged, field__contains=self.merged.slug
        )
        notes = list(named.distinct())
        own = {(role.case_id, role.role): role for role in self.kept.involvements.all()}
        paths: dict[tuple[int, str], str] = {}
        for role in self.merged.involvements.select_related("case", "actor"):
            before, counterpart = role.path, own.get((role.case_id, role.role))
            if counterpart is not None:
                join_roles(self.journal, counterpart, role)
            role.actor = self.kept
            paths[role.case_id, before] = role.path
        label = relations_to(Actor)["involvement.actor"].label
        self.journal.move(label, self.merged.involvements.all(), actor_id=self.kept.pk)
        for note in notes:
            part, dot, rest = note.field.partition(".")
            path = paths.get((note.case_id, part), part)
            self.journal.set("Notes about it", note, field=f"{path}{dot}{rest}")

    def _move_receipts(self) -> None:
        """Move receipts of warnings; of a warning that both received, one receipt is kept."""
        receipts: Any = Warning.recipients.through
        label = relations_to(Actor)["warning_recipients.actor"].label
        rows = receipts.objects.filter(actor_id=self.merged.pk)
        both = receipts.objects.filter(actor_id=self.kept.pk).values("warning_id")
        for receipt in rows.filter(warning_id__in=both):
            self.journal.delete("Warnings that both received: kept once", receipt)
        self.journal.move(label, rows.all(), actor_id=self.kept.pk)

    def _move_intermediaries(self) -> None:
        """Move its places in the chains of warnings; of two in one chain, the earlier is kept."""
        label = relations_to(Actor)["intermediary.actor"].label
        rows = Intermediary.objects.filter(actor_id=self.merged.pk)
        own = {row.warning_id: row for row in self.kept.warnings_passed_on.all()}
        for row in rows.filter(warning_id__in=own):
            kept = own[row.warning_id]
            self.journal.delete("Warnings that both passed on: kept once", row)
            if row.position < kept.position:
                self.journal.set(label, kept, position=row.position)
        self.journal.move(label, rows.all(), actor_id=self.kept.pk)


def join_roles(journal: Journal, kept: Any, joined: Any) -> None:
    """Join two roles, or two assessments, into `kept`, with the evidence and remarks of both."""
    claims = joined.claims.all()
    part = "involvement_id" if isinstance(joined, Involvement) else "assessment_id"
    journal.move("Claims about it", claims, **{part: kept.pk})
    journal.set("Remarks joined", kept, True, note=both_texts(kept.note, joined.note))
    journal.delete("In both: kept once", joined)


def both_texts(one: str, other: str) -> str:
    """Return two texts as paragraphs of one, or the longer one if it contains the other."""
    texts = [text for text in (one.strip(), other.strip()) if text]
    if len(texts) == 2 and (texts[1] in texts[0] or texts[0] in texts[1]):
        return max(texts, key=len)
    return "\n\n".join(texts) if len(texts) == 2 else (one or other)


def _kind(actor: Actor) -> str:
    return f"of the kind “{actor.get_kind_display()}”"


class MergingSources(Merging):
    kept: Source
    merged: Source

    def refusals(self) -> Iterator[str]:
        if leads_to(self.kept, "derived_from", self.merged):
            yield (
                f"{self.kept} is derived from {self.merged}: merged, it would be derived from "
                "itself. They are two publications, or “derived from” is wrong."
            )

    def cautions(self) -> Iterator[str]:
        kept, merged = self.kept, self.merged
        if kept.kind != merged.kind:
            yield (
                f"They are of different kinds: “{kept.get_kind_display()}” and "
                f"“{merged.get_kind_display()}”."
            )
        if leads_to(merged, "derived_from", kept):
            yield f"{merged} is derived from {kept}: is it another publication?"

    def carry_out(self) -> None:
        self.move()
        self.take_over("publisher", "author", "url", "archived_url", "accessed_on")
        if self.kept.archiving == Archiving.NOT_ANSWERED:
            self.journal.set(TAKEN_OVER, self.kept, archiving=self.merged.archiving)
        if not leads_to(self.merged, "derived_from", self.kept):
            self.take_over("derived_from_id")
        # A date is taken over as a whole: words, expression and basis belong together.
        if self.kept.published_basis == NOT_STATED:
            parts = ("words", "edtf", "basis", "earliest", "latest")
            columns = [f"published_{part}" for part in parts]
            values = {name: getattr(self.merged, name) for name in columns}
            self.journal.set(TAKEN_OVER, self.kept, **values)
        # The reasons are about the paragraphs that were counted, so both go together.
        if self.kept.paragraphs is None:
            names = ("paragraphs", "paragraphs_without_claims")
            counted = {name: getattr(self.merged, name) for name in names}
            self.journal.set(TAKEN_OVER, self.kept, **counted)
        self._join_descriptions()
        self.remove()
        self.kept.refresh_from_db()
        self.kept.full_clean()

    def _join_descriptions(self) -> None:
        """Join the descriptions, with the title and the addresses that would otherwise be lost."""
        kept, merged = self.kept, self.merged
        other = [merged.title] if merged.title != kept.title else []
        known = (kept.url, kept.archived_url)
        other += [url for url in (merged.url, merged.archived_url) if url and url not in known]
        text = both_texts(kept.description, merged.description)
        also = f"Also listed as: {', '.join(other)}" if other else ""
        whole = both_texts(text, also)
        self.journal.set("Description", kept, True, description=whole)
