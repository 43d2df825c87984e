"""Full-text search: the same behaviour in SQLite and PostgreSQL, and documents that stay true."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.core import serializers
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection, transaction
from django.db.models import QuerySet
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import example, given
from hypothesis import strategies as st

from cases import changelog, search
from cases.changelog.triggers import log_everything
from cases.exchange.downloads.errors import PLAIN
from cases.models import Actor, Case, SearchDocument, Version
from cases.models.vocabulary import CaseStatus
from cases.search import engine, follow
from cases.search.query import MAX_TERMS, Term
from cases.text import folding
from cases.versions.making import make_version
from tests.support.demo import load_demo
from tests.support.factories import (
    make_actor,
    make_assessment,
    make_case,
    make_claim,
    make_incident,
    make_involvement,
    make_note,
    make_source,
    make_warning,
    show,
)
from tests.support.properties import tried

pytestmark = pytest.mark.django_db


def public(title: str = "A case", summary: str = "Nothing else.", **fields: Any) -> Case:
    """Return a published case without any parts."""
    return make_case(
        title=title, summary=summary, status="published", published_at=timezone.now(), **fields
    )


def found(text: str) -> set[int]:
    """Return the keys of the cases that a text finds."""
    return set(search.Searches().find(search.read(text)).tiers[-1])


def tiers(text: str) -> list[set[int]]:
    return [set(tier) for tier in search.Searches().find(search.read(text)).tiers]


def shown(text: str, case: Case) -> str:
    """Return the snippet of a case with its hits in brackets."""
    snippet = snippet_of(text, case)
    return "".join(f"[{part}]" if is_hit else part for part, is_hit in snippet.parts)


def snippet_of(text: str, case: Case) -> search.Snippet:
    found(text)
    snippet = search.snippet(search.read(text), search.passages_of([case.pk])[case.pk])
    assert snippet is not None
    return snippet


# What a text finds


def test_search_finds_words_in_every_text_of_a_case() -> None:
    case = public("Title1", "Summary1")
    make_warning(
        case,
        content="Content1",
        intermediaries=[make_actor(name="Between1")],
        recipients=[make_actor(name="Recipient1")],
    )
    country = make_actor(name="Country1", kind="state")
    make_incident(case, place="Place1", target="Target1", description="Told1", country=country)
    involvement = make_involvement(case, actor=make_actor(name="Involved1"))
    involvement.note = "Involvement1"
    involvement.save()
    make_claim(case, gist="Gist1", quote="Quote1", speaker=make_actor(name="Speaker1"))
    make_note(case, source_says="Said1", evidence_says="Evidence1")
    assessment = make_assessment(case)
    type(assessment).objects.update(note="Assessed1")
    show(case)
    texts = (
        "title1 summary1 content1 place1 target1 told1 involvement1 gist1 quote1 said1 evidence1 "
        "assessed1"
    )
    names = f"between1 recipient1 country1 involved1 speaker1 {assessment.exception.title}"
    other = public()
    for word in f"{texts} {names} {case.number}".split():
        assert case.pk in found(word), word
        assert other.pk not in found(word), word


def test_search_wants_all_words_wherever_they_are() -> None:
    case = public("Warning of an attack", "On a concert hall.")
    public("Warning of a storm")
    assert found("attack concert") == {case.pk}
    assert found("attack storm") == set()


def test_search_leaves_out_what_only_says_that_nothing_is_stated() -> None:
    case = public()
    make_warning(case)
    make_incident(case)
    assert found("not_stated") == set() == found("stated")


def test_search_leaves_out_exceptions_of_which_nothing_is_reported() -> None:
    case = public()
    make_assessment(case, status="not_reported")
    assert found('"no reasonable way"') == set()


def test_search_leaves_out_a_claim_about_a_part_of_another_case() -> None:
    case, other = public(), public()
    make_claim(case, warning=make_warning(other), gist="Strayed.")
    assert found("strayed") == set()


def test_search_finds_phrases_word_for_word() -> None:
    case = public(summary="An attack on the concert hall, said the embassy.")
    for text in (
        '"concert hall"',
        "“Concert Hall”",
        "«hall said»",
        '"concert ha"*',
        "concert-hall",
    ):
        assert found(text) == {case.pk}, text
    for text in ('"hall concert"', '"concert the"', '"concert ha"'):
        assert found(text) == set(), text


def test_search_finds_a_phrase_only_where_all_its_words_follow_one_another() -> None:
    case = public("Alpha beta, beta gamma")
    whole = public("Alpha beta gamma")
    assert found('"beta gamma"') == {case.pk, whole.pk} == found('"alpha b"*')
    assert found('"alpha beta gamma"') == {whole.pk} == found('"alpha beta ga"*')
    assert found('-"alpha beta gamma" beta') == {case.pk}


def test_search_takes_a_document_of_very_many_long_words() -> None:
    long = " ".join(f"{letter * 40}{number}" for number in range(400) for letter in "абвгдежзик")
    case = public(summary=f"Beginning {long} end")
    assert found("beginning") == {case.pk} == found(f'"beginning {"а" * 40}0 {"б" * 40}0"')
    assert found("end") == set()  # what stands so far down is not indexed


def test_search_finds_no_phrase_across_the_border_of_two_texts() -> None:
    case = public("Alpha beta", "Gamma delta")
    make_claim(case, quote="Epsilon", gist="Zeta")
    make_warning(case, issuer=make_actor(name="Eta", aliases=["Theta", "Iota"]))
    number = case.number.removeprefix("DTW-")
    assert found('"alpha beta"') == {case.pk} == found('"gamma delta"')
    for text in ("beta dtw", f"{number} gamma", "delta epsilon", "epsilon zeta"):
        assert found(f'"{text}"') == set(), text
    for text in ("eta theta", "theta iota"):
        assert found(f'"{text}"') == set(), text


def test_search_finds_prefixes_of_one_letter_and_more() -> None:
    case = public(summary="Extraordinary: Ёлка.")
    for text in ("e*", "extra*", "EXTRAORDINARY*", "ёл*", '"extraordinary ё"*', "extra*."):
        assert found(text) == {case.pk}, text
    for text in ("extra", "extraordinaryx*", "xtra*", "ёж*"):
        assert found(text) == set(), text


def test_search_leaves_out_what_is_excluded() -> None:
    one = public("Attack", "In Moscow, at a concert hall.")
    other = public("Attack", "In Kerman.")
    assert found("attack") == {one.pk, other.pk}
    assert found("attack -moscow") == {other.pk} == found('attack -"concert hall"')
    assert found("attack -mos*") == {other.pk}
    assert tiers("attack -moscow")[0] == {other.pk}
    third = public("Attack", "In Lagos.")
    assert found('attack -kerman -"concert hall"') == {third.pk}
    assert found('attack -mos* -"in kerman" -nowhere') == {third.pk}
    assert found("attack -moscow -kerman -lagos") == set()


def test_search_leaves_out_what_the_case_says_and_not_what_its_sources_are_called() -> None:
    case = public("Attack", "In Moscow.")
    source = make_source(title="Al-Qaeda’s plan, a late alarm", publisher="Daily Post")
    make_claim(case, source=source)
    for typed in ("alqaeda", "plans", '"late alarm"', '"a late al"*', "dail*"):
        assert found(f"attack {typed}") == {case.pk} == found(f"attack -{typed}"), typed
        assert found(typed) == {case.pk}, typed
    assert found('"moscow al"*') == set() == found('"alarm daily" moscow -attack')
    make_warning(case, content="The plans of al-Qaeda")
    for typed in ("alqaeda", "plan", "al-qaeda", "qae*"):
        assert found(f"attack -{typed}") == set(), typed


def test_search_asks_once_for_all_that_is_excluded() -> None:
    public("Attack")
    search.catch_up()
    with CaptureQueriesContext(connection) as queries:
        search.Searches().tiers_of(search.read("attack -one -two -three -four"))
    assert len(queries) == 2


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("Éclair à Besançon", "eclair a besancon"),
        ("Eclair a Besancon", "Éclair à BESANÇON"),
        ("Łódź, Ørsted, Đorđe", "lodz orsted dorde"),
        ("Straße", "STRASSE"),
        ("Æther, Þingvellir", "aether thingvellir"),
        ("İstanbul'da ılık", "istanbul ilik"),
        ("l’avis d'O'Neill", "avis o’neill"),
        ("ʿAlī of the Qurʾān", "ali qur'an"),
        ("ФСБ России", "фсб россии"),
        ("وزارة الاطلاعات", "وِزَارَة"),
        ("שִׁין בֵּית", "שין בית"),
        ("莫斯科音乐厅", "音乐厅"),
        ("ﬁnal ² ١٩١", "final 2 191"),
        ("U.S. Embassy", "u.s. embassy"),
        ("snake_case", "snake case"),
    ],
)
def test_search_folds_accents_case_and_scripts_both_ways(written: str, typed: str) -> None:
    case = public(summary=written)
    assert found(typed) == {case.pk}


def test_search_keeps_letters_apart_that_no_folding_joins() -> None:
    public(summary="фсб x00444 xx")
    assert found("x") == set() == found("фс") == found("x000444")


def test_search_finds_an_actor_by_every_name_it_has() -> None:
    case = public()
    actor = make_actor(name="Federal Security Service", aliases=["FSB", "ФСБ"])
    make_warning(case, issuer=actor)
    for text in ("FSB", "fsb", "фсб", '"federal security service"'):
        assert found(text) == {case.pk}, text


def test_search_finds_a_case_by_its_number() -> None:
    case = public()
    other = public()
    assert found(case.number) == {case.pk} == found(case.number.lower())
    assert other.pk not in found(case.number)


def test_search_tells_title_before_names_before_text_before_sources() -> None:
    text = public(summary="An embassy.")
    names = public()
    make_warning(names, issuer=make_actor(name="Embassy of somewhere"))
    title = public("The embassy")
    cited = public()
    make_claim(cited, source=make_source(title="An embassy speaks"))
    assert tiers("embassy") == [
        {title.pk},
        {title.pk, names.pk},
        {title.pk, names.pk, text.pk},
        {title.pk, names.pk, text.pk, cited.pk},
    ]
    assert tiers("embassy somewhere") == [set(), {names.pk}, {names.pk}, {names.pk}]
    assert tiers("speak else") == [set(), set(), set(), {cited.pk}]


def test_search_cuts_words_and_documents_of_any_length_and_finds_them() -> None:
    case = public("word" * 50, "many words " * 40_000 + "ш" * 100_000)
    assert found("word" * 50) == found("many") == {case.pk}


def test_search_never_finds_what_is_not_published() -> None:
    for status in set(CaseStatus.values) - {CaseStatus.PUBLISHED}:
        make_case(title="Hidden", status=status, withdrawn_reason="So.")
    assert found("hidden") == set()
    assert not SearchDocument.objects.exists()


def test_find_without_terms_finds_nothing() -> None:
    public()
    assert tiers("") == [set()] * 4


# Reading a query


def test_read_tells_terms_apart() -> None:
    query = search.read('plain pre* -gone -"two words" “a phrase” plain')
    assert query.problems == ()
    assert query.terms == (
        Term(("plain",)),
        Term(("pre",), is_prefix=True),
        Term(("gone",), is_excluded=True),
        Term(("two", "words"), is_excluded=True, is_exact=True),
        Term(("a", "phrase"), is_exact=True),
    )


def test_read_takes_operators_of_the_databases_for_words() -> None:
    query = search.read("a OR b AND title:c NEAR(d) ^e (f & !g) h <-> i {text}: j + k")
    assert not query.problems
    read = "|".join(" ".join(term.words) for term in query.terms)
    assert read == "a|or|b|and|title c|near d|e|f|g|h|i|text|j|k"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("...", "“q” has no word to search for, only “...”."),
        (
            "-gone",
            "“q” has no word to search for, only “-gone”. A minus leaves cases out; it needs "
            "another word to search for.",
        ),
        ('a "b c', "“q” opens a quotation and does not close it; it was read to the end."),
        (" ".join(f"w{n}" for n in range(25)), "Only the first 20 terms of “q” count, of 25."),
        ("word " * 1000, "Only the first 500 letters of “q” were read, of 5,000."),
    ],
)
def test_read_tells_what_it_did_not_follow(text: str, problem: str) -> None:
    query = search.read(text)
    assert query.problems == (problem,)
    assert len(query.terms) <= MAX_TERMS


def test_read_of_nothing_has_neither_terms_nor_problems() -> None:
    assert search.read("") == search.SearchQuery() == search.read(" \n")


def test_read_leaves_off_half_a_word_at_its_limit() -> None:
    assert search.read("ab " * 166 + "abcdef").terms == (Term(("ab",)),)


SYNTAX = [
    *("NEAR(", "OR", "AND", "NOT", "title:", "{text} :", "^a", "a*", "*", "+"),
    *("-", "--", '-"', "'", "''", '"', '""', "“", ":*", "<->", "!", "&", "|", "\\"),
    *("%s", "%(x)s", "'; DROP TABLE x", "\0", "\ud800"),
]
HOSTILE = st.one_of(
    st.text(),
    st.text(alphabet="ab\"*-^():&|!<>{}\\'%; \0_ĳ½ß\ud800", max_size=60),
    st.lists(st.sampled_from(SYNTAX), max_size=12).map(" ".join),
    st.characters().map(lambda letter: letter * 3000),
)


@given(HOSTILE)
@example("\ud800\0" * 500_000)
@example("a b " * 250_000)
@example('"' + "a " * 250 + '"*')
@tried(75)
@pytest.mark.slow
def test_search_takes_any_text_whatever(text: str) -> None:
    query = search.read(text)
    search.Searches().find(query)
    search.snippet(query, [search.Passage("Text", text, ""), search.Passage("", "a b a", "")])
    assert all("\0" not in problem for problem in query.problems)
    "".join(query.problems).encode()


@pytest.mark.once
@given(st.text(max_size=40))
def test_words_fold_letter_by_letter_and_only_once(text: str) -> None:
    folded = folding.fold(text)
    assert folding.fold(folded) == folded
    assert [placed.word for placed in folding.placed_tokens(text)] == folding.tokens(text)
    assert set(folding.encode_texts([text])) <= set("abcdefghijklmnopqrstuvwxyz0123456789 ")


# Snippets


def test_snippet_marks_hits_as_they_are_written() -> None:
    case = public(summary="The Besançon alert: attaché WARNED, then warned again, in ½ a day.")
    assert shown("besancon warned", case) == (
        "The [Besançon] alert: attaché [WARNED], then [warned] again, in ½ a day."
    )
    assert shown("att*", case).startswith("The Besançon alert: [attaché] WARNED")
    assert "[alert: attaché] WARNED" in shown('"alert attache"', case)
    assert "in [½] a" in shown("1 alert 2", case)


def test_snippet_marks_a_letter_with_its_accent_apart() -> None:
    case = public(summary="cax\u0301 noir")
    assert shown("cax", case) == "[cax\u0301] noir"


def test_snippet_shows_about_thirty_words_around_the_first_hit() -> None:
    case = public(summary=" ".join(f"n{n}" for n in range(100)))
    expected = " ".join(f"n{n}" if n != 50 else "[n50]" for n in range(40, 70))
    assert shown("n50", case) == f"… {expected} …"
    assert shown("n0", case).startswith("[n0] n1")
    assert shown("n99", case).endswith("n98 [n99]")


def test_snippet_names_where_it_stands_and_leads_there() -> None:
    case = public()
    make_warning(case, content="Said it", issuer=make_actor(name="Issuing", aliases=["Known as"]))
    make_claim(case, "warning-1.follow_up", gist="Followed", locator="¶3")
    make_claim(case, "warning-1", gist="Whole")
    for modality, quote in (("quoted", "Verbatim"), ("attributed", "Paraphrased")):
        make_claim(case, "warning-1", modality=modality, quote=quote, speaker=make_actor())
    make_claim(case, "", gist="Altogether")
    make_note(case, slug="a-note", source_says="Left out", kind="correction")
    places = {
        "said": ("Warning 1, what it said", "warning-1-content"),
        "issuing": ("Warning 1, issuer", "warning-1-issuer"),
        "followed": ("Claim, ¶3", "warning-1-follow-up"),
        "whole": ("Claim, ¶1", "warning-1"),
        "verbatim": ("Claim, ¶1, quoted", "warning-1"),
        "paraphrased": ("Claim, ¶1, words of the source", "warning-1"),
        "altogether": ("Claim, ¶1", "case-as-a-whole"),
        "left": ("Editorial note, correction, the source says", "a-note"),
        "something": ("Editorial note, correction, other evidence says", "a-note"),
        "nothing": ("Summary", ""),
    }
    for word, place in places.items():
        snippet = snippet_of(word, case)
        assert (snippet.label, snippet.fragment) == place
    assert shown("known", case) == "Issuing ([Known] as)"


@pytest.mark.slow
def test_snippet_leads_to_a_place_that_the_page_has(client: Any) -> None:
    load_demo()
    for document in SearchDocument.objects.select_related("case"):
        page = client.get(document.case.get_absolute_url()).content.decode()
        for _, text, fragment in document.passages:
            assert not fragment or f'id="{fragment}"' in page, (text, fragment)


def test_snippet_prefers_the_passage_with_most_terms_then_the_title() -> None:
    case = public("Embassy", "The embassy warned.")
    assert snippet_of("embassy", case).label == "Title"
    assert snippet_of("embassy warned", case).label == "Summary"
    assert snippet_of("embassy -absent", case).label == "Title"


def test_snippet_gives_markup_back_as_plain_text() -> None:
    case = public(summary="<script>alert(1)</script> & more")
    assert shown("alert", case) == "<script>[alert](1)</script> & more"


def test_snippet_of_a_text_without_any_term_is_none() -> None:
    assert search.snippet(search.read("absent"), [search.Passage("Title", "Here", "")]) is None


# Following


@pytest.fixture
def case() -> Case:
    return public("Before")


def edit(case: Case, **fields: Any) -> None:
    """Change a case, and its version with it."""
    Case.objects.filter(pk=case.pk).update(**fields)
    show(case)


def test_search_follows_new_versions_and_changed_ones(case: Case) -> None:
    assert found("before") == {case.pk}
    case.title = "Saved"
    case.save()
    assert found("before") == {case.pk}  # what no version has is not public
    make_version(case, None, "Another title.")
    assert found("saved") == {case.pk}
    edit(case, title="Updated")
    assert found("updated") == {case.pk}
    assert found("before") == found("saved") == set()


def test_search_follows_deletions(case: Case) -> None:
    assert found("before") == {case.pk}
    QuerySet(Version).delete()  # past the manager, which refuses it
    case.delete()
    assert found("before") == set()
    assert not SearchDocument.objects.exists()


def test_search_follows_loaddata(case: Case, tmp_path: Any) -> None:
    found("before")
    version = Version.objects.get()
    version.record["title"] = "Loaded"
    path = tmp_path / "versions.json"
    path.write_text(serializers.serialize("json", [version]))
    call_command("loaddata", str(path), verbosity=0)
    assert found("loaded") == {case.pk}


def test_search_follows_plain_sql(case: Case) -> None:
    found("before")
    record = json.dumps(Version.objects.get().record | {"title": "By hand"})
    with connection.cursor() as cursor:
        cursor.execute("UPDATE cases_version SET record = %s", [record])
    assert found('"by hand"') == {case.pk}


def test_search_follows_publication_and_withdrawal(case: Case) -> None:
    assert found("before") == {case.pk}
    edit(case, status=CaseStatus.WITHDRAWN, withdrawn_reason="So.")
    assert found("before") == set()
    assert not SearchDocument.objects.exists()
    edit(case, status=CaseStatus.PUBLISHED)
    assert found("before") == {case.pk}


ROLES: dict[str, Callable[[Case, Actor], Any]] = {
    "issuer": lambda case, actor: make_warning(case, issuer=actor),
    "intermediary": lambda case, actor: make_warning(case, intermediaries=[actor]),
    "recipient": lambda case, actor: make_warning(case, recipients=[actor]),
    "role": lambda case, actor: make_involvement(case, actor=actor),
    "speaker": lambda case, actor: make_claim(case, speaker=actor),
    "country": lambda case, actor: make_incident(case, country=actor),
}


@pytest.mark.parametrize("role", ROLES)
def test_search_follows_the_names_of_an_actor_in_any_role(case: Case, role: str) -> None:
    actor = make_actor(name="Former")
    ROLES[role](case, actor)
    assert found("former") == {case.pk}
    Actor.objects.filter(pk=actor.pk).update(name="Present", aliases=["Other"])
    assert found("present") == {case.pk} == found("other")
    assert found("former") == set()


def test_search_goes_back_with_the_transaction(case: Case) -> None:
    found("before")
    with transaction.atomic():
        edit(case, title="Never")
        assert found("never") == {case.pk}
        transaction.set_rollback(True)
    assert found("never") == set()
    assert found("before") == {case.pk}


def test_search_follows_a_log_that_began_again(case: Case) -> None:
    found("before")
    follow.set_watermark(changelog.latest() + 1000)
    SearchDocument.objects.update(text="wwrong")
    assert found("before") == {case.pk}


def test_search_takes_everything_for_stale_after_a_migration(case: Case) -> None:
    found("before")
    SearchDocument.objects.all().delete()
    assert found("before") == set()
    log_everything()
    assert found("before") == {case.pk}


def test_catch_up_with_nothing_to_do_asks_twice(case: Case, django_assert_num_queries: Any) -> None:
    search.catch_up()
    with django_assert_num_queries(2):  # the watermark, the last change
        assert search.catch_up() == 0


def test_catch_up_asks_no_more_for_many_cases_than_for_one(
    case: Case, django_assert_num_queries: Any
) -> None:
    search.catch_up(limit=None)  # with what migrations logged, if no test has emptied the tables
    for _ in range(3):
        make_claim(case, speaker=make_actor())
        make_warning(case)
        case = public()
    # Twice the watermark, the last change, what kind of thing changed, the tree of actors, those
    # that changed and in which cases; the records, the names of their actors, the documents, the
    # watermark, and a savepoint made and released. Besides, in PostgreSQL a lock, with a time limit
    # set and taken back; in SQLite its time limit, read, set and taken back.
    with django_assert_num_queries(21):
        search.catch_up()


def test_catch_up_leaves_more_than_its_limit_and_tells_how_many(case: Case) -> None:
    search.catch_up()
    actor = make_actor(name="Everywhere")
    for _ in range(3):
        make_warning(public(), issuer=actor)
    assert search.catch_up(limit=2) == 3
    assert SearchDocument.objects.count() == 1
    assert search.catch_up(limit=3) == 0
    Actor.objects.filter(pk=actor.pk).update(name="Renamed")
    assert search.catch_up(limit=2) == 3
    log_everything()
    assert search.catch_up(limit=3) == 4
    assert search.catch_up(limit=None) == 0
    assert len(found("renamed")) == 3


def test_catch_up_leaves_drafts_aside(case: Case) -> None:
    search.catch_up()
    for _ in range(3):
        make_case()
    assert search.catch_up(limit=0) == 0


def test_find_searches_what_is_there_if_nothing_can_be_written(
    case: Case, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    found("before")
    edit(case, title="After")

    def refuse(*args: Any) -> None:
        raise OperationalError("attempt to write a readonly database")

    monkeypatch.setattr(follow, "write_documents", refuse)
    result = search.Searches().find(search.read("before"))
    assert (set(result.tiers[-1]), result.stale) == ({case.pk}, 1)
    assert "could not be brought up to date: attempt to write" in caplog.text
    monkeypatch.undo()
    assert search.Searches().find(search.read("before")).stale == 0


def test_write_through_django_brings_the_documents_up_to_date_once_at_commit(
    case: Case, django_capture_on_commit_callbacks: Any
) -> None:
    connection.run_on_commit.clear()  # what the making of the case left to be done
    with django_capture_on_commit_callbacks(execute=True) as callbacks, transaction.atomic():
        case.title = "Saved"
        case.save()
        make_warning(case)
        make_claim(case)
    assert len(callbacks) == 1
    assert "wsaved" in SearchDocument.objects.get(pk=case.pk).title


def test_write_is_safe_from_a_search_that_fails(
    case: Case,
    django_capture_on_commit_callbacks: Any,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail(*args: Any) -> None:
        raise RuntimeError("It broke.")

    monkeypatch.setattr(follow, "catch_up", fail)
    connection.run_on_commit.clear()
    with django_capture_on_commit_callbacks(execute=True):
        case.save()
    assert "It broke." in caplog.text


# Mending


def rebuild(*options: str) -> str:
    # PostgreSQL takes no trigger to a table of which a constraint is still to be checked.
    connection.check_constraints()
    said = StringIO()
    call_command("rebuild_search", *options, stdout=said)
    return said.getvalue().strip()


def test_rebuild_search_of_true_documents_says_so(case: Case) -> None:
    found("before")
    assert rebuild() == "Searched texts of 1 case: all were right." == rebuild("--check")
    assert found("before") == {case.pk}


def test_rebuild_search_mends_what_is_missing_superfluous_or_out_of_date(case: Case) -> None:
    missing, draft = public("Missing"), make_case(title="Draft")
    found("before")
    SearchDocument.objects.filter(pk=missing.pk).delete()
    SearchDocument.objects.filter(pk=case.pk).update(text="sother", names="sother", title="sother")
    SearchDocument.objects.create(case=draft, title="sdraft", names="", text="sdraft", passages=[])
    assert found("before") == found("missing") == set()
    assert found("draft") == {draft.pk}
    kinds = "(1 missing, 1 superfluous, 1 out of date)"
    with pytest.raises(CommandError) as error:
        rebuild("--check")
    assert str(error.value) == (
        "Searched texts of 2 cases: 3 of 2 differed and should be fixed: run rebuild_search "
        f"{kinds}."
    )
    assert found("before") == set()
    assert rebuild() == f"Searched texts of 2 cases: 3 of 2 differed and were fixed {kinds}."
    assert found("before") == {case.pk}
    assert found("missing") == {missing.pk}
    assert found("draft") == set()
    assert rebuild("--check") == "Searched texts of 2 cases: all were right."


def test_rebuild_search_folds_again_what_was_written_by_sql(case: Case) -> None:
    actor = make_actor()
    found("before")
    Actor.objects.filter(pk=actor.pk).update(name="Other")
    differed = "all were right. In the admin, the words of 1 record differed and"
    with pytest.raises(CommandError, match=f"{differed} should be fixed: run rebuild_search."):
        rebuild("--check")
    assert rebuild() == f"Searched texts of 1 case: {differed} were fixed."
    actor.refresh_from_db()
    assert actor.folded == " wother"


def test_rebuild_search_mends_an_index_that_lost_its_triggers(case: Case) -> None:
    found("before")
    connection.check_constraints()
    engine.engine_of(connection).remove(connection)
    edit(case, title="After")
    assert found("after") == set()
    with pytest.raises(CommandError, match="index of the database did not agree"):
        rebuild("--check")
    assert rebuild() == (
        "Searched texts of 1 case: all were right, but the index of the database did not agree "
        "and was fixed. In the admin, the words of 1 record differed and were fixed."
    )
    assert found("after") == {case.pk}


def _lose_table() -> None:
    """Remove the index, with what belongs to it."""
    run("DROP TABLE cases_searchindex")


def _damage() -> None:
    """Leave an index that is there and cannot be opened or used."""
    if connection.vendor == "sqlite":
        run("DELETE FROM cases_searchindex_data")
    else:
        run("DROP FUNCTION cases_search(text, tsquery)")
        run("ALTER TABLE cases_searchindex DROP COLUMN text")


def _spoil() -> None:
    """Leave tables, functions and triggers that are of no use."""
    if connection.vendor == "sqlite":
        run("DROP TABLE cases_searchindex_data")
    else:
        run("DROP FUNCTION cases_search(text, tsquery)")
        run(
            "CREATE FUNCTION cases_search(other text, names tsquery) RETURNS bytea "
            "LANGUAGE plpgsql AS 'BEGIN RETURN nothing; END'"
        )
        run("ALTER TABLE cases_searchdocument DISABLE TRIGGER USER")


def run(statement: str) -> None:
    connection.check_constraints()
    with connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("damage", [_lose_table, _damage, _spoil])
def test_search_with_a_damaged_index_is_out_of_order_until_it_is_rebuilt(
    client: Client, damage: Callable[[], None]
) -> None:
    case = public("Before")
    damage()
    try:
        assert not search.is_working()
        page = client.get("/cases/?q=before&kind=warning_given")
        assert page.status_code == 503
        assert "The search is out of order" in page.text
        assert 'href="/cases/?kind=warning_given"' in page.text
        assert client.get("/cases/?kind=warning_given").status_code == 200
        for address in ("/cases.csv", "/cases.json", "/cases.atom"):
            refused = client.get(f"{address}?q=before")
            form = "application/json" if address.endswith(".json") else PLAIN
            assert (refused.status_code, refused["Content-Type"]) == (503, form)
        edit(case, title="After")
        with pytest.raises(CommandError, match="index of the database did not agree"):
            rebuild("--check")
    finally:
        rebuild()
    assert found("after") == {case.pk}
    assert rebuild("--check").endswith("all were right.")


def test_search_error_of_a_busy_database_is_not_taken_for_a_broken_index(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(*args: Any, **named: Any) -> None:
        raise OperationalError("busy") from sqlite3_busy

    sqlite3_busy = OperationalError("database is locked")
    sqlite3_busy.sqlite_errorcode = 5  # type: ignore[attr-defined]  # set by sqlite3
    monkeypatch.setattr(type(engine.engine_of(connection)), "matches", fail)
    with pytest.raises(OperationalError):
        found("before")


def test_migrate_makes_the_index_anew(case: Case) -> None:
    found("before")
    connection.check_constraints()
    engine.before_migrate(None, "default", plan=["a migration"])
    SearchDocument.objects.update(text="smigrat")
    assert found("migrated") == set()
    engine.after_migrate(None, "default", plan=["a migration"])
    assert found("migrated") == {case.pk}


@pytest.mark.django_db(transaction=True)
def test_flush_empties_the_index() -> None:
    case = public("Before")
    assert found("before") == {case.pk}
    call_command("flush", interactive=False, verbosity=0)
    assert engine.engine_of(connection).is_intact(connection)
    assert found("before") == set()


@pytest.mark.slow
def test_load_demo_leaves_the_documents_up_to_date(django_assert_num_queries: Any) -> None:
    call_command("load_demo", verbosity=0)
    with django_assert_num_queries(2):
        assert search.catch_up() == 0
    assert SearchDocument.objects.count() == Case.objects.published().count() == 7
    assert found("moscow")


@pytest.mark.parametrize(
    ("typed", "spelled"),
    [
        ('attack "concert hall', 'attack "concert hall"'),
        ('"', ""),
        ('-Bomb* dis* "Chávez', '-bomb* dis* "chavez"'),
        ('-"a b"* c', '-"a b"* c'),
        (" ".join(f"w{n}" for n in range(30)), " ".join(f"w{n}" for n in range(20))),
        ("x" * 600, None),
        (" ".join(["a.b"] + [f"{n}{'y' * 40}.z" for n in range(12)]), None),
    ],
)
def test_search_that_was_read_in_part_is_spelled_so_that_it_is_read_whole(
    typed: str, spelled: str | None
) -> None:
    understood = search.read(typed)
    again = search.read(understood.normalized)
    assert again.problems == ()
    assert again.terms == understood.terms[: len(again.terms)]
    assert spelled is None or understood.normalized == spelled


def test_search_for_a_phrase_that_its_closing_mark_makes_too_long_is_spelled_shorter() -> None:
    understood = search.read('"' + "x y " * 200)
    assert understood.normalized == '"' + "x y " * 124 + 'x"'
    assert search.read(understood.normalized).problems == ()


def test_search_with_an_open_quotation_leads_on_with_it_closed(client: Client) -> None:
    text = client.get("/cases/?q=%22concert+hall").text
    assert "“q” opens a quotation" in text
    link = r'href="/cases/\?q=%22concert\+hall%22">\s*Remove the parts we did not understand'
    assert re.search(link, text)
    assert client.get("/cases/?q=%22concert+hall%22").context["query"].notices == []
