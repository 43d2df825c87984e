"""How a date that is typed into a form is read."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.http import HttpRequest, JsonResponse

from cases.models.edtf import meaning
from cases.models.written_dates import to_edtf


def read_date(request: HttpRequest) -> JsonResponse:
    """Answer the script of a form with the EDTF expression for a text and the days it means.

    A text that cannot be read is answered with an `error` in words.
    """
    try:
        expression = to_edtf(request.GET.get("text", ""))
        read = meaning(expression)
    except ValidationError as error:
        return JsonResponse({"error": " ".join(error.messages)})
    return JsonResponse({"edtf": expression, "meaning": read})
