"""The admin's log of changes to a record, as shown on a page whose form was refused."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.timezone import localtime

ELSEWHERE = "Not on its own page: by an import, a merge, a command, or through what it names."
YOU = "You, on another page"
# Parts of one sort that an entry names one by one.
MAX_NAMED = 3


@dataclass(frozen=True)
class LogLine:
    """A change to a record. `who` is "" and `when` is None if the log has no entry for it."""

    who: str
    when: dt.datetime | None
    what: str

    def __str__(self) -> str:
        if self.when is None:
            return self.what
        what = self.what.rstrip(".")
        return f"{self.who}, {date_format(localtime(self.when), 'DATETIME_FORMAT')}: {what}."


def entries_about(model: type[Model], key: int) -> QuerySet[LogEntry]:
    """Return the log entries about a record, newest first."""
    kind = ContentType.objects.get_for_model(model)
    return LogEntry.objects.filter(content_type=kind, object_id=str(key)).order_by("-pk")


def entries_since(
    model: type[Model], key: int, last_entry: int, request: HttpRequest
) -> Iterator[LogLine]:
    """Yield the changes to a record after a given log entry, oldest first; at least one."""
    later = entries_about(model, key).filter(pk__gt=last_entry).select_related("user")
    entries = [_entry(entry, request) for entry in reversed(later)]
    yield from entries or [LogLine("", None, ELSEWHERE)]


def _entry(entry: LogEntry, request: HttpRequest) -> LogLine:
    who = entry.user.get_full_name() or entry.user.get_username()
    if entry.user == request.user:
        who = YOU
    return LogLine(who, entry.action_time, _what(entry))


def _what(entry: LogEntry) -> str:
    """Return what an entry says; if it has many parts, only how many."""
    if not entry.change_message.startswith("["):
        return entry.get_change_message()
    changes = json.loads(entry.change_message)
    counts = Counter(
        (action, details["name"])
        for change in changes
        for action, details in change.items()
        if "name" in details
    )
    many = {key: count for key, count in counts.items() if count > MAX_NAMED}
    rest = [
        change
        for change in changes
        if not any((action, details.get("name")) in many for action, details in change.items())
    ]
    sentences = [f"{action.capitalize()} {n} {name}s." for (action, name), n in many.items()]
    if rest:
        sentences.append(LogEntry(change_message=json.dumps(rest)).get_change_message())
    return " ".join(sentences)
