"""Whether a public version names an actor, a source or an exception."""

from __future__ import annotations

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q, TextField
from django.db.models.functions import Cast

from .models import Actor, DirectiveException, FormerSlug, Revision, Source


def naming(shared: Actor | Source | DirectiveException) -> Revision | None:
    """Return a version that names a record by the slug that it has or had, or None.

    Versions are searched as text, all of them: this is asked when something is about to be deleted.
    An actor and a source of one slug are taken for each other, so that rather too much is kept.
    """
    kind = ContentType.objects.get_for_model(type(shared))
    former = FormerSlug.objects.filter(content_type=kind, object_id=shared.pk)
    named = Q()
    for slug in [shared.slug, *former.values_list("slug", flat=True)]:
        named |= Q(text__contains=f'"slug": "{slug}"')  # as both databases write JSON
    versions = Revision.objects.annotate(text=Cast("record", TextField()))
    found: Revision | None = (
        versions.filter(named).select_related("case").defer("record").order_by("-pk").first()
    )
    return found
