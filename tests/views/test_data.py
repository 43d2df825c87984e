"""`/data/`: files of the dataset and of releases, with checksums, parts, and what is no file."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import Client

from cases import changelog
from cases.exchange.dataset import current, editions
from cases.exchange.dataset.current import Files
from cases.exchange.dataset.editions import BusyError, Edition
from cases.exchange.dataset.making import NAMES
from cases.merging import merge
from cases.models import Case, Release, Version
from cases.review.redacting import redact
from cases.review.redaction_finder import preview
from cases.review.redaction_plan import RedactionOrder
from cases.review.steps import withdraw
from cases.versions.making import make_version
from tests.support.bundles import texts
from tests.support.downloads import give_up
from tests.support.factories import make_actor, make_case
from tests.support.reading import words_of

pytestmark = [pytest.mark.django_db]


@pytest.fixture
def case() -> Case:
    return make_case(published=True, slug="a-case", title="A warning about Quillfeather")


def body(response: Any) -> bytes:
    assert response.status_code in (200, 206), response.getvalue()
    return response.getvalue()


def release(name: str, note: str = "What is new.") -> Release:
    call_command("release", name, note=note, verbosity=0)
    return Release.objects.get(name=name)


def strike(case: Case, text: str) -> None:
    order = RedactionOrder((text,), "somebody", "Asked for.")
    redact(case, None, order, preview(case, order).digest())


# The page and its files


def test_page_lists_each_file_with_its_size_and_checksum(client: Client, case: Case) -> None:
    page = client.get("/data/").content.decode()
    assert f"Dataset version {changelog.latest()}" in page
    for name in NAMES:
        content = body(client.get(f"/data/{name}"))
        assert f'href="/data/{name}"' in page
        assert hashlib.sha256(content).hexdigest() in page
        assert f'<data value="{len(content)}">' in page


def test_page_sends_excel_to_the_workbook_before_all_other_files(
    client: Client, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = client.get("/data/").content.decode()
    which, files = page.split("Which file for what")[1].split('id="files"')
    assert which.index('href="/cases.xlsx"') < which.index("CSV tables")
    assert "R or pandas" in which
    assert 'href="/cases.xlsx"' in files.split("bundle.zip")[0]
    assert page.index('id="releases"') < page.index('id="cookbook"')
    give_up(client.get("/cases.xlsx"))
    monkeypatch.setattr("cases.views.data.MAX_CASES", 0)
    page = client.get("/data/").content.decode()
    assert 'href="/cases.xlsx"' not in page.split('id="cookbook"')[0]
    assert "at most 0 cases" in page


def test_page_leads_to_what_has_changed_since_its_files_were_made(
    client: Client, case: Case
) -> None:
    made_at = Files().get().made_at
    address = f"/changes/?since={made_at:%Y-%m-%d}"
    assert f'href="{address}"' in client.get("/data/").content.decode()
    assert client.get(address).status_code == 200


@pytest.mark.once
@pytest.mark.parametrize("address", ["/", "/cases/", "/codebook/", "/about/"])
def test_data_are_linked_from(client: Client, case: Case, address: str) -> None:
    assert 'href="/data/"' in client.get(address).content.decode()


def test_page_describes_the_catalogue_for_search_engines(client: Client, case: Case) -> None:
    page = client.get("/data/").content.decode()
    text = page.split('<script type="application/ld+json">')[1].split("</script>")[0]
    found = json.loads(text)
    assert found["@type"] == "DataCatalog"
    assert found["dataset"]["license"] == "https://creativecommons.org/licenses/by/4.0/"
    addresses = [each["contentUrl"] for each in found["dataset"]["distribution"]]
    assert addresses == [f"http://testserver/data/{name}" for name in NAMES]


def test_file_has_its_type_and_a_name_with_the_version(client: Client, case: Case) -> None:
    response = client.get("/data/casebook.sqlite")
    name = f"duty-to-warn-version-{changelog.latest()}-casebook.sqlite"
    assert response["Content-Type"] == "application/vnd.sqlite3"
    assert response["Content-Disposition"] == f'attachment; filename="{name}"'
    assert response["Access-Control-Allow-Origin"] == "*"


def test_files_are_made_once_for_a_version_and_old_ones_are_removed(
    client: Client, case: Case
) -> None:
    first = Files().get()
    assert Files().get() == first
    make_case(published=True)
    second = Files().get()
    assert second.version > first.version
    assert second.cases == 2
    assert [folder.name for folder in Files().place.glob("edition-*")] == ["edition-000002"]
    assert not Path(first.folder).exists()


def test_file_that_was_being_sent_goes_on_after_its_edition_is_removed(
    client: Client, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cases.views.data.MAX_AT_ONCE", 10)
    known = Files().get().file("cases.json")
    response = client.get("/data/cases.json")
    make_case(published=True)
    Files().get()
    assert known is not None
    assert hashlib.sha256(body(response)).hexdigest() == known.sha256


def test_files_are_made_again_by_other_code_and_those_of_a_release_are_not(
    client: Client, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    pinned = release("2026.12")
    before, of_release = Files().get(), Files(pinned).get()
    monkeypatch.setattr(current, "_code", lambda: "another")
    assert Files().get().made_at > before.made_at
    assert Files(pinned).get() == of_release


# Conditional requests and parts


def test_known_file_is_answered_with_304(client: Client, case: Case) -> None:
    response = client.get("/data/bundle.zip")
    known = client.get("/data/bundle.zip", headers={"If-None-Match": response["ETag"]})
    assert (known.status_code, known.content) == (304, b"")
    assert client.get("/data/bundle.zip", headers={"If-None-Match": '"other"'}).status_code == 200


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("bytes=0-9", slice(0, 10)),
        ("bytes=5-5", slice(5, 6)),
        ("bytes=10-", slice(10, None)),
        ("bytes=-7", slice(-7, None)),
        ("bytes=0-99999999999", slice(0, None)),
        ("bytes=-99999999999", slice(0, None)),
    ],
)
def test_part_of_a_file_can_be_asked_for(
    client: Client, case: Case, asked: str, expected: slice
) -> None:
    whole = body(client.get("/data/cases.csv"))
    response = client.get("/data/cases.csv", headers={"Range": asked, "Accept-Encoding": "gzip"})
    part = body(response)
    assert part == whole[expected]
    assert response["Content-Length"] == str(len(part))
    start = whole.index(part) if expected.start else 0
    if len(part) < len(whole):
        assert response.status_code == 206
        stop = len(whole) if expected.stop is None else expected.stop
        start = stop - len(part)
        assert response["Content-Range"] == f"bytes {start}-{stop - 1}/{len(whole)}"
    else:
        assert response.status_code == 200
        assert start == 0


@pytest.mark.parametrize("asked", ["bytes=999999999-", "bytes=-0", "bytes=999999999-9999999999"])
def test_impossible_part_is_refused_with_a_sentence(client: Client, case: Case, asked: str) -> None:
    size = len(body(client.get("/data/cases.csv")))
    response = client.get("/data/cases.csv", headers={"Range": asked})
    assert response.status_code == 416
    assert response["Content-Range"] == f"bytes */{size}"
    assert f"bytes=0-{size - 1}" in response.content.decode()


@pytest.mark.parametrize(
    "asked", ["bytes=9-2", "bytes=-", "bytes=0-1,4-5", "lines=1-2", "nonsense", "bytes=٣-٤"]
)
def test_range_that_is_none_gives_the_whole_file(client: Client, case: Case, asked: str) -> None:
    whole = body(client.get("/data/cases.csv"))
    response = client.get("/data/cases.csv", headers={"Range": asked})
    assert (response.status_code, body(response)) == (200, whole)


def test_part_of_another_state_of_a_file_gives_the_whole_file(client: Client, case: Case) -> None:
    etag = client.get("/data/cases.csv")["ETag"]
    asked = {"Range": "bytes=0-9", "If-Range": etag}
    assert client.get("/data/cases.csv", headers=asked).status_code == 206
    asked["If-Range"] = '"another"'
    assert client.get("/data/cases.csv", headers=asked).status_code == 200


def test_head_says_the_length_and_sends_nothing(client: Client, case: Case) -> None:
    response = client.head("/data/bundle.zip")
    assert response.content == b""
    assert response["Content-Length"] == str(len(body(client.get("/data/bundle.zip"))))


def test_unknown_file_is_answered_with_those_there_are(client: Client, case: Case) -> None:
    response = client.get("/data/casebook.parquet")
    assert response.status_code == 404
    assert "bundle.zip" in response.content.decode()
    assert client.get("/data/manifest.json").status_code == 404
    assert client.get("/data/..%2Fsettings.py").status_code == 404


# Files that are not there, or must not be given


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every collection count as large, whose files no request makes."""
    monkeypatch.setattr(current, "MAX_CASES_IN_A_REQUEST", 0)


