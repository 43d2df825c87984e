"""Addresses that keep working: a slug that changed still finds its record."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _


class FormerSlug(models.Model):
    """A slug that a record had before; its old address redirects to the record."""

    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE)
    object_id = models.PositiveBigIntegerField()
    slug = models.SlugField(max_length=100)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["content_type", "slug"], name="formerslug_unique_per_model"
            )
        ]

    def __str__(self) -> str:
        return self.slug


class Slugged(models.Model):
    """Mixin: a `slug` that names the record in addresses, and remembers those it had before."""

    slug = models.SlugField(
        max_length=100,
        unique=True,
        help_text="Names the record in its address. Changing it keeps the old address working.",
    )
    _loaded_slug: str | None = None

    class Meta:
        abstract = True

    @classmethod
    def from_db(cls, db: str | None, field_names: Any, values: Any) -> Self:
        instance = super().from_db(db, field_names, values)
        instance._loaded_slug = instance.__dict__.get("slug")
        return instance

    def natural_key(self) -> tuple[str, ...]:
        return (self.slug,)

    def clean(self) -> None:
        """Refuse a slug whose old address belongs to another record."""
        super().clean()
        former = FormerSlug.objects.filter(
            content_type=ContentType.objects.get_for_model(type(self)), slug=self.slug
        ).exclude(object_id=self.pk)
        if former.exists():
            raise ValidationError(
                {"slug": _("This was the slug of another record, whose old address still works.")}
            )

    def save(self, *args: Any, **kwargs: Any) -> None:
        with transaction.atomic():
            super().save(*args, **kwargs)
            if self._loaded_slug and self._loaded_slug != self.slug:
                own = {
                    "content_type": ContentType.objects.get_for_model(type(self)),
                    "object_id": self.pk,
                }
                FormerSlug.objects.filter(**own, slug=self.slug).delete()
                FormerSlug.objects.get_or_create(**own, slug=self._loaded_slug)
        self._loaded_slug = self.slug

    @classmethod
    def current_slug(cls, former_slug: str) -> str | None:
        """Return the present slug of the record that once had `former_slug`, or None."""
        former = FormerSlug.objects.filter(
            content_type=ContentType.objects.get_for_model(cls), slug=former_slug
        ).first()
        if former is None:
            return None
        return cls._base_manager.filter(pk=former.object_id).values_list("slug", flat=True).first()
