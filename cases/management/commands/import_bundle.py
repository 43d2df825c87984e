"""Import a bundle."""

from __future__ import annotations

from typing import Any

from cases.exchange.bundle.files.uploaded import BUNDLE
from cases.management.import_command import ImportCommand


class Command(ImportCommand):
    help = (
        "Import what export_bundle wrote, into an empty or a filled casebook: all of it or "
        "nothing. Records are added and changed, never deleted. Importing the same file again "
        "changes nothing."
    )

    def subject(self, options: dict[str, Any]) -> str:
        return BUNDLE
