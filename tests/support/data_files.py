"""The files of `/data/`, made in a folder of a test."""

from __future__ import annotations

from pathlib import Path

from cases.exchange.dataset.making import BUNDLE, make_files
from cases.models import Version

FACTS = {"version": "dataset version 7"}


def made(folder: Path) -> Path:
    """Make the files of the casebook as it is, and return their folder."""
    folder.mkdir()
    make_files(Version.objects.current(), folder, FACTS)
    return folder


def public_bundle(folder: Path) -> bytes:
    """Return the bundle of what is public."""
    return (made(folder) / BUNDLE).read_bytes()
