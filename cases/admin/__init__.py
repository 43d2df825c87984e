"""The editors' pages: coding, evidence, review and publication."""

from .actor import ActorAdmin
from .case import CaseAdmin
from .directive import DirectiveAdmin, DirectiveExceptionAdmin
from .log import FailedSignInAdmin, LogEntryAdmin, SignInAdmin
from .note import NoteAdmin
from .revision import RevisionAdmin
from .source import SourceAdmin

__all__ = [
    "ActorAdmin",
    "CaseAdmin",
    "DirectiveAdmin",
    "DirectiveExceptionAdmin",
    "FailedSignInAdmin",
    "LogEntryAdmin",
    "NoteAdmin",
    "RevisionAdmin",
    "SignInAdmin",
    "SourceAdmin",
]
