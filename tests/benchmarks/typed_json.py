"""Measure msgspec against pydantic on the record of a case: decode and validate, encode, schema.

    python -m tests.benchmarks.typed_json

Pydantic is no dependency; install it into an environment of its own, with those of the casebook,
to compare. Prints a table in Markdown, as docs/decisions/0028-typed-record.md has it.
"""

from __future__ import annotations

import importlib.metadata
import json
import os
import statistics
import time
from collections.abc import Callable
from typing import Any, get_args, get_origin

import django

from tests import environment  # noqa: F401 - sets the environment that Django reads

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "warnapp.settings")
django.setup()

import msgspec  # noqa: E402 - what follows imports models

from cases.record.classes import (  # noqa: E402
    ActorRef,
    CaseRecord,
    ClaimRecord,
    DateRecord,
    IncidentRecord,
    PartyRecord,
    SourceRef,
    SpeakerRecord,
    WarningRecord,
)

SIZES = (15_000, 100_000)
REPEATS = 200


def main() -> None:
    rows: list[tuple[str, ...]] = [
        (
            "library",
            "record",
            "decode and validate",
            "encode",
            "validate Python objects",
            "schema",
        )
    ]
    for size in SIZES:
        text = record_of_size(size)
        rows.append(_measured("msgspec", len(text), *_with_msgspec(text)))
        if (steps := _with_pydantic(text)) is not None:
            rows.append(_measured("pydantic", len(text), *steps))
    print("\n".join(f"| {' | '.join(row)} |" for row in rows))  # noqa: T201 - for the terminal


def record_of_size(size: int) -> bytes:
    """Return the JSON of a record of about `size` bytes: claims are most of a real one."""
    actor = ActorRef(slug="us-officials", name="US officials", kind="collective")
    stated = DateRecord(
        state="stated",
        words="Friday",
        edtf="2024-03-22",
        basis="resolved",
        earliest="2024-03-22",  # type: ignore[arg-type]  # made a day by the first decoding
        latest="2024-03-22",  # type: ignore[arg-type]
    )
    source = SourceRef(
        slug="daily-true-news",
        title="The duty to warn, and those who did not listen",
        kind="press",
        publisher="Daily True News",
        published=stated,
        url="https://example.org/2024/duty-to-warn",
    )
    claim = ClaimRecord(
        sequence=1,
        about="warning-1.channel",
        speaker=SpeakerRecord(kind="actor", actor=actor),
        date=stated,
        modality="attributed",
        source=source,
        locator="¶9",
        quote="we shared this information with the authorities",
        gist="US officials say that they warned in private.",
    )
    party = PartyRecord(state="stated", actor=actor)
    record = CaseRecord(
        number="DTW-0001",
        slug="a-case",
        title="A case",
        kind="warning_given",
        summary="Somebody was warned. " * 20,
        date=stated,
        warnings=(WarningRecord(sequence=1, issuer=party, recipients=(actor,), date=stated),) * 2,
        incidents=(IncidentRecord(sequence=1, kind="attack", date=stated, country=party),),
    )
    rest = size - len(msgspec.json.encode(record))
    claims = (claim,) * max(rest // (len(msgspec.json.encode(claim)) + 1), 0)
    return msgspec.json.encode(msgspec.structs.replace(record, claims=claims))


Steps = tuple[Callable[[], Any], Callable[[], Any], Callable[[], Any], Callable[[], Any]]


def _with_msgspec(text: bytes) -> Steps:
    decoder, encoder = msgspec.json.Decoder(CaseRecord), msgspec.json.Encoder()
    record, plain = decoder.decode(text), json.loads(text)
    return (
        lambda: decoder.decode(text),
        lambda: encoder.encode(record),
        lambda: msgspec.convert(plain, CaseRecord),
        lambda: msgspec.json.schema(CaseRecord),
    )


def _with_pydantic(text: bytes) -> Steps | None:
    try:
        import pydantic
    except ImportError:
        return None
    models: dict[type[Any], Any] = {}

    def as_pydantic(annotation: Any) -> Any:
        """Return a type in which each of our classes is a frozen model of pydantic."""
        if isinstance(annotation, type) and issubclass(annotation, msgspec.Struct):
            if annotation not in models:
                fields: dict[str, Any] = {
                    field.name: (as_pydantic(field.type), ...)
                    for field in msgspec.structs.fields(annotation)
                }
                models[annotation] = pydantic.create_model(
                    annotation.__name__, __config__=pydantic.ConfigDict(frozen=True), **fields
                )
            return models[annotation]
        origin, arguments = get_origin(annotation), get_args(annotation)
        if origin is None:
            return annotation
        if origin is tuple:
            return tuple[as_pydantic(arguments[0]), ...]  # type: ignore[misc]  # made when it runs
        if hasattr(annotation, "__metadata__"):
            return as_pydantic(arguments[0])
        united: Any = as_pydantic(arguments[0])
        for other in arguments[1:]:
            united = united | other
        return united

    adapter = pydantic.TypeAdapter(as_pydantic(CaseRecord))
    record, plain = adapter.validate_json(text), json.loads(text)
    return (
        lambda: adapter.validate_json(text),
        lambda: adapter.dump_json(record),
        lambda: adapter.validate_python(plain),
        lambda: adapter.json_schema(),
    )


def _measured(library: str, size: int, *steps: Callable[[], Any]) -> tuple[str, ...]:
    name = f"{library} {importlib.metadata.version(library)}"
    return (name, f"{size:,} bytes", *map(_ms, steps))


def _ms(step: Callable[[], Any]) -> str:
    """Return the median processor time of a step in milliseconds."""
    times = []
    for _ in range(REPEATS):
        start = time.process_time()
        step()
        times.append(time.process_time() - start)
    return f"{statistics.median(times) * 1_000:.3f} ms"


if __name__ == "__main__":
    main()
