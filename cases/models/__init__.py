"""The data model: cases, their parts, and the evidence that every coded value rests on."""

from .actor import Actor
from .case import Case
from .change import Change
from .claim import Claim
from .comment import Comment
from .counter import Counter
from .directive import Directive, DirectiveException, ExceptionAssessment
from .imported import Import
from .incident import Incident
from .index_snapshot import IndexSnapshot
from .involvement import Involvement
from .merge import Merge
from .note import Note
from .redaction import Redaction
from .release import Release
from .review import ReviewStep
from .search_document import SearchDocument
from .slugs import FormerSlug
from .source import Source
from .version import ImmutableError, Version
from .warning import Intermediary, Warning

__all__ = [
    "Actor",
    "Case",
    "Change",
    "Claim",
    "Comment",
    "Counter",
    "Directive",
    "DirectiveException",
    "ExceptionAssessment",
    "FormerSlug",
    "ImmutableError",
    "Import",
    "Incident",
    "IndexSnapshot",
    "Intermediary",
    "Involvement",
    "Merge",
    "Note",
    "Redaction",
    "Release",
    "ReviewStep",
    "SearchDocument",
    "Source",
    "Version",
    "Warning",
]
