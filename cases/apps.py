from django.apps import AppConfig
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
