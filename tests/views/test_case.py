"""The page of one case, as a reader sees it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import dateformat, timezone
from pytest_django import DjangoAssertNumQueries

from cases.evidence.badges import CONTESTED
from cases.index import case_index
from cases.merging import merge
from cases.models import Actor, Case, Claim, DirectiveException, Note, Source
from cases.review.steps import withdraw
from tests.support.factories import (
    make_assessment,
    make_case,
    make_claim,
    make_incident,
    make_note,
    make_warning,
    show,
)
from tests.support.lists import numbers
from tests.support.reading import text_of, words

pytestmark = [pytest.mark.once, pytest.mark.django_db, pytest.mark.usefixtures("demo")]

MOSCOW = "/cases/moscow-concert-hall-2024/"


def test_case_page_moscow_tells_the_story(client: Client) -> None:
    page = words(client.get(MOSCOW))
    assert "DTW-0001, version 1" in page
    assert "We had a duty to warn them" in page
    assert "No single recipient" not in page.partition("Coding sheet")[0]


def outcome_of(client: Client, slug: str) -> str:
    """Return the words of the outcome panel."""
    return words(client.get(f"/cases/{slug}/")).partition("Outcome")[2].partition("Chain Coding")[0]


def test_case_page_outcome_says_who_was_warned_and_what_came_of_it(client: Client) -> None:
    outcome = outcome_of(client, "moscow-concert-hall-2024")
    assert (
        "Attack, over 130 deaths Updated by a note "
        "22 March 2024 Completed by editors, Outskirts of Moscow"
    ) in outcome
    assert (
        "Warning 1 : US Embassy in Moscow to US citizens in Moscow Inferred "
        "Lead time: 15 days Completed by editors "
        "Window covered the incident: No: it ended 13 days before Inferred Completed by editors"
    ) in outcome
    assert (
        "Warning 2 : US officials to Russian officials "
        "Lead time: 11 to 17 days Inferred Completed by editors "
        "Reception: Dismissed Inferred "
        "Follow-up: Little or none visible Contradicted by 3 notes"
    ) in outcome


def test_case_page_outcome_without_a_warning_says_who_is_said_to_have_kept_silent(
    client: Client,
) -> None:
    outcome = outcome_of(client, "khashoggi-2018")
    assert "Warning: No warning is on record: the case alleges a failure to warn." in outcome
    assert "Accused of not warning: US intelligence community" in outcome
    assert "Intended victim: Jamal Khashoggi" in outcome
    assert "Challenged" not in outcome
    challenged = outcome_of(client, "kerman-2024")
    assert "Challenged: by 1 note" in challenged


def test_case_page_outcome_of_several_incidents_and_unknown_deaths_says_so(client: Client) -> None:
    outcome = outcome_of(client, "embassies-1998")
    unknown = "deaths: Not stated in the sources More in a note"
    assert "2 incidents Incident 1 : Attack, Kenya, 7 August 1998, " + unknown in outcome
    assert f"Incident 2 : Attack, Tanzania, 7 August 1998, {unknown}" in outcome
    case = Case.objects.get(slug="embassies-1998")
    for deaths, place in ((2, "Kampala"), (3, "Nowhere")):
        make_incident(case, deaths=deaths, qualifier="exact", place=place)
    outcome = outcome_of(client, "embassies-1998").replace(" No claim", "")
    assert "4 incidents, together at least 5 deaths Incident 1" in outcome
    undated = "date: Not stated in the sources"
    assert f"Incident 3 : Attack, Kampala, 2 deaths, {undated} 1 more" in outcome
    assert "Nowhere" not in outcome


def test_case_page_date_without_words_says_only_how_it_is_coded(client: Client) -> None:
    case = make_case(published=True)
    text = words(client.get(case.get_absolute_url()))
    assert "Coded 2024-03-07, basis:" in text
    assert "Printed as" not in text
    assert "Printed as “" in words(client.get("/cases/moscow-concert-hall-2024/"))


def test_case_page_outcome_of_many_warnings_stays_short(client: Client) -> None:
    case = Case.objects.get(slug="kerman-2024")
    for _ in range(4):
        make_warning(case, date="2023-12-01")
    outcome = outcome_of(client, "kerman-2024")
    assert "Warning 3" in outcome
    assert "Warning 4" not in outcome
    assert "5 warnings in all" in outcome


def test_case_page_title_and_description_name_the_case(client: Client) -> None:
    page = client.get(MOSCOW).text
    title = "US warnings before the attack on a Moscow concert hall, 2024 (DTW-0001)"
    assert f"<title>{title} – Duty-to-warn casebook</title>" in page
    assert '<meta name="description" content="Two weeks before an attack' in page


def test_case_page_draws_the_chain_and_says_the_same_in_words(client: Client) -> None:
    page = client.get(MOSCOW).text
    drawn = page[page.index("<figure") : page.index("</figure>")]
    assert 'role="img"' in drawn
    said = drawn[drawn.index("<desc") : drawn.index("</desc>")]
    assert "Warning 2: 5 to 11 March 2024, US officials to Russian officials" in said
    assert "11 to 17 days before" in said
    assert ". Its window: 7 to 9 March 2024." in said


@pytest.mark.parametrize("slug", ["chavez-2004", "khashoggi-2018", "embassies-1998"])
def test_case_page_draws_no_picture_of_a_single_moment(client: Client, slug: str) -> None:
    page = client.get(f"/cases/{slug}/").text
    assert "<figure" not in page
    assert '<ol class="chain">' in page


def test_case_page_chain_is_in_order_of_time(client: Client) -> None:
    chain = words(client.get(MOSCOW)).partition("A dotted line is the lead time.")[2]
    places = [
        chain.index(step)
        for step in (
            "Warning 2",
            "Warning 1",
            "Statement: Vladimir Putin",
            "Incident 1",
            "Statement: John Kirby",
        )
    ]
    assert places == sorted(places)


def value_of(page: str, label: str) -> str:
    """Return the markup of the first value with this label in the coding sheet."""
    start = page.index(f'<div class="coded-label">{label}</div>')
    return page[start : page.index('<div class="coded-label">', start + 1)]


def test_case_page_value_shows_speaker_words_and_paragraph(client: Client) -> None:
    page = client.get(MOSCOW).text
    value = value_of(page[page.index('id="warning-2"') :], "Reception")
    assert "<details>" in value
    assert "Dismissed" in value
    assert "Vladimir Putin" in value
    assert "¶11" in value


def test_case_page_evidence_is_what_a_link_leads_to(client: Client) -> None:
    page = client.get(MOSCOW).text
    value = value_of(page[page.index('id="warning-2"') :], "Reception")
    inside = value.partition("</summary>")[2].partition("</details>")[0]
    assert 'id="warning-2-reception"' in inside  # else a browser would not open it
    claims = Claim.objects.filter(case__number="DTW-0001", field="reception")
    assert claims
    for claim in claims:
        assert f'id="claim-{claim.sequence}"' in inside
        assert f'href="#claim-{claim.sequence}"' in inside


def test_case_page_every_link_into_the_page_has_its_target(client: Client) -> None:
    for case in Case.objects.all():
        page = client.get(case.get_absolute_url()).text
        named = re.findall(r' id="([^"]*)"', page)
        assert len(named) == len(set(named)), case
        assert set(re.findall(r'href="#([^"]+)"', page)) <= set(named), case
        for claim in case.claims.all():
            assert f"claim-{claim.sequence}" in named, claim
            assert claim.anchor in named, claim


def test_case_page_derived_values_are_marked_as_derived(client: Client) -> None:
    page = client.get(MOSCOW).text
    value = text_of(value_of(page, "Lead time"))
    assert "15 days" in value
    assert "derived Worked out from the dates of the warning and the incident" in value
    assert "derived" not in text_of(value_of(page, "Channel"))


def test_case_page_shows_what_editors_remarked_on_roles_and_exceptions(client: Client) -> None:
    case = Case.objects.get(slug="kerman-2024")
    case.involvements.update(note="Claimed through its <news> agency.")
    make_assessment(case, status="not_reported")
    case.assessments.update(note="Nobody asked.")
    show(case)
    page = words(client.get("/cases/kerman-2024/"))
    roles, _, exceptions = page.partition("Exceptions to the duty")
    assert "Editors’ remark: Claimed through its <news> agency." in roles
    assert "Editors’ remark: Nobody asked." in exceptions


def test_case_page_without_remarks_has_none(client: Client) -> None:
    assert "Editors’ remark" not in words(client.get("/cases/kerman-2024/"))


def test_case_page_note_leads_to_the_value_it_is_about(client: Client) -> None:
    page = client.get(MOSCOW).text
    notes = page[page.index('<h2 id="notes">') :]
    assert 'On <a href="#warning-1-date">Warning 1, date</a>' in notes


def test_case_page_absent_values_are_never_blank(client: Client) -> None:
    page = words(client.get("/cases/chavez-2004/"))
    assert "Channel Not stated in the sources" in page
    assert "Deaths Does not apply" in page
    assert "Lead time Does not apply" in page
    for case in Case.objects.all():
        shown = words(client.get(case.get_absolute_url()))
        assert "None," not in shown
        assert "not_stated" not in shown
        assert "1970" not in shown


def test_case_page_notes_stand_apart_and_leave_the_value(client: Client) -> None:
    page = words(client.get("/cases/kerman-2024/"))
    coded, _, notes = page.partition("Editorial notes")
    assert "Attack, 95 deaths" in coded
    assert "84" in notes
    assert "A note never changes a coded value" in notes


def test_case_page_tells_its_version_and_leads_to_all(client: Client) -> None:
    response = client.get(MOSCOW)
    history = words(response).partition("History Version 1, published ")[2]
    version = Case.objects.get(number="DTW-0001").versions.get()
    assert version.change_note in history.partition("Cite this case")[0]
    assert f'href="{MOSCOW}history/">All versions' in response.text


def test_case_page_of_a_draft_has_no_history(client: Client, django_user_model: type[User]) -> None:
    client.force_login(django_user_model.objects.create_superuser("reviewer"))
    page = client.get(make_case().get_absolute_url()).text
    assert "not published yet" in page
    assert 'id="history"' not in page


def test_case_page_names_the_exception_that_it_assesses(client: Client) -> None:
    page = words(client.get("/cases/moscow-concert-hall-2024/"))
    exceptions = page.partition("Exceptions to the duty")[2].partition("Editorial notes")[0]
    exception = DirectiveException.objects.get(slug="already-aware")
    assert f"{exception.code} {exception.title} Ruled out" in exceptions
    assert "Status Ruled out" not in page


def test_case_page_value_not_stated_shows_its_claim_and_no_modality(client: Client) -> None:
    page = client.get("/cases/moscow-concert-hall-2024/").text
    body = page.partition('id="warning-2-conduit"')[0].rpartition("<summary>")[2]
    assert "Not stated in the sources" in body
    assert "1 claim" in body
    assert "badge" not in body


def test_case_page_without_exceptions_says_so(client: Client) -> None:
    nothing = "no source of this case reports that an exception was invoked"
    assert nothing in words(client.get("/cases/kerman-2024/"))
    assert nothing not in words(client.get(MOSCOW))


def test_case_page_contested_value_is_marked_and_shows_both_sides(client: Client) -> None:
    claim = Claim.objects.get(case__slug="kerman-2024", incident__isnull=False, field="deaths")
    claim.pk, claim.sequence = None, 999
    claim.stance, claim.modality, claim.quote = "disputes", "attributed", ""
    claim.gist = "A spokesman gave a lower figure."
    claim.speaker = Actor.objects.get(slug="iran")
    claim.save()
    show(claim.case)
    page = words(client.get("/cases/kerman-2024/"))
    assert "Contested: Deaths (95)" in page
    assert "A spokesman gave a lower figure." in page
    assert "none replaces another" in page
    assert "Contested" in page.partition("The chain, in order of time")[0]
    sides = page.partition("none replaces another.")[2]
    assert sides.index("Asserts 1 claim") < sides.index("Disputes 1 claim")
    assert "Iran Attributed Disputes A spokesman gave a lower figure." in sides


def test_case_page_hostile_words_are_escaped(client: Client) -> None:
    Note.objects.filter(case__slug="kerman-2024").update(evidence_says="<script>alert(1)</script>")
    Case.objects.filter(slug="kerman-2024").update(title="<b>x</b>&", summary="<img src=x>")
    show(Case.objects.get(slug="kerman-2024"))
    page = client.get("/cases/kerman-2024/").text
    assert "&lt;script&gt;alert" in page
    assert "<script>alert" not in page
    assert "<b>x</b>" not in page
    assert "<img src=x>" not in page


@pytest.mark.parametrize("status", ["draft", "in_review"])
def test_case_page_unpublished_is_404_for_the_public(client: Client, status: str) -> None:
    Case.objects.filter(slug="kerman-2024").update(status=status)
    assert client.get("/cases/kerman-2024/").status_code == 404
    assert client.get("/id/DTW-0002/").status_code == 404


def test_case_page_draft_is_previewed_by_staff(
    client: Client, django_user_model: type[User]
) -> None:
    Case.objects.filter(slug="kerman-2024").update(status="draft")
    client.force_login(django_user_model.objects.create_superuser("reviewer"))
    assert "Draft: seen by staff only" in words(client.get("/cases/kerman-2024/"))


def test_case_page_draft_is_404_for_an_account_without_the_permission(
    client: Client, django_user_model: type[User]
) -> None:
    Case.objects.filter(slug="kerman-2024").update(status="draft")
    client.force_login(django_user_model.objects.create_user("visitor", is_staff=True))
    assert client.get("/cases/kerman-2024/").status_code == 404
    assert client.get("/id/DTW-0002/").status_code == 404


def test_permanent_number_leads_to_the_case_whatever_its_slug(client: Client) -> None:
    case = Case.objects.get(slug="kerman-2024")
    case.slug = "kerman-bombings"
    case.save()
    show(case)
    assert client.get("/id/DTW-0002/")["Location"] == "/cases/kerman-bombings/"
    assert client.get("/id/dtw-0002/")["Location"] == "/cases/kerman-bombings/"
    former = client.get("/cases/kerman-2024/")
    assert (former.status_code, former["Location"]) == (302, "/cases/kerman-bombings/")


@pytest.mark.parametrize(
    ("address", "present"),
    [
        ("/cases/former/", "/cases/chavez-2004/"),
        ("/cases/former/history/", "/cases/chavez-2004/history/"),
        ("/cases/former/v/1/", "/cases/chavez-2004/v/1/"),
        ("/id/DTW-0003/", "/cases/chavez-2004/"),
        ("/id/dtw-3/", "/cases/chavez-2004/"),
        ("/actors/former/", "/actors/islamic-state/"),
        ("/sources/former/", "/sources/daily-true-news/"),
        # As addresses are typed on a keyboard whose capitals are locked, or copied from a heading.
        ("/cases/CHAVEZ-2004/", "/cases/chavez-2004/"),
        ("/cases/Former/history/", "/cases/chavez-2004/history/"),
        ("/actors/Islamic-State/", "/actors/islamic-state/"),
        ("/Cases/", "/cases/"),
    ],
)
def test_redirect_from_another_spelling_of_an_address_keeps_the_query(
    client: Client, address: str, present: str
) -> None:
    for model, slug in (
        (Case, "chavez-2004"),
        (Actor, "islamic-state"),
        (Source, "daily-true-news"),
    ):
        record: Any = model._default_manager.get(slug=slug)
        for each in ("former", slug):
            record.slug = each
            record.save()
    response = client.get(f"{address}?relation=adversary&q=%22concert%20hall%22")
    assert response.status_code == 302
    assert response["Location"] == f"{present}?relation=adversary&q=%22concert%20hall%22"


@pytest.mark.parametrize("number", ["DTW-9999", "DTW-0001x", "1", "%00", "🙂"])
def test_permanent_number_unknown_is_404(client: Client, number: str) -> None:
    assert client.get(f"/id/{number}/").status_code == 404


def test_withdrawn_case_is_gone_with_the_reason(client: Client) -> None:
    draft = make_case()
    reason = f"Coded from a hoax.\nSee DTW-0001, not {draft.number} & DTW-9999."
    withdraw(Case.objects.get(slug="kerman-2024"), None, reason)
    for address in ("/cases/kerman-2024/", "/id/DTW-0002/"):
        response = client.get(address)
        assert response.status_code == 410
        assert (
            'Coded from a hoax.<br>See <a href="/id/DTW-0001/">DTW-0001</a>, not '
            f"{draft.number} &amp; DTW-9999." in response.text
        )
        today = dateformat.format(timezone.now(), "j F Y")
        assert f">{today}</time>" in response.text


def test_merged_case_leads_to_the_one_it_went_into(client: Client) -> None:
    case = Case.objects.get(slug="kerman-2024")
    withdraw(case, None, "The same events.")
    Case.objects.filter(pk=case.pk).update(merged_into=Case.objects.get(slug="chavez-2004"))
    for address in ("/cases/kerman-2024/", "/id/DTW-0002/"):
        assert client.get(address)["Location"] == "/cases/chavez-2004/"


def test_case_page_former_slug_of_an_unpublished_case_gives_nothing_away(client: Client) -> None:
    case = Case.objects.get(slug="kerman-2024")
    case.slug = "secret-new-name"
    case.save()
    Case.objects.filter(pk=case.pk).update(status="draft")
    assert client.get("/cases/kerman-2024/").status_code == 404


def test_former_slug_of_a_draft_that_was_merged_gives_nothing_away(
    client: Client, editor: Client
) -> None:
    merged = make_case(slug="secret-first-name")
    merged.slug = "secret-second-name"
    merged.save()
    kept = make_case()
    merge(kept, merged, None, "The same.")
    for address in ("/cases/secret-first-name/", "/cases/SECRET-SECOND-NAME/"):
        assert client.get(address).status_code == 404
        assert client.get(f"{address}history/").status_code == 404
    response = editor.get("/cases/secret-first-name/", follow=True)
    assert response.redirect_chain[-1] == (kept.get_absolute_url(), 302)


def test_merged_case_whose_target_is_not_public_is_gone(client: Client) -> None:
    case = Case.objects.get(slug="kerman-2024")
    withdraw(case, None, "The same events.")
    Case.objects.filter(slug="chavez-2004").update(status="draft")
    Case.objects.filter(pk=case.pk).update(merged_into=Case.objects.get(slug="chavez-2004"))
    response = client.get("/id/DTW-0002/")
    assert response.status_code == 410
    assert "chavez" not in response.text


def test_case_page_shows_every_claim_of_the_case(client: Client) -> None:
    Claim.objects.create(
        case=Case.objects.get(slug="kerman-2024"),
        modality="stated",
        source=Source.objects.get(slug="daily-true-news"),
        locator="¶18",
        gist="The case as a whole.",
    )
    show(Case.objects.get(slug="kerman-2024"))
    for case in Case.objects.all():
        page = words(client.get(case.get_absolute_url()))
        for claim in case.claims.all():
            assert " ".join(claim.gist.split()) in page, claim


def test_case_page_tells_that_a_warning_is_contested_as_a_whole(client: Client) -> None:
    case = Case.objects.get(slug="kerman-2024")
    make_claim(case, "warning-1", stance="asserts")
    assert "Contested: Warning" not in words(client.get("/cases/kerman-2024/"))
    make_claim(case, "warning-1", stance="disputes", gist="There was none.")
    page = client.get("/cases/kerman-2024/")
    assert "Contested: Warning 1 (as a whole)" in words(page)
    assert words(page).partition("The chain")[2].count("Warning 1 Contested :") == 1
    assert re.search(r"About warning 1 as a whole: \d claims Contested", words(page))
    assert 'href="#warning-1-as-a-whole"' in page.text
    assert 'id="warning-1-as-a-whole"' in page.text
    assert numbers(client, "contested=yes") == [case.number]


def test_case_page_tells_that_a_warning_is_contested_whose_values_others_assert(
    client: Client,
) -> None:
    case = Case.objects.get(slug="moscow-concert-hall-2024")
    assert "Contested" not in words(client.get(MOSCOW)).partition("What the marks mean")[0]
    claim = make_claim(case, "warning-2", stance="disputes", gist="There was none.")
    page = client.get(MOSCOW)
    read = words(page)
    assert "Contested: Warning 2 " in read.partition("The chain")[0]
    assert "Contested: Warning 2 (as a whole)" in read
    assert read.partition("The chain")[2].count("Warning 2 Contested :") == 1
    assert "About warning 2 as a whole: 1 claim Contested" in read
    assert '<details class="whole" open>' in page.text
    # The claim disputes none of the values, so only the part is marked: in the chain and the sheet.
    marked = page.text.partition('id="key"')[0]
    assert marked.count(CONTESTED) == 1
    assert marked.count('<a class="badge badge-against" href="#warning-2-as-a-whole"') == 1
    assert numbers(client, "contested=yes") == [case.number]
    assert "Warning 2 Contested US officials to Russian officials" in words(client.get("/cases/"))
    for view in ("cards", "table"):
        listed = client.get(f"/cases/?contested=yes&view={view}").text
        assert 'href="/cases/moscow-concert-hall-2024/?contested=yes' in listed
        assert '#warning-2">Warning 2</a>' in listed
    claim.delete()
    show(case)
    assert numbers(client, "contested=yes") == []


def test_case_page_gives_to_a_speaker_only_words_that_are_quoted(client: Client) -> None:
    page = words(client.get(MOSCOW))
    said = page.partition("Statement: Vladimir Putin")[2].partition("Incident 1")[0]
    # The quoted words stand under his name, the paraphrase as what it is.
    assert said.startswith(" provocative statements")
    assert said.count("In the words of the source: intended to intimidate Russians") == 1
    assert "Inferred" not in said
    evidence = page.partition("Coding sheet")[2]
    assert "Attributed In the words of the source: “intended to intimidate Russians" in evidence
    assert "The editors, from what Vladimir Putin said, 19 March 2024" in evidence
    assert "In the words of the source: “We did that”" not in evidence


def test_case_page_challenged_value_is_marked_at_once(client: Client) -> None:
    page = words(client.get("/cases/kerman-2024/"))
    assert "Read with care" in page.partition("The chain")[0]
    assert "Kind Warning given Reportedly Contradicted by a note" in page
    assert "Read with care" not in words(client.get("/cases/khashoggi-2018/"))


@pytest.mark.parametrize(
    ("slug", "said"),
    [
        (
            "moscow-concert-hall-2024",
            "Contradiction . The source says (Daily True News, ¶3): There is little indication "
            "that Russia took action to prevent the attack. Other evidence says (24.kg): On 7 "
            "March 2024 Russia’s Federal Security Service reported",
        ),
        (
            "kerman-2024",
            "Contradiction . The source says (Daily True News, ¶18): US officials reportedly "
            "warned Iranian officials. Other evidence says (Iran International): Iran dismissed",
        ),
    ],
)
def test_case_page_warning_says_which_words_are_the_source_s(
    client: Client, slug: str, said: str
) -> None:
    head = words(client.get(f"/cases/{slug}/")).partition("The chain, in order of time")[0]
    assert said in head


def test_case_page_figure_that_the_editors_infer_is_not_said_to_be_the_source_s(
    client: Client,
) -> None:
    page = words(client.get("/cases/khashoggi-2018/"))
    deaths = page.partition("Deaths 1 Inferred")[2].partition("Injured")[0]
    assert "1 : Exactly this figure, without “over” or “about”. The editors Inferred" in deaths
    assert "source gives" not in deaths


def test_case_page_warns_of_notes_on_the_passages_that_the_case_rests_on(client: Client) -> None:
    page = words(client.get("/cases/embassies-1998/"))
    head, _, rest = page.partition("The chain, in order of time")
    assert "Challenged: by 2 notes" in head
    assert (
        "Correction of a passage on which this case rests. The source says (Daily True News, ¶12): "
        "The duty to warn was made a directive “In response” to the attacks of 7 August 1998."
    ) in head
    assert "The directive is dated 21 July 2015, seventeen years after the attacks." in head
    assert "Notes on its sources" in rest
    Note.objects.filter(case__slug="embassies-1998").delete()
    show(Case.objects.get(slug="embassies-1998"))
    rest = words(client.get("/cases/embassies-1998/")).partition("The chain, in order of time")[2]
    assert "those below are about its sources" in rest
    assert "Notes on its sources" in rest


@pytest.mark.parametrize("tail", ["", "v/1/"])
def test_completed_date_shows_the_note_on_its_source_beneath_its_evidence(
    client: Client, tail: str
) -> None:
    page = client.get(f"/cases/moscow-concert-hall-2024/{tail}").text
    date = page.partition('id="incident-1-date"')[2].partition("</details>")[0]
    assert 'href="#article-rewrites-ap-report"' in date
    assert "Editorial note on its source, context : It is a rewritten copy" in text_of(date)
    note = page.partition('<article class="note" id="article-rewrites-ap-report">')[2]
    assert "The year 2024 of “March 7”, “Friday”" in text_of(note.partition("</article>")[0])
    evidence = page.partition("Evidence for the notes")[2].partition("</ul>")[0]
    assert "/sources/ap-duty-to-warn-2024/" in evidence


def test_date_that_the_source_gives_rests_on_no_note_on_its_source(client: Client) -> None:
    page = client.get("/cases/boston-2013/").text
    assert 'id="article-rewrites-ap-report"' in page
    assert 'href="#article-rewrites-ap-report"' not in page


def test_note_against_a_source_as_a_whole_challenges_every_case_that_cites_it(
    client: Client,
) -> None:
    article = Source.objects.get(slug="daily-true-news")
    make_note(kind="correction", source=article)
    page = words(client.get("/cases/chavez-2004/"))
    assert "Correction of a source on which this case rests." in page
    assert "Read with care" in words(client.get("/matrix/?case=chavez-2004"))


def test_key_says_every_reason_why_a_lead_time_is_not_computable(client: Client) -> None:
    key = words(client.get("/cases/boston-2013/")).partition("Not computable Cannot")[2]
    said = key.partition("No warning coded")[0]
    for reason in ("date is missing, open-ended", "no source says what happened", "contradict"):
        assert reason in said


QUERIES_OF_A_CASE = 7
"""The version of the dataset; the case, its version; notes on the passages that it cites. For its
place in the list: the version of the dataset, the neighbours. The version of the dataset again, for
the notice on synthetic cases."""


@pytest.mark.parametrize("slug", ["moscow-concert-hall-2024", "khashoggi-2018", "embassies-1998"])
def test_case_page_queries_do_not_grow_with_claims(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries, slug: str
) -> None:
    client.get("/about/")  # caches whether there are synthetic cases
    case_index.current()  # made once a process
    with django_assert_max_num_queries(QUERIES_OF_A_CASE):
        client.get(f"/cases/{slug}/")
