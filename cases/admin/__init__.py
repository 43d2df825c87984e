"""The admin, where editors code cases, enter evidence, review and publish."""

from cases.admin.case.case import CaseAdmin
from cases.admin.case.note import NoteAdmin
from cases.admin.review.redacting import RedactionAdmin
from cases.admin.review.version_log import VersionAdmin
from cases.admin.tools.importing import ImportAdmin
from cases.admin.tools.merging import MergeAdmin

from .account import AccountAdmin
from .actor import ActorAdmin
from .directive import DirectiveAdmin, DirectiveExceptionAdmin
from .log import FailedSignInAdmin, LogEntryAdmin, SignInAdmin
from .source import SourceAdmin

__all__ = [
    "AccountAdmin",
    "ActorAdmin",
    "CaseAdmin",
    "DirectiveAdmin",
    "DirectiveExceptionAdmin",
    "FailedSignInAdmin",
    "ImportAdmin",
    "LogEntryAdmin",
    "MergeAdmin",
    "NoteAdmin",
    "RedactionAdmin",
    "SignInAdmin",
    "SourceAdmin",
    "VersionAdmin",
]
