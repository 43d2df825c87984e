"""Bring a bundle in."""

from __future__ import annotations

from typing import Any

from cases.bundle.command import ImportCommand
from cases.bundle.reading import Limits, read_bundle
from cases.bundle.sheets import Sheet


class Command(ImportCommand):
    help = (
        "Import what export_bundle wrote, into an empty or a filled casebook: all of it or "
        "nothing. Records are added and changed, never deleted. Importing the same file again "
        "changes nothing."
    )

    def read(self, data: bytes, limits: Limits, options: dict[str, Any]) -> list[Sheet]:
        return read_bundle(data, limits)
