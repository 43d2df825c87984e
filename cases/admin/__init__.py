"""The editors' pages: coding, evidence, review and publication."""

from .actor import ActorAdmin
from .case import CaseAdmin
from .directive import DirectiveAdmin, DirectiveExceptionAdmin
from .importing import ImportAdmin
from .log import FailedSignInAdmin, LogEntryAdmin, SignInAdmin
from .merging import MergeAdmin
from .note import NoteAdmin
from .revision import RevisionAdmin
from .source import SourceAdmin

__all__ = [
    "ActorAdmin",
    "CaseAdmin",
    "DirectiveAdmin",
    "DirectiveExceptionAdmin",
    "FailedSignInAdmin",
    "ImportAdmin",
    "LogEntryAdmin",
    "MergeAdmin",
    "NoteAdmin",
    "RevisionAdmin",
    "SignInAdmin",
    "SourceAdmin",
]
