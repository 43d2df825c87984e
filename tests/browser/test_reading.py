"""A reader's ways through the pages, in a real browser."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from pytest_django.live_server_helper import LiveServer

from cases.models import Actor, Case
from cases.revisions import make_revision

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("live_demo", "second_version")]

PAGES = [
    "/",
    "/cases/",
    "/cases/?reception=dismissed&nonsense=1",
    "/cases/?kind=policy_origin&reception=dismissed",
    "/cases/?view=table",
    "/cases/?q=attack",
    "/facets/actor/",
    "/cases/moscow-concert-hall-2024/",
    "/cases/moscow-concert-hall-2024/?q=attack",
    "/cases/khashoggi-2018/",
    "/cases/moscow-concert-hall-2024/history/",
    "/cases/moscow-concert-hall-2024/v/1/",
    "/actors/",
    "/actors/islamic-state/",
    "/exceptions/",
    "/exceptions/violent-actor/",
    "/sources/",
    "/sources/daily-true-news/",
    "/matrix/",
    "/notes/",
    "/changes/",
    "/codebook/",
    "/about/",
    "/no-such-page/",
]
WIDTHS = [320, 768, 1280]
MOSCOW = "/cases/moscow-concert-hall-2024/"


@pytest.fixture
def second_version(live_demo: None) -> None:
    """Change the words and a value of a case, and take a claim out, as its second version."""
    case = Case.objects.get(slug="moscow-concert-hall-2024")
    Case.objects.filter(pk=case.pk).update(summary=f"Briefly told: {case.summary}")
    case.warnings.filter(sequence=2).update(conduit="diplomatic")
    case.claims.order_by("-sequence")[0].delete()
    make_revision(case, None, "The summary says that it is brief.")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_fits_its_width_and_has_no_accessibility_violation(
    page: Any, live_server: LiveServer, scheme: str
) -> None:
    page.emulate_media(color_scheme=scheme)
    axe = Axe()
    found = []
    for address in PAGES:
        page.goto(live_server.url + address)
        page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
                found.append(f"{address} at {width}: scrolls sideways")
            results = axe.run(page)
            found += [
                f"{address} at {width}: {violation['id']}: {violation['nodes'][0]['html'][:120]}"
                for violation in results.response["violations"]
            ]
    assert not found, "\n".join(found)


def test_every_page_keeps_the_content_security_policy(page: Any, live_server: LiveServer) -> None:
    messages: list[str] = []
    page.on("console", lambda message: messages.append(message.text))
    page.on("pageerror", lambda error: messages.append(str(error)))
    for address in PAGES:
        page.goto(live_server.url + address)
    expected = "Failed to load resource: the server responded with a status of 404 (Not Found)"
    assert [message for message in messages if message != expected] == []


def test_evidence_opens_with_one_click_and_by_keyboard(page: Any, live_server: LiveServer) -> None:
    page.goto(live_server.url + MOSCOW)
    value = page.locator("#warning-2-reception")
    assert not value.locator(".claim").first.is_visible()
    value.locator("summary").click()
    assert "provocative statements" in value.inner_text()
    value = page.locator("#warning-2-follow-up")
    value.locator("summary").focus()
    page.keyboard.press("Enter")
    assert value.locator(".claim").first.is_visible()
    assert "¶3" in value.inner_text()


def test_evidence_and_filters_work_without_javascript(
    browser: Any, live_server: LiveServer
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(live_server.url + MOSCOW)
    page.locator("#warning-2-reception summary").click()
    assert page.locator("#warning-2-reception .claim").first.is_visible()
    page.goto(live_server.url + "/cases/")
    page.locator("input[name=follow_up][value=unclear]").check()
    page.get_by_role("button", name="Show").click()
    assert page.url.endswith("/cases/?follow_up=unclear")
    assert "1 of 7 cases" in page.inner_text("main")
    page.get_by_role("link", name="Follow-up: Unclear").click()
    assert "7 of 7 cases" in page.inner_text("main")
    page.go_back()
    assert "1 of 7 cases" in page.inner_text("main")
    context.close()


def test_skip_link_is_the_first_stop_and_leads_to_the_content(
    page: Any, live_server: LiveServer
) -> None:
    page.goto(live_server.url + "/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_nothing_is_fetched_from_elsewhere(page: Any, live_server: LiveServer) -> None:
    requested: list[str] = []
    page.on("request", lambda request: requested.append(request.url))
    for address in PAGES:
        page.goto(live_server.url + address)
    assert requested
    assert not [url for url in requested if not url.startswith(live_server.url)]


def test_long_names_without_a_break_do_not_widen_the_page(
    page: Any, live_server: LiveServer
) -> None:
    Actor.objects.filter(slug="hugo-chavez").update(name="X" * 200)
    Case.objects.filter(slug="chavez-2004").update(title="Y" * 200)
    page.set_viewport_size({"width": 320, "height": 900})
    for address in ("/", "/cases/", "/cases/chavez-2004/", "/actors/hugo-chavez/", "/matrix/"):
        page.goto(live_server.url + address)
        page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")
        assert not page.evaluate("document.documentElement.scrollWidth > window.innerWidth"), (
            address
        )
