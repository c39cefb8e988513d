"""Drafts through the pages: begun, drawn, refused, saved, published by another person."""

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import translation

from engine import api
from review_ui.studio import checking, parts
from tests import make
from tests.review_ui.payer.conftest import as_
from workflows.accounts.models import User
from workflows.models import DefinitionDraft

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse

pytestmark = pytest.mark.django_db(transaction=True)
FILE = "claim_review.bpmn"
BOMB = b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><l>&b;</l>'


@dataclass(frozen=True, slots=True)
class Studio:
    author: User
    second: User
    publisher: User
    stranger: User


@pytest.fixture
def studio(people: make.Cast) -> Studio:
    return Studio(
        make.officer("wei", "process_author", place=None),
        make.officer("jiang", "process_author", "process_publisher", place=None),
        make.officer("shen", "process_publisher", place=None),
        people.lin,
    )


def current(process: str = "claim_review") -> int:
    return next(v.id for v in api.definitions() if v.process_id == process and v.is_current)


def begun(author: User) -> DefinitionDraft:
    answer = as_(author).post(f"/studio/versions/{current()}/draft/", {"title": "改个名字"})
    assert answer.status_code == 302
    return DefinitionDraft.objects.get(published_at=None)


def put(
    client: Client, row: DefinitionDraft, raw: bytes, *, act: str = "save", tag: str | None = None
) -> "_MonkeyPatchedWSGIResponse":
    return client.post(
        f"/studio/drafts/{row.pk}/{act}/{FILE}",
        raw,
        content_type="application/xml",
        headers={"If-Match": tag or f'"{row.revision}"'},
    )


def renamed(name: str = "换个说法") -> bytes:
    """The drawing with another name at its first user task."""
    raw = api.diagram(current())
    found = re.sub(
        rb'(<(?:bpmn:)?userTask id="\w+" name=")[^"]*', rb"\g<1>" + name.encode(), raw, count=1
    )
    assert found != raw
    return found


def publish(user: User, row: DefinitionDraft, **fields: str) -> "_MonkeyPatchedWSGIResponse":
    given = {"revision": str(row.revision), "note": "换名称", "password": make.PASSWORD}
    return as_(user).post(f"/studio/drafts/{row.pk}/publish/", {**given, **fields})


def test_a_draft_becomes_the_version_of_new_claims_and_old_ones_stay(
    studio: Studio, people: make.Cast
) -> None:
    claim = make.checked(people.wang)
    before = current()
    row = begun(studio.author)
    assert put(as_(studio.author), row, renamed()).status_code == 200
    row.refresh_from_db()
    page = as_(studio.publisher).get(f"/studio/drafts/{row.pk}/").content.decode()
    assert "换个说法" in page
    assert publish(studio.publisher, row).status_code == 302
    after = current()
    assert after != before
    assert claim.instance_id is not None
    assert api.instance(claim.instance_id).definition_id == before
    assert api.definition(before).running >= 1
    row.refresh_from_db()
    assert (row.published_by, row.note) == (studio.publisher, "换名称")


def test_a_changed_step_says_how_many_claims_stand_at_it(
    studio: Studio, people: make.Cast
) -> None:
    claim = make.checked(people.wang)
    element = make.task(claim).element_id
    row = begun(studio.author)
    raw = api.diagram(current())
    changed = re.sub(
        rb'(<(?:bpmn:)?userTask id="' + element.encode() + rb'" name=")[^"]*',
        rb"\1Other",
        raw,
    )
    assert changed != raw
    put(as_(studio.author), row, changed)
    page = as_(studio.author).get(f"/studio/drafts/{row.pk}/").content.decode()
    assert re.search(element + r'.{0,200}data-l="在办件数">1<', page, re.DOTALL)
    row.refresh_from_db()
    publish(studio.publisher, row)
    make.checked(people.zhang)
    row = begun(studio.author)
    put(as_(studio.author), row, raw)
    page = as_(studio.author).get(f"/studio/drafts/{row.pk}/").content.decode()
    # The claim of the first version still stands there.
    assert re.search(element + r'.{0,200}data-l="在办件数">2<', page, re.DOTALL)


