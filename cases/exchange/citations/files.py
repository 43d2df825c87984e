"""A citation in each form: texts to print, and files for reference managers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from cases.text.bidi import isolated

from . import bibtex, csl, ris
from .cited import Cited
from .embedded import meta_tags
from .styles import apa, chicago


@dataclass(frozen=True)
class CitationFile:
    """A format of citations as a file: `suffix` ends its addresses, and its name."""

    name: str
    suffix: str
    media_type: str
    write: Callable[[Cited], str]

    def __str__(self) -> str:
        return self.suffix


CITATION_FILES = (
    CitationFile(bibtex.FORMAT.name, "bib", "application/x-bibtex", bibtex.write),
    CitationFile(ris.FORMAT.name, "ris", "application/x-research-info-systems", ris.write),
    CitationFile(csl.FORMAT.name, "csl.json", "application/vnd.citationstyles.csl+json", csl.write),
)


def citation_texts(cited: Cited, address: Callable[[CitationFile], str]) -> dict[str, Any]:
    """Return the context of `shared/_citations.html`: each form of a citation, as a text.

    `address` returns the address of a file. A title from right to left is isolated in the texts.
    """
    shown = replace(cited, title=isolated(cited.title))
    return {
        "styles": {"Chicago": chicago(shown), "APA": apa(shown)},
        "meta_tags": list(meta_tags(cited)),
        "citation_files": [(file, address(file), file.write(shown)) for file in CITATION_FILES],
    }
