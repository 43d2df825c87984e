from typing import Any

from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate, pre_migrate


class CasesConfig(AppConfig):
    """The casebook: cases, the evidence for them, and the pages that show both."""

    name = "cases"
    verbose_name = "Casebook"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Connect the receivers that keep derived columns, the log and the search true."""
        from .changelog import triggers
        from .models import case_date  # noqa: F401 - importing connects its receivers
        from .search import engine, follow

        pre_migrate.connect(triggers.before_migrate, sender=self)
        post_migrate.connect(triggers.after_migrate, sender=self)
        pre_migrate.connect(engine.before_migrate, sender=self)
        post_migrate.connect(engine.after_migrate, sender=self)
        follow.connect()
        connection_created.connect(_leave_json_to_django)


def _leave_json_to_django(connection: Any, **arguments: Any) -> None:
    """Keep psycopg from decoding `json`, the type of records, as Django does for `jsonb` only."""
    if connection.vendor == "postgresql":
        from psycopg.types.string import TextLoader

        connection.connection.adapters.register_loader("json", TextLoader)
