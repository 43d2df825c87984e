"""Addresses that keep working: a slug that changed still finds its record."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, ClassVar, Self

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from . import fields
from .vocabulary import ABSENT_VALUES

SLUG_IS_MISSING_VALUE = _("In filters and tables this word stands for a missing value.")


class FormerSlug(models.Model):
    """A slug that a record had before; its old address redirects to the record."""

    content_type = fields.ForeignKey(ContentType, on_delete=models.CASCADE)
    object_id = fields.PositiveBigIntegerField()
    slug = fields.SlugField(max_length=100)

    class Meta:
        constraints: ClassVar = [
            fields.UniqueConstraint(
                fields=["content_type", "slug"], name="formerslug_unique_per_model"
            )
        ]

    def __str__(self) -> str:
        return self.slug


def slug_constraint(model: str) -> fields.CheckConstraint:
    """Return the constraint that keeps words for missing values from being slugs of `model`."""
    return fields.CheckConstraint(
        condition=~models.Q(slug__in=sorted(ABSENT_VALUES)),
        name=f"{model}_slug_is_no_missing_value",
        violation_error_message=SLUG_IS_MISSING_VALUE,
    )


class Slugged(models.Model):
    """Mixin: a `slug` that names the record in addresses, and remembers those it had before."""

    slug = fields.SlugField(
        max_length=100,
        unique=True,
        help_text="The last part of its address. After a change the old address still works.",
        definition="The name of the record in its address. A former one still leads there.",
    )
    _loaded_slug: str | None = None

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        with transaction.atomic():
            super().save(*args, **kwargs)
            if "slug" in (kwargs.get("update_fields") or ["slug"]):
                self._remember_slug()

    def _remember_slug(self) -> None:
        """Keep the slug that was just replaced; the record that had it last gets its address."""
        if self._loaded_slug and self._loaded_slug != self.slug:
            kind = ContentType.objects.get_for_model(type(self))
            FormerSlug.objects.filter(content_type=kind, object_id=self.pk, slug=self.slug).delete()
            FormerSlug.objects.update_or_create(
                content_type=kind, slug=self._loaded_slug, defaults={"object_id": self.pk}
            )
        self._loaded_slug = self.slug

    @classmethod
    def from_db(cls, *args: Any, **kwargs: Any) -> Self:
        instance = super().from_db(*args, **kwargs)
        instance._loaded_slug = instance.__dict__.get("slug")
        return instance

    def natural_key(self) -> tuple[str, ...]:
        return (self.slug,)

    def clean(self) -> None:
        """Refuse a slug that means a missing value, or whose old address is another record's."""
        super().clean()
        if self.slug in ABSENT_VALUES:
            raise ValidationError({"slug": SLUG_IS_MISSING_VALUE})
        holder = type(self).with_former_slug(self.slug)
        if holder is not None and holder.pk != self.pk:
            raise ValidationError(
                {"slug": _("This was the slug of another record, whose old address still works.")}
            )

    def unique_error_message(self, model_class: Any, unique_check: Any) -> ValidationError:
        """Name the record that has the slug, which often is the same one, entered before."""
        if tuple(unique_check) != ("slug",):
            return super().unique_error_message(model_class, unique_check)
        holder = type(self)._base_manager.filter(slug=self.slug).first()
        return ValidationError(
            _(
                "“%(holder)s” has this slug already. If it is the same, use that one;"
                " otherwise change the slug so that it distinguishes the two."
            ),
            code="unique",
            params={"holder": holder},
        )

    @classmethod
    def current_slug(cls, former_slug: str) -> str | None:
        """Return the present slug of the record that once had `former_slug`, or None."""
        holder = cls.with_former_slug(former_slug)
        return holder.slug if holder is not None else None

    @classmethod
    def keys_of(cls, slugs: Collection[str]) -> set[int]:
        """Return the keys of the records that have or had one of the slugs; one query."""
        kind = ContentType.objects.get_for_model(cls)
        former = FormerSlug.objects.filter(content_type=kind, slug__in=slugs)
        present = cls._base_manager.filter(slug__in=slugs).order_by()
        keys = present.values_list("pk").union(former.values_list("object_id"))
        return {key for (key,) in keys}

    @classmethod
    def with_former_slug(cls, former_slug: str) -> Self | None:
        """Return the record that once had `former_slug`, if it still exists."""
        former = FormerSlug.objects.filter(
            content_type=ContentType.objects.get_for_model(cls), slug=former_slug
        )
        return cls._base_manager.filter(pk__in=former.values("object_id")).first()