@pytest.mark.parametrize("raw", [b"<broken", b"", b"\xff\xfe\x00", BOMB, b"<a/>"])
def test_what_cannot_be_read_is_found_and_never_kept(studio: Studio, raw: bytes) -> None:
    row = begun(studio.author)
    client = as_(studio.author)
    answer = put(client, row, raw, act="lint")
    assert answer.status_code == 200
    found = json.loads(answer.content)["findings"]
    assert found[0]["level"] == "error"
    assert found[0]["message"]
    assert found[0]["remedy"]
    kept = put(client, row, raw)
    assert kept.status_code == 422
    assert json.loads(kept.content)["message"]
    row.refresh_from_db()
    assert (row.files, row.revision) == ({}, 1)


@pytest.mark.parametrize("name", ["amount.dmn", "forms/review.json", "claim_review.bpmn"])
@pytest.mark.parametrize("raw", [b"<broken", b"\xff\x00", BOMB, b"{", b"a\0b"])
def test_a_hostile_upload_is_refused_in_words(studio: Studio, name: str, raw: bytes) -> None:
    row = begun(studio.author)
    answer = as_(studio.author).post(
        f"/studio/drafts/{row.pk}/upload/",
        {"file": SimpleUploadedFile("x", raw), "name": name},
    )
    assert answer.status_code == 422
    assert "sl-errors" in answer.content.decode()
    row.refresh_from_db()
    assert row.files == {}


@pytest.mark.parametrize("name", ["../settings.py", "calendar.json", "a.exe", "forms/../x.json"])
def test_a_draft_takes_no_file_of_another_kind(studio: Studio, name: str) -> None:
    row = begun(studio.author)
    answer = as_(studio.author).post(
        f"/studio/drafts/{row.pk}/upload/",
        {"file": SimpleUploadedFile("x", b"{}"), "name": name},
    )
    assert answer.status_code == 422
    row.refresh_from_db()
    assert row.files == {}


def test_too_large_a_drawing_is_refused(studio: Studio) -> None:
    row = begun(studio.author)
    raw = b"<a>" + b" " * checking.LARGEST + b"</a>"
    for act in ("save", "lint"):
        assert put(as_(studio.author), row, raw, act=act).status_code == 413


