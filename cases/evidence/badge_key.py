"""The key of the badges and of the words for absent values: what each means.

Pages show `FIRST`, which readers meet most, before the others. Screens call badges marks.
"""

from __future__ import annotations

from django.utils.html import format_html
from django.utils.safestring import SafeString

from cases.models.vocabulary import DateBasis, Modality, NoteKind, Stance

from .badges import (
    CONTESTED,
    MEANING_OF_CONTESTED,
    MEANING_OF_NO_CLAIM,
    NO_CLAIM,
    UNBADGED_MODALITIES,
    basis_badge,
    modality_badge,
    note_badge,
    stance_badge,
)
from .evidence_status import NOTE_EFFECTS

KeyRow = tuple[SafeString, str]
"""A badge, or the words for an absent value, with the meaning."""


def _absent(words: str, form: str, meaning: str) -> KeyRow:
    return format_html('<span class="absent{}">{}</span>', form, words), meaning


def _modality(modality: Modality) -> KeyRow:
    return modality_badge(modality.value), modality.definition


def _note(kind: NoteKind, more: str = "") -> KeyRow:
    return note_badge(kind, NOTE_EFFECTS[kind].format("a note")), kind.definition + more


FIRST: tuple[KeyRow, ...] = (
    _modality(Modality.INFERRED),
    _modality(Modality.REPORTED),
    _modality(Modality.ATTRIBUTED),
    (basis_badge(DateBasis.COMPLETED), DateBasis.COMPLETED.definition),
    _note(NoteKind.CONTRADICTION),
    _note(NoteKind.LATER_VALUE),
)

OTHERS: tuple[KeyRow, ...] = (
    _modality(Modality.ALLEGED),
    _modality(Modality.UNCLEAR),
    (NO_CLAIM, MEANING_OF_NO_CLAIM),
    (
        CONTESTED,
        f"{MEANING_OF_CONTESTED} A warning, an incident or a case can be contested as a whole.",
    ),
    _note(NoteKind.CORRECTION),
    _note(NoteKind.COMPLETION, " Shown where the sources are silent."),
)

# The words for absent values, which are no badges.
ABSENCES: tuple[KeyRow, ...] = (
    _absent(
        "Not stated", " absent-not_stated", "The sources are silent. They may know and not say."
    ),
    _absent(
        "Does not apply",
        " absent-not_applicable",
        "There is nothing to state, as with the place of an attack that did not happen.",
    ),
    _absent("Withheld", " absent-withheld", "An agency was asked and refuses to say."),
    _absent(
        "Not computable",
        " absent-not_stated",
        "Cannot be calculated: a date is missing, open-ended or too vague, no source says what "
        "happened, or the dates contradict the order that a source gives.",
    ),
    _absent("No warning coded", "", "The case has none, or no incident: nothing is missing there."),
)

# Those that only claims have, which a reader sees in the opened evidence of a value.
OF_CLAIMS: tuple[KeyRow, ...] = (
    *map(_modality, UNBADGED_MODALITIES),
    (basis_badge(DateBasis.RESOLVED), DateBasis.RESOLVED.definition),
    *(
        (stance_badge(stance.value), stance.definition)
        for stance in (Stance.DISPUTES, Stance.DECLINES)
    ),
)

GROUPS = {"first": FIRST, "others": OTHERS, "absences": ABSENCES, "claims": OF_CLAIMS}
