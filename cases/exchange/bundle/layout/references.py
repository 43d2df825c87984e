"""The kinds of column that refer to other records, or to a value of the record's case."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Any

from cases.models import Actor, Case, Directive
from cases.models.claim import CLAIM_PARTS
from cases.models.vocabulary import NOT_STATED
from cases.record.building import reason_for_absence

from .cells import join, split
from .columns import MISSING, BundleColumn, CellError, absence_in
from .lookup import Lookup


class Reference(BundleColumn):
    """A reference to another record, by its slug."""

    is_reference = True

    def __init__(
        self, name: str, model: type[Any], about: str = "", *, required: bool = False
    ) -> None:
        super().__init__(name, about, required=required)
        self.model = model

    @property
    def key_field(self) -> str:
        return f"{self.name}_id"

    @property
    def sort_path(self) -> str:
        return f"{self.name}__slug"

    def rule(self) -> str:
        noun = self.model._meta.verbose_name
        what = f"The slug of {'an' if str(noun)[0] in 'aei' else 'a'} {noun}"
        if self.model is Actor:
            what = "The slug or the name of an actor"
        return what if self.required or self.is_coded else f"{what}; may be empty"

    def write(self, record: Any) -> str:
        other = getattr(record, self.field)
        return other.slug if other is not None else self.without(record)

    def without(self, record: Any) -> str:
        """Return the text of the cell if the record refers to nothing."""
        return ""

    def put(self, record: Any, text: str, lookup: Lookup) -> None:
        given = text.strip()
        if not given or absence_in(given):
            if self.required:
                raise CellError(f"It is empty; {self.rule()[:1].lower()}{self.rule()[1:]}.")
            setattr(record, self.field, None)
        else:
            setattr(record, self.field, find_record(lookup, self.model, given))


def find_record(lookup: Lookup, model: type[Any], given: str) -> Any:
    """Return the record that has or had a slug, or the only actor that has a name.

    Raises CellError, with a suggestion if it can.
    """
    record = lookup.find(model, given)
    if record is not None:
        return record
    noun = model._meta.verbose_name
    if lookup.was_refused(model, given):
        raise CellError(f"The {noun} “{given[:100]}” is in the file but refused; fix it first.")
    named = lookup.named(given) if model is Actor else []
    if len(named) == 1:
        return named[0]
    if named:
        slugs = ", ".join(sorted(actor.slug for actor in named)[:MAX_NAMED])
        raise CellError(f"Several actors are called “{given[:100]}”; write the slug: {slugs}.")
    near = lookup.near(model, given)
    hint = f"did you mean “{near}”?" if near else "add it first, here or in the file."
    what = "slug or the name" if model is Actor else "slug"
    raise CellError(f"There is no {noun} with the {what} “{given[:100]}”; {hint}")


# Actors of one name whose slugs are listed.
MAX_NAMED = 5


def find_several(lookup: Lookup, model: type[Any], text: str) -> list[Any]:
    """Return the records that a cell names, separated by semicolons; none for “not_stated”.

    Raises CellError; it says so if semicolons in place of commas would have named records.
    """
    given = [each.strip() for each in split(text) if each.strip()]
    if len(given) == 1 and absence_in(given[0]) == NOT_STATED:
        return []
    if len(given) == 1 and absence_in(given[0]):
        raise CellError(f"“{given[0]}” is not a value; write not_stated if no source says.")
    try:
        return [find_record(lookup, model, each) for each in given]
    except CellError:
        if len(given) == 1 and "," in given[0]:
            raise CellError(
                f"“{given[0][:100]}” is not a single {model._meta.verbose_name}; separate several "
                "with semicolons, not with commas."
            ) from None
        raise


class Country(Reference):
    """The state where an incident happened, or “not_stated”."""

    missing = MISSING
    is_coded = True

    def __init__(self, name: str) -> None:
        super().__init__(name, Actor)

    def rule(self) -> str:
        return "The slug or the name of a state; not_stated if no source says"

    def without(self, record: Any) -> str:
        return reason_for_absence(record)


class Issuer(Reference):
    """The actor that gave a warning; “not_stated” if no source says who."""

    missing = (NOT_STATED,)
    is_coded = True

    def rule(self) -> str:
        return "The slug or the name of an actor; not_stated if no source says"

    def without(self, record: Any) -> str:
        return NOT_STATED


class Recipients(BundleColumn):
    """The recipients of a warning. They are kept on the instance until the warning is stored."""

    is_reference = True
    is_coded = True
    model = Actor

    def rule(self) -> str:
        return "Slugs or names of actors, separated by semicolons; not_stated if no source says"

    def write(self, record: Any) -> str:
        return join(sorted(actor.slug for actor in recipients_of(record))) or NOT_STATED

    def put(self, record: Any, text: str, lookup: Lookup) -> None:
        if not text.strip("; "):
            raise CellError("It is empty; name the recipients, or write not_stated.")
        actors = find_several(lookup, Actor, text)
        record.recipients_to_be = list(dict.fromkeys(actors))


class Intermediaries(BundleColumn):
    """Those who passed a warning on, in order; kept on the instance until the warning is stored."""

    is_reference = True
    is_coded = True
    model = Actor

    def rule(self) -> str:
        return (
            "Slugs or names of actors in the order in which they passed it on, separated by "
            "semicolons; not_stated if no source reports any"
        )

    def write(self, record: Any) -> str:
        return join([actor.slug for actor in intermediaries_of(record)]) or NOT_STATED

    def put(self, record: Any, text: str, lookup: Lookup) -> None:
        if not text.strip("; "):
            raise CellError("It is empty; name who passed it on, or write not_stated.")
        actors = find_several(lookup, Actor, text)
        if len(set(actors)) < len(actors):
            raise CellError("It names an actor twice; each passed the warning on once.")
        record.intermediaries_to_be = actors


def intermediaries_of(warning: Any) -> list[Actor]:
    """Return who passed a warning on, or will have once the import has stored it, in order."""
    if hasattr(warning, "intermediaries_to_be"):
        return list(warning.intermediaries_to_be)
    return warning.passed_on_by if warning.pk else []


def recipients_of(warning: Any) -> list[Actor]:
    """Return the recipients of a warning, or those it will have once the import has stored it."""
    if hasattr(warning, "recipients_to_be"):
        return list(warning.recipients_to_be)
    return list(warning.recipients.all()) if warning.pk else []


class Directives(BundleColumn):
    """The directives that apply to a case, kept on the instance until the case is stored."""

    is_reference = True
    is_coded = True
    model = Directive

    def rule(self) -> str:
        return (
            "Slugs of directives; several are separated by semicolons; not_stated if none is known"
        )

    def write(self, record: Any) -> str:
        return join(sorted(directive.slug for directive in directives_of(record))) or NOT_STATED

    def put(self, record: Any, text: str, lookup: Lookup) -> None:
        if not text.strip("; "):
            raise CellError("It is empty; name the directives, or write not_stated.")
        directives = find_several(lookup, Directive, text)
        record.directives_to_be = list(dict.fromkeys(directives))


def directives_of(case: Any) -> list[Directive]:
    """Return the directives of a case, or those it will have once the import has stored it."""
    if hasattr(case, "directives_to_be"):
        return list(case.directives_to_be)
    return list(case.directives.all()) if case.pk else []


class About(BundleColumn):
    """The value that a claim is about, by its path in the case, such as `warning-1.channel`."""

    def rule(self) -> str:
        return "kind, warning-1.channel, incident-1.deaths …; empty for the case as a whole"

    def write(self, record: Any) -> str:
        return str(record.path_of_value)

    def put(self, record: Any, text: str, lookup: Lookup) -> None:
        given = text.strip()
        path, _, field = given.partition(".")
        parts = lookup.parts(record.case)
        if not given or given in Case.CODED_FIELDS:
            path, field = "", given
        elif path not in parts:
            near = get_close_matches(path[:100], [*parts, *Case.CODED_FIELDS], 1)
            hint = f"did you mean “{near[0]}”?" if near else "look at the parts that it has."
            raise CellError(f"The case has nothing that is called “{path[:100]}”; {hint}")
        for name in CLAIM_PARTS:
            setattr(record, name, None)
        if path:
            setattr(record, *parts[path])
        record.field = field
