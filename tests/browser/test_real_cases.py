"""Three made-up cases of kinds that reporting has, each from the blank form to what readers see."""

from __future__ import annotations

from typing import Any

import pytest

from cases.models import Case
from tests.support.factories import make_actor, make_directive, make_source

from .actions import Hands
from .test_effort import beside

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.usefixtures("live_empty")]


def begin(page: Any, title: str, **actors: str) -> Hands:
    """Open a blank form and fill in its head; `actors` are the kinds of those in the case."""
    make_source(title="Evening Post", slug="evening-post")
    for name, kind in actors.items():
        make_actor(name=name.replace("_", " "), slug=name.replace("_", "-").lower(), kind=kind)
    page.goto("/admin/cases/case/add/")
    hands = Hands(page)
    hands.write(title)
    hands.choose("#id_kind", "warning_given")
    hands.type("#id_summary", "Somebody was warned.")
    return hands


def warn(hands: Hands, parties: dict[str, list[str]], **coded: str) -> None:
    for field, names in parties.items():
        for name in names:
            hands.find(f"id_warnings-0-{field}", name, name)
    for field, value in coded.items():
        hands.choose(f"#id_warnings-0-{field}", value)


def add_role(hands: Hands, number: int, actor: str, role: str) -> None:
    hands.find(f"id_involvements-{number}-actor", actor, actor)
    hands.choose(f"#id_involvements-{number}-role", role)


def claim(
    hands: Hands, path: str, quote: str, *, speaker: str = "", stance: str = "asserts"
) -> str:
    """Type a sentence beside a value and return the selector of its row."""
    number = hands.page.locator(".dynamic-claims").count()
    row = f"claims-{number}"
    hands.click(beside(path))
    if number == 0:  # those after it begin with its source and its place
        hands.find(f"id_{row}-source", "Evening", "Evening Post")
        hands.type(f"#id_{row}-locator", "¶1")
    hands.type(f"#id_{row}-quote", quote)
    hands.choose(f"#id_{row}-modality", "stated")
    if speaker:
        hands.find(f"id_{row}-speaker", speaker, speaker)
    hands.choose(f"#id_{row}-stance", stance)
    return f"#{row}"


def claim_the_rest(hands: Hands, quote: str) -> None:
    """Type a sentence beside the kind, and tick all values that have no evidence yet."""
    lacking = hands.page.locator(f"{claim(hands, 'kind', quote)} .also .lacking input")
    while lacking.count():
        lacking.first.check()


def publish(editing: Any, reviewing: Any) -> Case:
    """Save what was typed, submit it, and let the reviewer publish it and open its page."""
    editing.keyboard.press("Control+s")
    editing.get_by_role("button", name="Submit for review").click()
    editing.locator(".messagelist", has_text="was submitted for review").wait_for()
    open_form(reviewing, Case.objects.get())
    reviewing.get_by_role("button", name="Publish", exact=True).click()
    reviewing.fill("#id_reason", "No other source is known.")
    reviewing.click("input[type=submit][value='Publish']")
    reviewing.locator(".messagelist", has_text="was published").wait_for()
    case: Case = Case.objects.get()
    reviewing.goto(case.get_absolute_url())
    return case


def open_form(page: Any, case: Case) -> None:
    page.goto(f"/admin/cases/case/{case.pk}/change/")


def take_step(page: Any, case: Case, step: str, reason: str) -> None:
    open_form(page, case)
    page.get_by_role("link", name=f"{step} …").click()
    page.fill("#id_reason", reason)
    page.click(f"input[type=submit][value='{step}']")
    page.locator(".messagelist .success").wait_for()


def test_tip_that_services_passed_on_shows_the_way_it_took(editing: Any, reviewing: Any) -> None:
    service = "intelligence_service"
    hands = begin(
        editing,
        "A tip on its way",
        North_Service=service,
        West_Service=service,
        East_Service=service,
        Mara_Lind="individual",
    )
    between = ["West Service", "East Service"]  # not in the order of the alphabet
    warn(
        hands,
        {"issuer": ["North Service"], "intermediaries": between, "recipients": ["Mara Lind"]},
        channel="private",
    )
    claim_the_rest(hands, "North told West, which told East, which told her.")
    publish(editing, reviewing)
    assert reviewing.locator(".chain .passed-on > li > a").all_inner_texts() == [
        "North Service",
        *between,
        "Mara Lind",
    ]
    assert reviewing.locator(".chain .link-incident").count() == 0


