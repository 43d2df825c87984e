"""How much it takes to code a case from nothing, by its clicks and keys.

What is coded is the Kerman case of the fixtures, in a casebook that holds nothing yet: its actors
and its source are added on the way. The figures stand in the first lines of docs/editors.md.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings

from cases.models import Actor, Case, Source

from .actions import Effort, Hands
from .conftest import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.usefixtures("live_empty")]

ADD = "/admin/cases/case/add/"
PARTS = ("warning", "incident", "involvement")
Values = dict[str, Any]


def kerman() -> dict[str, list[Values]]:
    """Return the Kerman case of the fixtures: the values of its records, by model."""
    text = (Path(settings.BASE_DIR) / "fixtures" / "article.yaml").read_text()
    found: dict[str, list[Values]] = {}
    for record in yaml.safe_load(text):
        values, model = record["fields"], record["model"].removeprefix("cases.")
        is_of_kerman = "kerman-2024" in (values.get("slug"), *values.get("case", ()))
        if is_of_kerman or model in ("actor", "source"):
            found.setdefault(model, []).append(values)
    return found


CASE = kerman()
NAMES = {actor["slug"]: actor for actor in CASE["actor"]}
[SOURCE] = [source for source in CASE["source"] if source["slug"] == "daily-true-news"]


def add_actor(hands: Hands, field: str, slug: str) -> None:
    popup = hands.add_related(field)
    popup.type("#id_name", NAMES[slug]["name"])
    popup.choose("#id_kind", NAMES[slug]["kind"])
    popup.save_related(hands, field, NAMES[slug]["name"])


def add_source(hands: Hands, field: str) -> None:
    popup = hands.add_related(field)
    popup.type("#id_title", SOURCE["title"])
    popup.choose("#id_kind", SOURCE["kind"])
    popup.type("#id_publisher", SOURCE["publisher"])
    popup.save_related(hands, field, SOURCE["title"][:20])


def code_parts(hands: Hands) -> None:
    """Fill in the case, its role, its warning and its incident."""
    [case], [role], [warning], [incident] = (
        CASE[model] for model in ("case", "involvement", "warning", "incident")
    )
    hands.write(case["title"])  # where the cursor stands when the page opens
    hands.choose("#id_kind", case["kind"])
    hands.type("#id_summary", case["summary"])
    add_actor(hands, "id_involvements-0-actor", role["actor"][0])
    hands.choose("#id_involvements-0-role", role["role"])
    add_actor(hands, "id_warnings-0-issuer", warning["issuer"][0])
    add_actor(hands, "id_warnings-0-recipients", warning["recipients"][0][0])
    hands.choose("#id_warnings-0-relation", warning["relation"])
    date(hands, "warnings-0", warning)
    hands.choose("#id_warnings-0-before_incident", warning["before_incident"])
    hands.choose("#id_warnings-0-follow_up", warning["follow_up"])
    hands.choose("#id_incidents-0-kind", incident["kind"])
    date(hands, "incidents-0", incident)
    hands.type("#id_incidents-0-place", incident["place"])
    add_actor(hands, "id_incidents-0-country", incident["country"][0])
    hands.type("#id_incidents-0-target", incident["target"])
    hands.type("#id_incidents-0-deaths", str(incident["deaths"]))
    hands.choose("#id_incidents-0-deaths_qualifier", incident["deaths_qualifier"])
    hands.type("#id_incidents-0-description", incident["description"])


def date(hands: Hands, row: str, values: Values) -> None:
    hands.type(f"#id_{row}-date_words", values["date_words"])
    hands.press("Tab")
    hands.write(values["date_edtf"])
    hands.choose(f"#id_{row}-date_basis", values["date_basis"])


def path_of(claim: Values) -> str:
    part = next((name for name in PARTS if name in claim), "")
    if part == "involvement":
        __, actor, role = claim[part]
        return f"{role}-{actor}"
    return ".".join(filter(None, (part and f"{part}-1", claim.get("field", ""))))


def beside(claim: Values) -> str:
    """Return where the page offers to add evidence for what a claim is about."""
    part = next((name for name in PARTS if name in claim), "")
    if part == "involvement":
        return "#involvements-0 .field-role .add-evidence"
    if part and not claim.get("field"):
        return f"#{part}s-0 > h3 + .evidence .add-evidence"
    field = {"date": "date_words"}.get(claim["field"], claim["field"])
    control = f"#id_{part}s-0-{field}" if part else f"#id_{field}"
    if field in ("date_words", "deaths"):
        return f".form-row:has({control}) > .evidence > .add-evidence"
    return f"div:has(> .flex-container:not(.form-multiline) {control}) > .evidence .add-evidence"


def code_claim(hands: Hands, number: int, claim: Values, former: Values) -> None:
    """Enter a claim beside its value; source, place and firmness come from the one before."""
    hands.click(beside(claim))
    row = f"id_claims-{number}"
    if not former:
        add_source(hands, f"{row}-source")
        hands.type(f"#{row}-locator", claim["locator"])
    elif claim["locator"] != former["locator"]:
        hands.click(f"#claims-{number} .next-place")
    if claim["modality"] != former.get("modality"):
        hands.choose(f"#{row}-modality", claim["modality"])
        hands.click(f"#{row}-quote")
    elif claim["locator"] != former.get("locator"):
        hands.click(f"#{row}-quote")
    hands.write(claim["quote"])
    hands.press("Tab")
    hands.write(claim["gist"])


def test_kerman_case_from_nothing_takes_as_many_clicks_and_keys_as_the_guide_says(
    editing: Any,
) -> None:
    editing.goto(ADD)
    hands = Hands(editing)
    code_parts(hands)
    former: Values = {}
    for number, claim in enumerate(CASE["claim"]):
        code_claim(hands, number, claim, former)
        former = claim
    hands.press("Control+s")
    editing.locator(".messagelist .success").wait_for()
    assert is_coded()
    assert hands.effort == Effort(clicks=82, keys=18, letters=2085)


def is_coded() -> bool:
    """Whether the case is stored as the fixtures have it, and can be submitted."""
    case = Case.objects.for_detail().get()
    stored = [
        (claim.path_of_value, claim.modality, claim.locator, claim.quote, claim.gist)
        for claim in case.claims.all()
    ]
    expected = [
        (path_of(claim), *(claim[name] for name in ("modality", "locator", "quote", "gist")))
        for claim in CASE["claim"]
    ]
    assert stored == expected
    assert Source.objects.count() == 1
    assert {actor.slug for actor in Actor.objects.all()} == {
        "islamic-state",
        "us-officials",
        "iranian-officials",
        "iran",
    }
    return True


def test_case_coded_from_a_blank_form_is_published_by_a_second_account(
    editing: Any, browser: Any, site: Any
) -> None:
    editing.goto(ADD)
    hands = Hands(editing)
    code_parts(hands)
    former: Values = {}
    for number, claim in enumerate(CASE["claim"]):
        code_claim(hands, number, claim, former)
        former = claim
    hands.press("Control+s")
    editing.get_by_role("button", name="Submit for review").click()
    editing.locator(".messagelist", has_text="was submitted for review").wait_for()
    assert editing.get_by_role("button", name="Publish").count() == 0

    with browser.new_context(base_url=site.url) as context:
        reviewing = context.new_page()
        sign_in(reviewing, "reviewer", "Reviewers")
        reviewing.goto(f"/admin/cases/case/{Case.objects.get().pk}/change/")
        reviewing.locator(".object-tools").get_by_text("Publish").click()
        if reviewing.locator("#id_reason").count():  # one source only, and that on no web page
            reviewing.fill("#id_reason", "No other source is known.")
            reviewing.locator(".submit-row input[type=submit]").click()
        reviewing.locator(".messagelist", has_text="was published").wait_for()
        reviewing.goto(Case.objects.get().get_absolute_url())
        assert "¶18" in reviewing.locator("main").text_content()
    assert Case.objects.published().count() == 1