@pytest.mark.usefixtures("large")
def test_large_collection_has_its_files_from_the_command(client: Client, case: Case) -> None:
    assert "being made" in client.get("/data/").content.decode()
    response = client.get("/data/bundle.zip")
    assert response.status_code == 503
    assert int(response["Retry-After"]) > 0
    call_command("make_data_files", verbosity=0)
    version = changelog.latest()
    assert client.get("/data/bundle.zip").status_code == 200
    make_case(published=True)  # the files are those of before, and say so
    assert changelog.latest() > version
    assert f"Dataset version {version}" in client.get("/data/").content.decode()


@pytest.mark.usefixtures("large")
def test_old_files_are_not_given_once_they_hold_what_was_struck(client: Client, case: Case) -> None:
    call_command("make_data_files", verbosity=0)
    strike(case, "Quillfeather")
    assert client.get("/data/bundle.zip").status_code == 503
    call_command("make_data_files", verbosity=0)
    assert b"Quillfeather" not in body(client.get("/data/cases.json"))


@pytest.mark.usefixtures("large")
def test_old_files_are_not_given_once_they_hold_what_was_withdrawn(
    client: Client, case: Case
) -> None:
    make_case(published=True)
    call_command("make_data_files", verbosity=0)
    withdraw(case, None, "It endangers somebody.")
    assert client.get("/data/cases.csv").status_code == 503
    call_command("make_data_files", verbosity=0)
    assert b"a-case" not in body(client.get("/data/cases.csv"))