def test_warning_under_another_directive_is_published_and_a_name_is_struck_from_it(
    editing: Any, reviewing: Any
) -> None:
    make_directive(code="Police Rule 5", slug="police-rule-5", limits="Not if it costs a life.")
    hands = begin(editing, "A visit to Ana Berg", City_Police="police", Ana_Berg="individual")
    hands.find("id_directives", "Police", "Police Rule 5")
    warn(
        hands,
        {"issuer": ["City Police"], "recipients": ["Ana Berg"]},
        relation="protected_person",
        conduit="police_visit",
        basis="legal_duty",
    )
    claim_the_rest(hands, "Under their rule, officers called on Ana Berg, a refugee.")
    former = publish(editing, reviewing).get_absolute_url()
    shown = reviewing.inner_text("main")
    for words in ("Protected person", "Police visit", "Legal duty", "Police Rule 5", "Ana Berg"):
        assert words in shown, words

    redact(reviewing, Case.objects.get(), "Ana Berg\nBerg")
    case = Case.objects.get()
    version = f"{case.get_absolute_url()}v/1/"
    for address in (case.get_absolute_url(), version, "/cases/?q=visit", "/cases.csv"):
        answer = reviewing.request.get(address)
        assert answer.status == 200
        assert "Person A" in answer.text(), address
        assert "berg" not in answer.text().lower(), address
    reviewing.goto("/cases/?q=Berg")
    assert reviewing.locator(f"main a[href='{case.get_absolute_url()}']").count() == 0
    assert reviewing.request.get(former).status == 404
    assert reviewing.request.get(f"{former}v/1/").status == 404
    reviewing.goto(version)
    assert "Redacted on" in reviewing.inner_text(".redacted")


def redact(page: Any, case: Case, texts: str) -> None:
    open_form(page, case)
    page.get_by_role("link", name="Redact …").click()
    page.fill("#id_texts", texts)
    page.fill("#id_replacement", "Person A")
    page.fill("#id_reason", "She asked for it.")
    page.click("input[name=preview]")
    page.click("input[name=confirm]")
    page.locator(".messagelist", has_text="Redacted in").wait_for()


def test_contested_perpetrator_is_shown_and_the_case_withdrawn_and_reinstated(
    editing: Any, reviewing: Any
) -> None:
    hands = begin(
        editing,
        "Threats to Tom Reed",
        City_Police="police",
        Tom_Reed="individual",
        Red_Cell="armed_group",
        Prosecutors="government_body",
    )
    add_role(hands, 0, "Red Cell", "alleged_perpetrator")
    add_role(hands, 1, "Tom Reed", "intended_victim")
    warn(
        hands,
        {"issuer": ["City Police"], "recipients": ["Tom Reed"]},
        before_incident="yes",
    )
    hands.choose("#id_incidents-0-kind", "targeted_killing")
    claim(hands, "involvements-0", "Red Cell shot him.", speaker="Prosecutors")
    claim(hands, "involvements-0", "It was not us.", speaker="Red Cell", stance="disputes")
    claim_the_rest(hands, "Police had told Tom Reed of threats before he was shot.")
    case = publish(editing, reviewing)
    assert "Contested: Held responsible (Red Cell)." in reviewing.inner_text(".notice-contested")
    marks = reviewing.locator(".claim .badge").all_text_contents()  # folded until they are opened
    assert "Disputes" in marks

    take_step(reviewing, case, "Withdraw", "The report was retracted.")
    gone = reviewing.request.get(case.get_absolute_url())
    assert gone.status == 410
    assert "The report was retracted." in gone.text()
    take_step(reviewing, case, "Reinstate", "The report stands.")
    reviewing.goto(f"{case.get_absolute_url()}history/")
    history = reviewing.inner_text("main")
    assert "Version 2" in history
    assert "The report was retracted." in history
    assert "The report stands." in history
    assert reviewing.request.get(case.get_absolute_url()).status == 200