def test_a_check_that_takes_too_long_is_ended(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = begun(studio.author)
    monkeypatch.setattr(checking, "SECONDS", 0)
    answer = put(as_(studio.author), row, api.diagram(current()), act="lint")
    assert answer.status_code == 503


def test_two_people_never_overwrite_each_other(studio: Studio) -> None:
    row = begun(studio.author)
    client = as_(studio.author)
    first = put(client, row, renamed())
    assert first.headers["ETag"] == '"2"'
    assert put(client, row, renamed(), tag='"1"').status_code == 412
    row.refresh_from_db()
    assert put(as_(studio.second), row, renamed()).status_code == 403
    assert row.revision == 2


def test_an_author_never_publishes_the_own_draft(studio: Studio) -> None:
    row = begun(studio.second)
    put(as_(studio.second), row, renamed())
    row.refresh_from_db()
    page = as_(studio.second).get(f"/studio/drafts/{row.pk}/").content.decode()
    assert "publish/" not in page
    assert publish(studio.second, row).status_code == 403
    row.refresh_from_db()
    assert row.published_at is None


def test_a_publication_needs_a_note_the_password_and_the_state_that_was_seen(
    studio: Studio,
) -> None:
    row = begun(studio.author)
    put(as_(studio.author), row, renamed())
    row.refresh_from_db()
    assert publish(studio.publisher, row, note="").status_code == 422
    assert publish(studio.publisher, row, password="wrong").status_code == 422
    assert publish(studio.publisher, row, revision="1").status_code == 409
    assert publish(studio.publisher, row, revision="9" * 40).status_code == 409
    row.refresh_from_db()
    assert row.published_at is None


def test_errors_keep_a_draft_from_being_published(studio: Studio) -> None:
    row = begun(studio.author)
    raw = api.diagram(current())
    broken = re.sub(rb'targetRef="\w+"', b'targetRef="nowhere"', raw, count=1)
    assert put(as_(studio.author), row, broken).status_code == 200
    row.refresh_from_db()
    page = as_(studio.publisher).get(f"/studio/drafts/{row.pk}/").content.decode()
    assert "须先改正" in page
    assert publish(studio.publisher, row).status_code == 422
    row.refresh_from_db()
    assert row.published_at is None


def test_a_draft_over_an_older_version_is_not_published(studio: Studio) -> None:
    row = begun(studio.author)
    put(as_(studio.author), row, renamed())
    as_(studio.author).post(f"/studio/versions/{current()}/draft/", {"title": "另一份"})
    late = DefinitionDraft.objects.exclude(pk=row.pk).get()
    put(as_(studio.author), late, renamed("另一个说法"))
    row.refresh_from_db()
    assert publish(studio.publisher, row).status_code == 302
    late.refresh_from_db()
    assert publish(studio.publisher, late).status_code == 409


def test_a_draft_is_thrown_away_by_its_author(studio: Studio) -> None:
    row = begun(studio.author)
    assert as_(studio.second).post(f"/studio/drafts/{row.pk}/discard/").status_code == 403
    assert as_(studio.author).post(f"/studio/drafts/{row.pk}/discard/").status_code == 302
    assert not DefinitionDraft.objects.exists()


def test_the_editor_page_allows_its_styles_by_a_nonce(studio: Studio) -> None:
    row = begun(studio.author)
    answer = as_(studio.author).get(f"/studio/drafts/{row.pk}/design/{FILE}")
    page = answer.content.decode()
    policy = answer.headers["Content-Security-Policy"]
    nonce = re.search(r'data-nonce="([^"]+)"', page)
    assert nonce is not None
    assert f"style-src 'self' 'nonce-{nonce[1]}'" in policy
    assert "style-src-attr 'unsafe-inline'" in policy
    assert "data-save-url" in page
    for part in ("string length", "attachment_checker", "payout", "amount"):
        assert part in page
    other = as_(studio.publisher).get(f"/studio/drafts/{row.pk}/design/{FILE}")
    assert "data-save-url" not in other.content.decode()
    plain = as_(studio.author).get("/studio/").headers["Content-Security-Policy"]
    assert "unsafe-inline" not in plain


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_answers_in_both_languages(studio: Studio, language: str) -> None:
    row = begun(studio.author)
    here = current()
    client = as_(studio.author, language)
    for address in (
        "/studio/",
        f"/studio/versions/{here}/",
        f"/studio/versions/{here}/tables/amount/",
        f"/studio/drafts/{row.pk}/",
        f"/studio/drafts/{row.pk}/design/{FILE}",
    ):
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert f'<html lang="{"en" if language == "en" else "zh-Hans"}"' in answer.content.decode()


def test_files_come_as_they_are(studio: Studio) -> None:
    here = current()
    client = as_(studio.author)
    raw = api.diagram(here)
    assert client.get(f"/studio/versions/{here}/diagram.xml").content == raw
    assert client.get(f"/studio/versions/{here}/files/{FILE}").content == raw
    for name in ("../manage.py", "nothing.dmn"):
        assert client.get(f"/studio/versions/{here}/files/{name}").status_code == 404
    for address in ("/studio/versions/99999/", f"/studio/versions/{here}/tables/nothing/"):
        assert client.get(address).status_code == 404


def test_the_studio_is_for_its_people(studio: Studio, people: make.Cast) -> None:
    row = begun(studio.author)
    for user in (studio.stranger, people.wang):
        for address in ("/studio/", f"/studio/drafts/{row.pk}/"):
            assert as_(user).get(address).status_code == 404
        assert put(as_(user), row, b"<a/>").status_code == 404
    assert as_(studio.publisher).post(f"/studio/versions/{current()}/draft/").status_code == 404


def test_names_are_said_in_the_language_of_the_page() -> None:
    raw = b"""<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
      xmlns:shenling="urn:shenling:bpmn:1"><process id="p"><userTask id="check" name="\xe6\xa0\xb8"
      >
      <extensionElements><shenling:text lang="en">Check it</shenling:text></extensionElements>
      </userTask></process></definitions>"""
    assert [part.name for part in parts.outline("a.bpmn", raw)] == ["核"]
    with translation.override("en"):
        assert [part.name for part in parts.outline("a.bpmn", raw)] == ["Check it"]