@pytest.fixture
def held_lock(case: Case) -> Iterator[Edition]:
    """Hold the lock, as a process does that makes the files; return the files of before."""
    before = Files().get()
    make_case(published=True)
    with editions._locked(Files().place / editions.LOCK, wait=False):
        yield before


def test_while_one_process_makes_files_others_give_those_of_before(
    client: Client, held_lock: Edition
) -> None:
    assert Files().get() == held_lock
    with pytest.raises(BusyError):
        Files().make(wait=False)
    page = client.get("/data/").content.decode()
    assert f"Dataset version {held_lock.version}" in page


def test_folder_that_cannot_be_written_is_said_in_words(
    client: Client, case: Case, tmp_path: Path, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.DATA_FILES_DIR = tmp_path / "file" / "folder"
    (tmp_path / "file").write_text("not a folder")
    assert client.get("/data/").status_code == 200
    assert client.get("/data/cases.csv").status_code == 503
    assert "cannot be written" in caplog.text
    with pytest.raises(CommandError, match="cannot be written"):
        call_command("make_data_files", verbosity=0)


def test_damaged_edition_is_made_again(client: Client, case: Case) -> None:
    edition = Files().get()
    (Path(edition.folder) / editions.MANIFEST).write_text("{")
    assert client.get("/data/bundle.zip").status_code == 200
    shutil.rmtree(Files().get().folder)
    assert client.get("/data/bundle.zip").status_code == 200


# Releases


def test_release_keeps_the_cases_as_they_were(client: Client, case: Case) -> None:
    release("2026.12")
    before = {name: body(client.get(f"/data/releases/2026.12/{name}")) for name in NAMES}
    Case.objects.filter(pk=case.pk).update(title="A better title")
    make_version(Case.objects.get(pk=case.pk), None, "Retitled.")
    make_case(published=True)
    assert b"A better title" in body(client.get("/data/cases.csv"))
    shutil.rmtree(settings.DATA_FILES_DIR)  # made again from the pinned versions
    after = {name: body(client.get(f"/data/releases/2026.12/{name}")) for name in NAMES}
    assert after == before


def test_release_keeps_the_address_of_the_site_when_its_files_are_made_again(
    client: Client, case: Case, settings: Any
) -> None:
    settings.SITE_URL = "https://first.example"
    out = StringIO()
    call_command("release", "2026.12", note="New.", stdout=out)
    assert "begin with https://first.example" in out.getvalue()
    before = Files(Release.objects.get()).get().checksums
    assert Release.objects.get().checksums == before
    of_dataset = body(client.get("/data/cases.csv"))
    assert b"https://first.example/id/" in of_dataset
    settings.SITE_URL = "https://second.example"
    shutil.rmtree(settings.DATA_FILES_DIR)
    assert Files(Release.objects.get()).get().checksums == before
    bundle = texts(body(client.get("/data/releases/2026.12/bundle.zip")))
    assert "https://first.example/data/" in bundle["CITATION.cff"]
    assert "https://first.example/data/" in bundle["datapackage.json"]
    assert "made again" not in words_of(client.get("/data/releases/2026.12/"))
    assert b"https://second.example/id/" in body(client.get("/data/cases.csv"))


def test_files_of_the_dataset_are_made_again_with_another_address_of_the_site(
    client: Client, case: Case, settings: Any
) -> None:
    assert b"http://testserver/" in body(client.get("/data/cases.csv"))
    settings.SITE_URL = "https://second.example"
    assert b"http://testserver/" not in body(client.get("/data/cases.csv"))


def test_release_whose_files_differ_from_the_first_ones_says_so(client: Client, case: Case) -> None:
    made = release("2026.12")
    first = made.checksums["cases.csv"]
    assert "As first made" not in words_of(client.get("/data/releases/2026.12/"))
    Release.objects.update(checksums={**made.checksums, "cases.csv": "0" * 64})
    page = words_of(client.get("/data/releases/2026.12/"))
    assert "and one of them is not as it was first made." in page
    assert "The cases are the same." in page
    assert f"{first} As first made {'0' * 64}" in page
    strike(case, "Quillfeather")
    page = words_of(client.get("/data/releases/2026.12/"))
    assert "words were struck" in page
    assert "The cases are the same." not in page


def test_release_of_before_gets_its_checksums_when_files_are_made(
    client: Client, case: Case
) -> None:
    release("2026.12")
    Release.objects.update(checksums={}, site="")
    call_command("make_data_files", verbosity=0)
    made = Release.objects.get()
    assert made.checksums == Files(made).get().checksums
    assert made.site == settings.SITE_URL


def test_release_says_how_it_differs_from_the_one_before(client: Client, case: Case) -> None:
    gone, kept = make_case(published=True), make_case(published=True)
    release("1")
    assert "This is the first release" in client.get("/data/releases/1/").content.decode()
    Case.objects.filter(pk=case.pk).update(title="A better title")
    make_version(Case.objects.get(pk=case.pk), None, "Retitled.")
    new = make_case(published=True)
    withdraw(gone, None, "A mistake.")
    release("2", "The second.")
    page = words_of(client.get("/data/releases/2/"))
    delta = page.split("Changes from release")[1].split("Files")[0]
    added, rest = delta.split("Changed:")
    changed, withdrawn = rest.split("Withdrawn:")
    assert (new.number in added, case.number in changed, gone.number in withdrawn) == (True,) * 3
    assert "version 1 to 2" in changed
    history = f'href="/cases/{case.slug}/history/#v2"'
    assert history in client.get("/data/releases/2/").content.decode()
    assert gone.title not in page
    assert kept.number not in delta
    page = client.get("/data/releases/2/").text
    assert f'href="/id/{case.number}/v/2/"' in page
    table = list(csv.DictReader(io.StringIO(client.get("/data/releases/2/delta.csv").text)))
    assert {(row["change"], row["number"], row["version_before"]) for row in table} == {
        *(("added", new.number, ""), ("changed", case.number, "1"), ("withdrawn", gone.number, "1"))
    }
    assert client.get("/data/releases/1/delta.csv").status_code == 404
    release("3", "Nothing.")
    delta = words_of(client.get("/data/releases/3/")).split("Changes from release")[1]
    assert "No case was added, changed or withdrawn." in delta
    assert "0 cases" not in delta
    listed = words_of(client.get("/data/"))
    assert listed.index("The second.") < listed.index("What is new.")


def test_redaction_and_withdrawal_reach_a_release_and_its_page_says_so(
    client: Client, case: Case
) -> None:
    other = make_case(published=True, slug="another-case")
    release("2026.12", "With a case about Quillfeather.")
    page = words_of(client.get("/data/releases/2026.12/"))
    assert "Since then" not in page
    strike(case, "Quillfeather")
    withdraw(other, None, "A mistake.")
    page = words_of(client.get("/data/releases/2026.12/"))
    assert "words were struck from 1 of its cases" in page
    assert "With a case about somebody." in page
    assert other.number in page.split("withdrawn")[1]
    found = json.loads(body(client.get("/data/releases/2026.12/cases.json")))
    assert [one["number"] for one in found["cases"]] == [case.number]
    assert found["cases"][0]["version"] == 1
    for name in NAMES:
        content = body(client.get(f"/data/releases/2026.12/{name}"))
        assert b"Quillfeather" not in content
        assert b"another-case" not in content


def test_release_names_what_was_merged_or_deleted_since_so_that_its_tables_join(
    client: Client, case: Case
) -> None:
    release("2026.12")
    warning = case.warnings.get()
    issuer, recipient = warning.issuer, warning.recipients.get()
    assert issuer is not None
    kept, other = make_actor(slug="kept"), make_actor(slug="other")
    merge(kept, issuer, None, "The same.")
    warning.recipients.set([other])
    make_version(Case.objects.get(pk=case.pk), None, "Another recipient.")
    recipient.delete()
    shutil.rmtree(settings.DATA_FILES_DIR)
    path = Files(Release.objects.get()).get().path("casebook.sqlite")
    with closing(sqlite3.connect(path)) as database:
        found = database.execute(
            "SELECT a.slug, b.slug FROM warnings w JOIN actors a ON a.slug = w.issuer "
            "JOIN actors b ON b.slug = w.first_recipient"
        ).fetchall()
    assert found == [("kept", recipient.slug)]
    assert body(client.get("/data/releases/2026.12/bundle.zip"))


def test_release_pins_what_is_public_and_no_correction_in_draft(client: Client, case: Case) -> None:
    Case.objects.filter(pk=case.pk).update(
        title="Not public yet", correction="draft", correction_note="Later."
    )
    make_case(title="A draft")
    made = release("2026.12")
    assert list(made.versions.all()) == list(Version.objects.filter(case=case))
    assert b"Not public yet" not in body(client.get("/data/releases/2026.12/cases.csv"))


@pytest.mark.parametrize(
    ("name", "note", "message"),
    [
        ("2026/12", "New.", "letters, digits, dots and hyphens"),
        ("..", "New.", "letters, digits, dots and hyphens"),
        ("2026.12", " ", "needs a note"),
        ("known", "New.", "already a release"),
        ("", "New.", "^A release needs a name.$"),
    ],
)
def test_wrong_release_is_refused(case: Case, name: str, note: str, message: str) -> None:
    release("known")
    with pytest.raises(CommandError, match=message):
        call_command("release", name, note=note, verbosity=0)
    assert Release.objects.count() == 1


def test_release_says_which_address_its_files_have(case: Case, capsys: Any) -> None:
    call_command("release", "2026.12", note="New.")
    assert settings.SITE_URL in capsys.readouterr().out.splitlines()[-1]


def test_release_without_a_public_case_is_refused(db: None) -> None:
    make_case()
    with pytest.raises(CommandError, match="no public case"):
        call_command("release", "2026.12", note="New.", verbosity=0)
    assert not Release.objects.exists()


def test_unknown_release_is_answered_with_those_that_exist(client: Client, case: Case) -> None:
    response = client.get("/data/releases/nothing/")
    assert response.status_code == 404
    assert "No release exists yet." in words_of(client.get("/data/releases/nothing/"))
    release("2026.12")
    for address in ("/data/releases/nothing/", "/data/releases/nothing/bundle.zip"):
        response = client.get(address)
        assert response.status_code == 404
        assert 'href="/data/releases/2026.12/"' in response.content.decode()
    assert client.get("/data/releases/2026.12/nothing.zip").status_code == 404


def test_release_is_cited_by_its_name_day_and_address(client: Client, case: Case) -> None:
    made = release("2026.12")
    response = client.get("/data/releases/2026.12/")
    assert f"Release 2026.12, {made.day.day} {made.day:%B %Y}. " in words_of(response)
    page = response.content.decode()
    for suffix in ("bib", "ris", "csl.json"):
        address = f"/data/releases/2026.12/citation.{suffix}"
        assert page.count(f'href="{address}"') == 2  # in the head, and in the page
        text = client.get(address).content.decode()
        assert "2026.12" in text
        assert "http://testserver/data/releases/2026.12/" in text.replace("\\/", "/")
        assert client.get(f"/data/releases/none/citation.{suffix}").status_code == 404
