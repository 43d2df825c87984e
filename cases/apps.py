from django.apps import AppConfig


class CasesConfig(AppConfig):
    """The casebook: cases, the evidence for them, and the pages that show both."""

    name = "cases"
    verbose_name = "Casebook"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Connect the receivers that keep derived columns true."""
        from . import receivers  # noqa: F401 - importing connects them
