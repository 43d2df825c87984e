"""What counts as the same word: spellings, forms, and texts of every kind; on both databases."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from cases import search
from cases.models import Case, Directive, Source
from cases.text.folding import beginning_of_forms, begins_words, fold, stem
from tests.support.factories import (
    make_case,
    make_claim,
    make_directive,
    make_note,
    make_source,
    make_warning,
    show,
)

pytestmark = pytest.mark.django_db


def public(**fields: Any) -> Case:
    return make_case(status="published", published_at=timezone.now(), **fields)


def found(text: str) -> set[int]:
    """Return the keys of the cases that a text finds."""
    return set(search.Searches().find(search.read(text)).tiers[-1])


# What is written, what finds it, and what does not.
WORDS: list[tuple[str, list[str], list[str]]] = [
    # Abbreviations
    ("The F.B.I. and NATO", ["FBI", "F.B.I.", "f.b.i", "N.A.T.O.", '"the fbi and"'], ["fb"]),
    ("FSB officers", ["F.S.B.", '"F.S.B. officers"'], ["fsbofficers"]),
    ("U.S.-led, ended.Next", ["US led", "U.S.", "us-led", "next"], ["endednext"]),
    # Apostrophes
    ("Sana'a and O’Brien", ["Sanaa", "Sana’a", "OBrien", "O'Brien", '"sanaa and"'], ["obriens x"]),
    ("Obrien from Daesh", ["O'Brien", "Da'esh", "Daʿesh", '"O’Brien from"'], ["brien"]),
    ("Russia’s invasion", ["russia", "Russia's", "russias", '"russia\'s invasion"'], ["rus"]),
    # Hyphens and figures
    ("The AK-47 and C-4", ["AK47", "AK-47", "ak 47", "C4", '"ak47 and"', '"AK-47 and"'], ["ak4"]),
    ("An AK47 of ISK", ["AK-47", "IS-K", "is‑k", '"AK-47 of"'], ["ak 47"]),
    ("e‑mail of 1,000 words", ["email", "e-mail", "E MAIL", "1000", "1,000"], ["000"]),
    ("an email, $1000", ["e-mail", "1,000"], ["mail"]),
    ("al-Qaeda leaders", ["Qaeda", "al qaeda", "alqaeda", '"al qaeda leaders"', "qa*"], ["alq"]),
    ("alqaeda leaders", ["al-Qaeda", '"al-Qaeda leaders"', "alq*"], ["qaeda"]),
    ("al-Qa'ida in Yemen", ["qaida", "Qa’ida", "al qaida", "alqaida", "al qa ida"], ["aida"]),
    ("a ratio of 3.5", ["3.5", "5"], ["35"]),
    # Characters that show nothing
    ("Bre\u00adnnan, co\u200boperation", ["Brennan", "cooperation", "co\u00adoperation"], ["bre"]),
    ("Tsarnaev", ["Tsar\u00adnaev", "\u2066Tsarnaev\u2069", "\ufeffTsarnaev"], ["Tsar naev"]),
    # Arabic and Persian
    ("محـمد علي", ["محمد", "علی", "على"], ["حمد"]),
    ("كريم حسنی أحمد", ["کریم", "حسني", "احمد"], ["كر"]),
    ("می‌خواهم", ["می خواهم", "میخواهم", "مي‌خواهم"], ["خوا"]),
    ("ЦАРНАЕВ Джохар", ["царнаев", "ДЖОХАР"], ["царн"]),
    # Forms
    ("A bombing", ["bomb", "bombings", "bombed", "bomb*", '"bombing"'], ['"bomb"', "bomber"]),
    ("Bombs", ["bombing", "BOMB"], ['"bombing"', '"a bomb"']),
    ("They warned him", ["warn", "warning", "warnings", '"warned him"'], ['"warn him"']),
    ("embezzled embassies", ["embezzlement", "embassy"], ['"embassy"']),
    ("ISIS and Hamas", ["isis", "hamas", "ISIS"], ["ISI", "Hama"]),
]


def test_search_finds_spellings_and_forms_of_a_word_and_nothing_else() -> None:
    cases = [public(title="A case", summary=written) for written, _, _ in WORDS]
    for case, (written, finding, missing) in zip(cases, WORDS, strict=True):
        for typed in finding:
            assert case.pk in found(typed), f"{typed} should find {written}"
        for typed in missing:
            assert case.pk not in found(typed), f"{typed} should not find {written}"


def test_snippet_marks_whole_words_however_they_are_written() -> None:
    written = "Russia’s F.B.I. warned al-Qaeda of bombings in Sana'a. Embassy."
    case = public(summary=written)
    for typed, marked in {
        "russia": ["Russia’s"],
        "fbi": ["F.B.I."],
        "warning bomb": ["warned", "bombings"],
        "qaeda sanaa": ["al-Qaeda", "Sana'a"],
        "embassies": ["Embassy"],
        '"alqaeda of bombings"': ["al-Qaeda of bombings"],
        '"fbi warned al qaeda"': ["F.B.I. warned al-Qaeda"],
    }.items():
        assert case.pk in found(typed)
        passages = search.passages_of([case.pk])
        snippet = search.snippet(search.read(typed), passages[case.pk])
        assert snippet
        assert [part for part, is_hit in snippet.parts if is_hit] == marked


def test_search_finds_labels_of_values_sources_and_directives() -> None:
    directive = make_directive(code="ICD 191", title="Duty to Warn")
    case, other = public(title="One"), public(title="Other")
    case.directives.add(directive)
    make_warning(case, reception="disbelieved", channel="not_stated")
    source = make_source(title="Late Alarm", publisher="Reuters")
    make_claim(case, source=source)
    evidence = make_source(title="Court papers", publisher="Bailey")
    make_note(case, evidence=evidence)
    for typed in ("ICD 191", "icd-191", "disbelieve", "reuters", '"late alarm"', "bailey"):
        assert found(typed) == {case.pk}, typed
    for typed in ("reception", '"not stated"'):
        assert found(typed) & {case.pk, other.pk} == set(), typed
    Source.objects.filter(pk=source.pk).update(publisher="Agence")
    Directive.objects.filter(pk=directive.pk).update(code="DR 7")
    show(case)
    assert found("agence") == {case.pk} == found('"dr 7"')
    assert found("reuters") == set() == found("icd")


@pytest.mark.once
def test_query_for_exactly_these_words_quotes_what_has_forms() -> None:
    query = search.read('Bombing al-Qaeda -warned "concert hall" dism*')
    assert query.has_forms
    exactly = search.read(query.exactly)
    assert query.exactly == '"bombing" "al-qaeda" -"warned" "concert hall" dism*'
    assert not exactly.has_forms
    assert exactly.exactly == query.exactly


@pytest.mark.once
def test_words_are_folded_for_order_and_for_what_is_typed_in_pickers() -> None:
    assert fold("Éire ‘x’ a\u00adb") == "eire 'x' ab"
    assert stem("bombings") == stem("bomb") != stem("bomber")
    assert beginning_of_forms("embassies") == beginning_of_forms("embassy") == "embass"
    assert begins_words("obr", "Federal O’Brien")
    assert not begins_words("cia", "Officials")
