from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cases.text.bidi import isolated
from cases.text.excerpt import excerpt
from cases.text.paragraphs import grouped, paragraphs_in, read_reasons

from . import fields
from .folded import FoldedField
from .relations import leads_in_a_circle
from .slugs import Slugged
from .uncertain_date import (
    BoundField,
    UncertainDateDescriptor,
    basis_field,
    date_constraints,
    derive_bounds,
    edtf_field,
    words_field,
)
from .vocabulary import Archiving, SourceKind


def name_of_source(title: str, publisher: str) -> str:
    """Return the name by which lists and sentences have a source: “Duty to warn (CNN)”."""
    return f"{isolated(title)} ({isolated(publisher)})" if publisher else title


class SourceManager(models.Manager["Source"]):
    def get_by_natural_key(self, slug: str) -> Source:
        return self.get(slug=slug)


class Source(Slugged):
    """A publication that evidence is drawn from."""

    title = fields.CharField(max_length=300, definition="Its title as printed.")
    kind = fields.CharField(
        max_length=20,
        choices=SourceKind.choices,
        help_text=SourceKind.help_text(),
        definition="What sort of publication it is.",
    )
    publisher = fields.CharField(
        max_length=200, blank=True, definition="Who published it: a newspaper, an agency, a court."
    )
    author = fields.CharField(
        max_length=200,
        blank=True,
        help_text="As printed; leave empty if unsigned.",
        definition="Its author as printed; empty if it is unsigned.",
    )
    published_words = words_field("date of publication")
    published_edtf = edtf_field("date of publication")
    published_basis = basis_field("date of publication")
    published_earliest = BoundField(edtf="published_edtf", bound="earliest")
    published_latest = BoundField(edtf="published_edtf", bound="latest")
    url = fields.URLField("address", max_length=500, blank=True, definition="Where it was read.")
    archived_url = fields.URLField(
        "archived address",
        max_length=500,
        blank=True,
        help_text="A lasting copy in a web archive; addresses of news sites die.",
    )
    archiving = fields.CharField(
        "why it is not archived",
        max_length=20,
        choices=Archiving.choices,
        default=Archiving.NOT_ANSWERED,
        help_text=Archiving.help_text(),
        definition="Why it has no archived address. It says nothing of a source that has one.",
    )
    accessed_on = fields.DateField(
        "read on", null=True, blank=True, definition="The day on which the editors read it."
    )
    derived_from = fields.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="derivatives",
        help_text="The publication that this one rewrites or reprints.",
    )
    description = fields.TextField(
        blank=True, definition="What it is and how it was used, in the editors' own words."
    )
    paragraphs = fields.PositiveSmallIntegerField(
        null=True,
        blank=True,
        help_text="How many numbered paragraphs it has; empty if nobody counted them.",
    )
    paragraphs_without_claims = fields.TextField(
        "paragraphs without claims",
        blank=True,
        help_text="Why a paragraph has no claim, one line each: “¶2: Is about no single case.”",
    )
    folded = FoldedField(
        of=("title", "publisher", "author", "url", "published_words", "published_edtf", "slug")
    )

    published = UncertainDateDescriptor("published")
    objects = SourceManager()

    class Meta:
        ordering: ClassVar = ["title", "pk"]
        constraints: ClassVar = [
            SourceKind.constraint("kind", "source"),
            Archiving.constraint("archiving", "source"),
            *date_constraints("published", "source"),
            fields.CheckConstraint(
                condition=~models.Q(derived_from=models.F("pk")),
                name="source_not_derived_from_itself",
                violation_error_message="A source is not derived from itself.",
            ),
        ]

    def __str__(self) -> str:
        return name_of_source(self.title, self.publisher)

    @property
    def lacks_archived_address(self) -> bool:
        """Whether it has an address that may die, and nobody said why no copy is named."""
        # A source in print has no address, so there is nothing to archive.
        is_open = self.archiving == Archiving.NOT_ANSWERED
        return bool(self.url) and not self.archived_url and is_open

    def get_absolute_url(self) -> str:
        return reverse("source_detail", args=[self.slug])

    def clean_fields(self, exclude: object = None) -> None:
        """Derive the bounds before constraints are validated."""
        super().clean_fields(exclude=exclude)  # type: ignore[arg-type]  # Django's own signature
        derive_bounds(self)

    def clean(self) -> None:
        """Refuse a circular derivation, and reasons for paragraphs that it does not have."""
        super().clean()
        self._check_paragraphs()
        if not self._state.adding and leads_in_a_circle(self, "derived_from"):
            raise ValidationError({"derived_from": _("This source would be derived from itself.")})

    def _check_paragraphs(self) -> None:
        if self.paragraphs_without_claims.strip() and not self.paragraphs:
            raise ValidationError({"paragraphs": _("Say how many paragraphs the source has.")})
        _reasons, wrong = read_reasons(self.paragraphs_without_claims, self.paragraphs or 0)
        if wrong:
            raise ValidationError(
                {
                    "paragraphs_without_claims": _(
                        "“%(line)s” names no paragraph from 1 to %(last)s with a reason; write it "
                        "like “¶2: Is about no single case.”"
                    )
                    % {"line": excerpt(wrong[0]), "last": self.paragraphs}
                }
            )

    def unclaimed_paragraphs(self, locators: Iterable[str]) -> list[tuple[int, str, str]]:
        """Return the paragraphs that none of the locators names, with the reason for each.

        Neighbours with the same reason form a group: its first paragraph, its locator, and the
        reason, empty if nobody gave one. Returns nothing if the paragraphs were not counted.
        """
        last = self.paragraphs or 0
        named = set().union(*(paragraphs_in(locator, last) for locator in locators))
        reasons, _wrong = read_reasons(self.paragraphs_without_claims, last)
        return grouped(set(range(1, last + 1)) - named, reasons)
