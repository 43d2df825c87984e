"""Editions: sets of files that were made once and are kept in a folder, with what they hold.

One process makes an edition at a time, under the lock of a file. The files of an edition never
change; a newer edition takes its place and the old one is removed. A reader who has opened an old
file goes on reading it.
"""

from __future__ import annotations

import datetime as dt
import fcntl
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import msgspec
from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Min
from django.utils import timezone

from .making import FileFacts

MANIFEST = "manifest.json"
LOCK = "lock"


@dataclass(frozen=True)
class Made:
    """What files are made of: a `state`. Its `guard` is the part that must not be outdated.

    The guard changes when something stops being public. `version` is that of the dataset.
    """

    state: str
    guard: str
    version: int


class Edition(msgspec.Struct, frozen=True):
    """A set of files, and what they were made of; see `Made`."""

    state: str
    guard: str
    version: int
    made_at: dt.datetime
    files: tuple[FileFacts, ...]
    folder: str = ""

    def file(self, name: str) -> FileFacts | None:
        return next((one for one in self.files if one.name == name), None)

    def path(self, name: str) -> Path:
        return Path(self.folder) / name

    @property
    def checksums(self) -> dict[str, str]:
        """The SHA-256 of each file, by its name."""
        return {file.name: file.sha256 for file in self.files}

    @property
    def cases(self) -> int:
        return self.files[0].rows


class BusyError(Exception):
    """Another process makes these files."""


def root() -> Path:
    """Return the folder of this database's files.

    Named by when the database was made: a new database counts its changes from 1 again.
    """
    applied = MigrationRecorder(connection).migration_qs.aggregate(first=Min("applied"))["first"]
    return Path(settings.DATA_FILES_DIR) / sha256(str(applied).encode()).hexdigest()[:12]


def newest(place: Path) -> Edition | None:
    """Return the edition in a place; None if there is none that can be read."""
    for folder in sorted(place.glob("edition-*"), reverse=True):
        try:
            edition = msgspec.json.decode((folder / MANIFEST).read_bytes(), type=Edition)
        except (OSError, msgspec.MsgspecError):
            continue
        return msgspec.structs.replace(edition, folder=str(folder))
    return None


def make_edition(
    place: Path,
    made_of: Callable[[], Made],
    write: Callable[[Path, Made], list[FileFacts]],
    *,
    wait: bool = False,
) -> Edition:
    """Make the edition of a place, unless another process has just made it, and remove older ones.

    `write` writes the files into a folder, again if records changed meanwhile. Raises BusyError if
    another process makes one and `wait` is false.
    """
    place.mkdir(parents=True, exist_ok=True)
    with _locked(place / LOCK, wait=wait):
        present = newest(place)
        if present is not None and present.state == made_of().state:
            return present
        number = 1 + max(map(_number, place.glob("edition-*")), default=0)
        unfinished = place / "unfinished"
        for _ in range(MAX_TRIES):
            shutil.rmtree(unfinished, ignore_errors=True)
            unfinished.mkdir()
            made = made_of()
            files = write(unfinished, made)
            if made_of() == made:
                break
        edition = Edition(made.state, made.guard, made.version, timezone.now(), tuple(files))
        (unfinished / MANIFEST).write_bytes(msgspec.json.encode(edition))
        folder = place / f"edition-{number:06d}"
        unfinished.replace(folder)
        _remove_but(place, folder)
        return msgspec.structs.replace(edition, folder=str(folder))


# Attempts to read all records without a change in between. After that, the files are those of the
# last attempt, and the next request or run makes others.
MAX_TRIES = 3


def _number(folder: Path) -> int:
    digits = folder.name.removeprefix("edition-")
    return int(digits) if digits.isdecimal() else 0


def _remove_but(place: Path, kept: Path) -> None:
    for folder in place.glob("edition-*"):
        if folder != kept:
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _locked(path: Path, *, wait: bool) -> Iterator[None]:
    """Hold the lock of a file, which the system releases if the process dies."""
    with path.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError as error:
            raise BusyError from error
        yield
