"""Comments of editors and reviewers on the values of a case: what they can be about, and writing.

A comment is no edit of the case: the time and the author of its last edit stay, and a form that is
open elsewhere has no conflict.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases.changelog.locks import acquire_write_lock
from cases.evidence.values import label_of, label_of_path, name_in_part, text_in_row
from cases.models import Case, Claim, Comment
from cases.models.comment import PARTS, CommentPlace
from cases.record.building import attach_parts
from cases.text.normalising import normalised

from .transitions import PUBLISH

UNCODED = ("title", "summary")
"""The fields of the case itself that are not coded and yet commented on."""

WHOLE_CASE = "The case as a whole"
DELETED = "Nothing was stored: the case was deleted."


@dataclass(frozen=True)
class Subject:
    """A value, a part or a whole case, on which comments are written; `value` is in words."""

    place: CommentPlace
    group: str
    label: str
    value: str

    @property
    def name(self) -> str:
        """Name it on its own: “Warning 1, channel”."""
        is_of_part = self.place.part and self.place.field
        return name_in_part(self.group, self.label) if is_of_part else self.label

    @property
    def line(self) -> str:
        """The value, if it is a single one; "" for the values of a whole part."""
        return "" if "\n" in self.value else self.value


@dataclass(frozen=True)
class Thread:
    """A comment with its answers, and how its subject has changed since it was written.

    `subject` is None if the part that it is about was deleted.
    """

    comment: Comment
    subject: Subject | None
    answers: tuple[Comment, ...]

    @property
    def name(self) -> str:
        """Name what the comment is about: “Warning 1, channel”, “a deleted warning”."""
        if self.subject is not None:
            return self.subject.name
        part = self.comment.part
        if not part:
            return WHOLE_CASE
        kinds: Any = Case._meta.get_field(PARTS[part]).related_model
        return f"A deleted {kinds._meta.verbose_name}"

    @property
    def was(self) -> list[str]:
        """The lines of the value at that time that are no longer so."""
        return _lines_without(self.comment.value_then, self.subject.value) if self.subject else []

    @property
    def now(self) -> list[str]:
        """The lines of the present value that are new since."""
        return _lines_without(self.subject.value, self.comment.value_then) if self.subject else []


def subjects_of(case: Case) -> dict[CommentPlace, Subject]:
    """Return what can be commented on in a case fetched with `for_detail()`, in coding order."""
    attach_parts(case)
    return {subject.place: subject for subject in _subjects(case)}


def threads_of(case: Case) -> list[Thread]:
    """Return the comments of a case fetched with `for_detail()`, oldest first; one query."""
    comments = list(case.comments.select_related("author", "resolved_by"))
    subjects = subjects_of(case) if comments else {}
    answers: dict[int, list[Comment]] = {}
    for comment in comments:
        if comment.answer_to_id is not None:
            answers.setdefault(comment.answer_to_id, []).append(comment)
    return [
        Thread(comment, subjects.get(comment.place), tuple(answers.get(comment.pk, ())))
        for comment in comments
        if comment.answer_to_id is None
    ]


@transaction.atomic
def write(case: Case, author: User, place: CommentPlace, text: str) -> Comment:
    """Store a comment on a value of a case.

    Raises ValidationError if it has no text, or if what it is about is not in the case any more.
    """
    acquire_write_lock()  # so that nobody deletes the case or moves its parts meanwhile
    stored: Case | None = Case.objects.for_detail().filter(pk=case.pk).first()
    if stored is None:
        raise ValidationError(DELETED)
    subject = subjects_of(stored).get(place)
    if subject is None:
        raise ValidationError(_("What this comment is about was deleted. Comment on the case."))
    return _store(
        case=stored,
        author=author,
        text=text,
        part=place.part,
        part_key=place.key,
        field=place.field,
        value_then=subject.value,
    )


@transaction.atomic
def answer(comment: Comment, author: User, text: str) -> Comment:
    """Store an answer to a comment; raises ValidationError without a text."""
    stored = _locked(comment)
    return _store(case=stored.case, author=author, text=text, answer_to=stored)


@transaction.atomic
def resolve(comment: Comment, user: User, text: str = "") -> bool:
    """Mark a comment as resolved, with a last answer if there is a text; False if it was."""
    acquire_write_lock()
    if text.strip():
        answer(comment, user, text)
    still_open = Comment.objects.open().filter(pk=comment.pk)
    return bool(still_open.update(resolved_by=user, resolved_at=timezone.now()))


def reopen(comment: Comment) -> None:
    """Make a resolved comment open again."""
    Comment.objects.filter(pk=comment.pk).update(resolved_by=None, resolved_at=None)


def _locked(comment: Comment) -> Comment:
    """Return a comment as stored, with the case to which a merge may have moved it meanwhile.

    Raises ValidationError if it was deleted with its case.
    """
    acquire_write_lock()
    stored: Comment | None = Comment.objects.select_related("case").filter(pk=comment.pk).first()
    if stored is None:
        raise ValidationError(DELETED)
    return stored


def _store(*, author: User, **columns: Any) -> Comment:
    # Reviewers may publish, editors may not.
    is_by_reviewer = author.has_perm(PUBLISH.permission)
    comment = Comment(author=author, is_by_reviewer=is_by_reviewer, **columns)
    comment.full_clean()
    comment.save()
    return comment


def _subjects(case: Case) -> Iterator[Subject]:
    own = [*UNCODED, *case.CODED_FIELDS]
    values = {name: _value_of(case, name) for name in own}
    yield Subject(CommentPlace(), "The case", WHOLE_CASE, _lines(case, values))
    for name in own:
        yield Subject(CommentPlace(field=name), "The case", label_of(case, name), values[name])
    for part, related in PARTS.items():
        for record in getattr(case, related).all():
            if part in ("warning", "incident"):
                yield from _subjects_of_part(part, record)
            else:
                yield Subject(CommentPlace(part, record.pk), *_in_words(part, record))


def _subjects_of_part(part: str, record: Any) -> Iterator[Subject]:
    group, values = str(record), {name: _value_of(record, name) for name in record.CODED_FIELDS}
    whole = CommentPlace(part, record.pk)
    yield Subject(whole, group, f"{group} as a whole", _lines(record, values))
    for name, value in values.items():
        yield Subject(CommentPlace(part, record.pk, name), group, label_of(record, name), value)


def _in_words(part: str, record: Any) -> tuple[str, str, str]:
    """Return group, label and value of a part without several coded fields."""
    if part == "involvement":
        return "Roles", f"Role of {record.actor.name}", _line(record)
    if part == "assessment":
        return "Exceptions", str(record.exception), _line(record)
    if isinstance(record, Claim):
        words = (f"“{record.quote}”" if record.quote else "", record.gist)
        coded = (record.get_stance_display(), record.get_modality_display())
        said = (
            label_of_path(record.path_of_value),
            record.source.title,
            record.locator,
            *words,
            *coded,
        )
        return "Claims", f"Claim {record.sequence}", _line(" · ".join(filter(None, said)))
    noted = " · ".join(
        filter(None, (label_of_path(record.field), record.source_says, record.evidence_says))
    )
    return "Notes", f"Note on {label_of_path(record.field) or 'the case'}", _line(noted)


def _value_of(record: Any, name: str) -> str:
    coded = name in record.CODED_FIELDS
    return _line(text_in_row(record, name) if coded else getattr(record, name))


def _lines(record: Any, values: dict[str, str]) -> str:
    return "\n".join(f"{label_of(record, name)}: {value}" for name, value in values.items())


def _line(value: Any) -> str:
    """Return a value in one line, in the form in which it is stored."""
    return normalised(str(value), one_line=True)


def _lines_without(text: str, other: str) -> list[str]:
    known = set(other.splitlines())
    return [line for line in text.splitlines() if line not in known]
