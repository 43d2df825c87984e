"""The limit on requests to the API: whom it stops, for how long, and what it remembers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client

from warnapp.serving import api_limit
from warnapp.serving.api_limit import BURST, MAX_CLIENTS, PER_SECOND, Limit

pytestmark = [pytest.mark.django_db, pytest.mark.once]


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(api_limit, "monotonic", clock)
    return clock


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    api_limit.limit.forget()
    yield
    api_limit.limit.forget()


def test_client_beyond_the_limit_waits_as_long_as_it_is_told(client: Client, clock: Clock) -> None:
    address = "/api/v1/directives/"
    for _ in range(BURST - 1):
        assert not api_limit.limit.wait("127.0.0.1")
    assert client.get(address).status_code == 200
    refused = client.get(address)
    assert refused.status_code == 429
    assert refused["Access-Control-Allow-Origin"] == "*"
    assert refused["Retry-After"] == "1"
    assert refused.json()["errors"] == ["Too many requests. Try again in 1 second."]
    # Others are answered, and so are pages.
    assert client.get(address, REMOTE_ADDR="192.0.2.1").status_code == 200
    assert client.get("/about/").status_code == 200
    clock.now += 1
    assert client.get(address).status_code == 200


def test_client_that_asks_for_one_page_after_the_other_is_never_stopped(clock: Clock) -> None:
    limit = Limit()
    for _ in range(10 * BURST):
        assert limit.wait("192.0.2.1") == 0
        clock.now += 1 / PER_SECOND


def test_client_that_keeps_to_what_it_is_told_gets_on_at_the_usual_speed(clock: Clock) -> None:
    limit, answered = Limit(), 0
    begun = clock.now
    while answered < 2 * BURST:
        wait = limit.wait("192.0.2.1")
        answered += not wait
        clock.now += wait
    assert clock.now - begun <= BURST / PER_SECOND + 1


def test_only_so_many_clients_are_remembered(clock: Clock) -> None:
    limit = Limit()
    for number in range(MAX_CLIENTS + 5):
        limit.wait(str(number))
    assert len(limit._spread_to) == MAX_CLIENTS
    assert "0" not in limit._spread_to
