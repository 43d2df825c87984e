"""Exporting what a list shows as a workbook, in the form that an import reads."""

from __future__ import annotations

from typing import Any, TypeVar

from django.contrib import messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse

from cases.admin.base import CasebookAdmin
from cases.exchange.bundle.files.workbook import NotExportableError, tables_with, write_workbook

R = TypeVar("R", bound=Model)

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class ExportsList(CasebookAdmin[R]):
    """A list with the link “Export as XLSX”, for the records that it shows."""

    change_list_template = "admin/casebook/tools/exporting_change_list.html"

    def get_urls(self) -> list[URLPattern]:
        name = f"{self.opts.app_label}_{self.opts.model_name}_export"
        view = self.admin_site.admin_view(self.export_view)
        return [path("export/", view, name=name), *super().get_urls()]

    def export_view(self, request: HttpRequest) -> HttpResponse:
        """Send the records of the list, filtered and searched as the address says."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        back = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")
        try:
            # Nothing is written, so no lock is held, unlike in an action.
            shown: Any = self.get_changelist_instance(request)
            content = write_workbook(tables_with(shown.queryset))
        except IncorrectLookupParameters:
            return HttpResponseRedirect(f"{back}?e=1")
        except NotExportableError as error:
            self.message_user(request, str(error), messages.ERROR)
            query = request.GET.urlencode()
            return HttpResponseRedirect(f"{back}?{query}" if query else back)
        name = str(self.opts.verbose_name_plural).replace(" ", "-")
        disposition = f'attachment; filename="{name}.xlsx"'
        return HttpResponse(
            content,
            content_type=XLSX,
            headers={"Content-Disposition": disposition, "Cache-Control": "no-store"},
        )
