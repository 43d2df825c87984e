"""A limit on the requests of one client to the API, so that it leaves room for others."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from math import ceil
from threading import Lock
from time import monotonic

from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase

from cases.views.headers import is_of_api
from warnapp.signing_in.attempts import client_address

# A client may send BURST requests at once, and PER_SECOND of them on average, to each process of
# the server. Somebody who asks for one page after the other hardly gets there.
BURST, PER_SECOND = 600, 10

# Clients that are remembered, about a hundred bytes each; the one that was away longest is
# forgotten first.
MAX_CLIENTS = 10_000


class Limit:
    """Counts requests by client: each has a moment up to which its requests are spread out."""

    def __init__(self) -> None:
        self._spread_to: OrderedDict[str, float] = OrderedDict()
        self._lock = Lock()

    def wait(self, client: str) -> int:
        """Count a request; return 0, or the seconds that the client has to wait before it."""
        now = monotonic()
        with self._lock:
            begun = max(self._spread_to.get(client, now), now)
            over = begun + 1 / PER_SECOND - now - BURST / PER_SECOND
            if over > 1e-6:
                return ceil(over)
            self._spread_to[client] = begun + 1 / PER_SECOND
            self._spread_to.move_to_end(client)
            if len(self._spread_to) > MAX_CLIENTS:
                self._spread_to.popitem(last=False)
        return 0

    def forget(self) -> None:
        self._spread_to.clear()


limit = Limit()


class ApiLimitMiddleware:
    """Answers 429 to a client that sends too many requests to the API."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        wait = limit.wait(client_address(request) or "") if is_of_api(request) else 0
        if not wait:
            return self.get_response(request)
        sentence = f"Too many requests. Try again in {wait} {'second' if wait == 1 else 'seconds'}."
        return JsonResponse({"errors": [sentence]}, status=429, headers={"Retry-After": str(wait)})
