"""How much it takes to code a case from nothing, by its clicks and keys.

What is coded is the Kerman case of the fixtures, in a casebook that holds nothing yet but the
directive: its actors and its source are added on the way. A sentence is typed once for all values
that it supports. The figures are in docs/editors.md, “How much work a case is”.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings
from django.utils.text import slugify

from cases.models import Actor, Case, Source
from tests.support.factories import make_directive

from .actions import Effort, Hands
from .conftest import new_context, new_member, sign_in

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


@pytest.fixture(autouse=True)
def icd_191(live_empty: None) -> None:
    make_directive(slug="icd-191", code="ICD 191")


def add_actor(hands: Hands, field: str, slug: str) -> None:
    popup = hands.add_related(field)
    popup.write(NAMES[slug]["name"])  # where the cursor stands when the page opens
    if popup.page.locator("#id_kind").input_value() != NAMES[slug]["kind"]:
        popup.choose("#id_kind", NAMES[slug]["kind"])
    popup.save_related(hands, field, NAMES[slug]["name"])


def add_source(hands: Hands, field: str) -> None:
    popup = hands.add_related(field)
    popup.write(SOURCE["title"])
    popup.choose("#id_kind", SOURCE["kind"])
    popup.type("#id_publisher", SOURCE["publisher"])
    popup.save_related(hands, field, SOURCE["title"][:20])


def code_parts(hands: Hands) -> None:
    """Fill in the case, its roles, its warning and its incident."""
    [case], [warning], [incident] = (CASE[model] for model in ("case", "warning", "incident"))
    hands.write(case["title"])  # where the cursor stands when the page opens
    hands.choose("#id_kind", case["kind"])
    hands.type("#id_summary", case["summary"])
    hands.find("id_directives", "ICD", "ICD 191")
    for number, role in enumerate(CASE["involvement"]):
        if number:
            hands.click("#involvements-group .add-row a")
        add_actor(hands, f"id_involvements-{number}-actor", role["actor"][0])
        hands.choose(f"#id_involvements-{number}-role", role["role"])
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


@dataclass(frozen=True)
class Sentence:
    """A sentence of the article with the values that it supports, the first of them where it is
    typed. `untick` are values that a tick of all values without a claim takes in too many."""

    modality: str
    locator: str
    quote: str
    gist: str
    supports: tuple[str, ...]
    all_of: str = ""
    untick: tuple[str, ...] = ()


SENTENCES = (
    Sentence(
        "inferred",
        "¶17",
        "especially when that party is an adversary",
        "We infer that the article counts Iran, its next example, among the adversaries.",
        ("warnings-0.relation",),
    ),
    Sentence(
        "inferred",
        "¶18",
        "U.S. officials reportedly issued a similar warning",
        "The article names no rule here. We infer the duty of ICD 191, as ¶17 speaks of the duty.",
        ("directives",),
    ),
    Sentence(
        "inferred",
        "¶18",
        "In January",
        "The words date the warning. We infer that the bombings were in the same month.",
        ("incidents-0.date",),
    ),
    Sentence(
        "reported",
        "¶18",
        "In January, U.S. officials reportedly issued a similar warning to Iranian officials",
        "US officials are reported to have warned Iranian officials in January, before the"
        " bombings. How long before, and in which words, is not said.",
        (
            "kind",
            "warnings-0",
            "warnings-0.issuer",
            "warnings-0.recipients",
            "warnings-0.date",
        ),
        all_of="Warning 1",
        untick=("warnings-0.follow_up",),
    ),
    Sentence(
        "stated",
        "¶18",
        "bombings in the Iranian city of Kerman",
        "The bombings were in Kerman, a city in Iran.",
        ("incidents-0.kind", "incidents-0.place", "incidents-0.country"),
    ),
    Sentence(
        "stated",
        "¶18",
        "The Islamic State claimed responsibility for the attack, which killed 95 people",
        "The Islamic State said that it had carried out the attack, in which 95 people died.",
        ("involvements-0", "incidents-0.kind", "incidents-0.deaths"),
    ),
    Sentence(
        "stated",
        "¶19",
        "a commemoration of the 2020 killing of an Iranian general",
        "The event commemorated a general, whom the article does not name.",
        ("incidents-0.target",),
    ),
    Sentence(
        "unclear",
        "¶19",
        "It is unclear whether the warning prompted any additional security measures",
        "The article says that it is unclear whether the event got more security.",
        ("warnings-0.follow_up",),
    ),
    Sentence(
        "inferred",
        "¶19",
        "at the event, a commemoration",
        "We infer that those at the event were the ones to be hit; the article does not say.",
        ("involvements-1",),
    ),
)


def beside(path: str) -> str:
    """Return where the page offers to add evidence for the value with this path."""
    row, _, field = path.rpartition(".")
    if path.startswith("involvements"):
        return f"#{path} .field-role .add-evidence"
    control = {"date": "date_words"}.get(field, field)
    control = f"#id_{row}-{control}" if row else f"#id_{control}"
    if field in ("date", "deaths"):
        return f".form-row:has({control}) > .evidence > .add-evidence"
    return f"div:has(> .flex-container:not(.form-multiline) {control}) > .evidence .add-evidence"


def code_sentence(hands: Hands, row: str, sentence: Sentence, former: Sentence | None) -> None:
    """Type a sentence beside its first value, and tick the others that it supports.

    Source, locator and modality come from the claim before; what differs is chosen at the end.
    """
    hands.click(beside(sentence.supports[0]))
    if former is None:
        add_source(hands, f"id_{row}-source")
        hands.type(f"#id_{row}-locator", sentence.locator)
        hands.click(f"#id_{row}-quote")
    hands.write(sentence.quote)
    hands.press("Tab")
    hands.write(sentence.gist)
    if former and sentence.locator != former.locator:
        hands.click(f"#{row} .next-place")
    if former is None or sentence.modality != former.modality:
        hands.choose(f"#id_{row}-modality", sentence.modality)
    if sentence.all_of:
        hands.click(f"#{row} [aria-label='{sentence.all_of}'] .tick-all")
    ticked = set(hands.page.locator(f"#{row} .also input:checked").evaluate_all(VALUES))
    for path in [*sentence.supports[1:], *sentence.untick]:
        if (path in ticked) == (path in sentence.untick):
            hands.click(f"#{row} .also input[value='{path}']")


VALUES = "boxes => boxes.map(box => box.value)"


def code_evidence(hands: Hands) -> None:
    former = None
    for sentence in SENTENCES:
        number = hands.page.locator(".dynamic-claims").count()
        code_sentence(hands, f"claims-{number}", sentence, former)
        former = sentence


def path_of(claim: Values) -> str:
    """Return the path of a claim of the fixtures; a new actor has its slug from its name."""
    part = next((name for name in ("warning", "incident", "involvement") if name in claim), "")
    if part == "involvement":
        _, actor, role = claim[part]
        return f"{role.replace('_', '-')}-{slugify(NAMES[actor]['name'])}"
    return ".".join(filter(None, (part and f"{part}-1", claim.get("field", ""))))


def is_coded() -> bool:
    """Whether the case is stored with the same evidence for the same values as in the fixtures,
    each sentence with the words that were typed once."""
    case = Case.objects.for_detail().get()
    stored = list(case.claims.all())
    assert sorted((claim.path_of_value, claim.modality, claim.locator) for claim in stored) == (
        sorted((path_of(claim), claim["modality"], claim["locator"]) for claim in CASE["claim"])
    )
    assert {(claim.quote, claim.gist) for claim in stored} == {
        (sentence.quote, sentence.gist) for sentence in SENTENCES
    }
    assert Source.objects.exclude(kind="directive").count() == 1
    assert {actor.name for actor in Actor.objects.all()} == {
        NAMES[slug]["name"]
        for slug in (
            "islamic-state",
            "us-officials",
            "iranian-officials",
            "iran",
            "people-at-kerman-commemoration",
        )
    }
    return True


def test_kerman_case_from_nothing_takes_as_many_clicks_and_keys_as_the_guide_says_and_is_published(
    editing: Any, browser: Any, site: Any
) -> None:
    editing.goto(ADD)
    hands = Hands(editing)
    code_parts(hands)
    code_evidence(hands)
    hands.press("Control+s")
    editing.locator(".messagelist .success").wait_for()
    assert is_coded()
    assert hands.effort == Effort(clicks=76, keys=22, letters=2065)
    editing.get_by_role("button", name="Submit for review").click()
    editing.locator(".messagelist", has_text="was submitted for review").wait_for()
    assert editing.get_by_role("button", name="Publish").count() == 0

    with new_context(browser, site) as context:
        reviewing = context.new_page()
        sign_in(reviewing, new_member("reviewer", "Reviewers"), site)
        reviewing.goto(f"/admin/cases/case/{Case.objects.get().pk}/change/")
        reviewing.locator(".object-tools").get_by_text("Publish").click()
        # One source only, and that on no web page: a weak point, which asks for a reason.
        reviewing.fill("#id_reason", "No other source is known.")
        reviewing.locator(".submit-row input[type=submit]").click()
        reviewing.locator(".messagelist", has_text="was published").wait_for()
        reviewing.goto(Case.objects.get().get_absolute_url())
        assert "¶18" in (reviewing.locator("main").text_content() or "")
    assert Case.objects.published().count() == 1
