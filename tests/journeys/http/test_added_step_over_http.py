"""A step added in the studio: running claims stay on their version, later ones pass it."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from engine import api
from tests import make
from tests.engine.diagrams import flow, user
from tests.journeys.health import assert_healthy
from tests.journeys.http import site as pages
from tests.journeys.http.site import FOUND, OK, Site
from tests.review_ui.reviewer.test_added_steps import FORM
from workflows.models import Claim, DefinitionDraft

pytestmark = pytest.mark.django_db(transaction=True)
FILE, SEAL = "claim_review.bpmn", "forms/look_at_seal.json"


def current() -> int:
    return next(v.id for v in api.definitions() if v.process_id == "claim_review" and v.is_current)


def version_of(claim: Claim) -> int:
    assert claim.instance_id is not None
    return api.instance(claim.instance_id).definition_id


def with_step(drawing: str) -> str:
    """The drawing with one more user task after the attachment check."""
    old = flow("check_attachments", "gw_attachments")
    assert old in drawing
    return drawing.replace(
        old,
        user("look_at_seal", "attachment_checker", form="look_at_seal", name="查看公章")
        + flow("check_attachments", "look_at_seal")
        + flow("look_at_seal", "gw_attachments"),
    )


def drawn(site: Site) -> DefinitionDraft:
    """The author begins a draft, adds the form, draws the step and saves."""
    wei = make.officer("wei", "process_author", place=None)
    site.press(wei, f"/studio/versions/{current()}/draft/", title="查看公章")
    row = DefinitionDraft.objects.get()
    home = f"/studio/drafts/{row.pk}"
    form = SimpleUploadedFile("look_at_seal.json", json.dumps(FORM).encode())
    site.press(wei, f"{home}/upload/", name=SEAL, file=form)
    client = site.browser(wei)
    opened = client.get(f"{home}/files/{FILE}")
    drawing = with_step(b"".join(opened).decode())
    saved = client.post(
        f"{home}/save/{FILE}",
        drawing.encode(),
        content_type="application/xml",
        headers={"If-Match": opened.headers["ETag"]},
    )
    assert saved.status_code == OK, saved.content.decode()
    row.refresh_from_db()
    return row


def publish(site: Site, row: DefinitionDraft) -> None:
    """The second person reads the changes and publishes."""
    shen = make.officer("shen", "process_publisher", place=None)
    home = f"/studio/drafts/{row.pk}"
    assert "查看公章" in site.read(shen, f"{home}/")
    given = {"revision": str(row.revision), "note": "公章须单独查看"}
    refused = site.browser(shen).post(f"{home}/publish/", {**given, "password": "not-mine"})
    assert refused.status_code == 422
    answer = site.browser(shen).post(f"{home}/publish/", {**given, "password": make.PASSWORD})
    assert answer.status_code == FOUND, pages.errors(answer.content.decode())


def test_running_claim_stays_and_new_one_passes_the_added_step(site: Site) -> None:
    cast = site.cast
    running = pages.apply(site, cast.wang)
    before = current()
    publish(site, drawn(site))
    assert current() != before
    assert version_of(running) == before

    running = pages.conclude(site, cast.qian, running, "pass")
    assert make.task(running).element_id == "review_eligibility"
    assert version_of(running) == before

    later = pages.apply(site, cast.zhang)
    assert version_of(later) == current()
    [done] = make.task(later).outcomes
    later = pages.conclude(site, cast.qian, later, done.code)
    task = make.task(later)
    assert task.element_id == "look_at_seal"
    page = site.read(cast.qian, f"/work/tasks/{task.id}/")
    assert "公章单位" in page
    pages.at_desk(site, cast.qian, later, page, "pass", seal_owner="某某公司")

    assert make.task(later).element_id == "review_eligibility"
    assert later.instance_id is not None
    assert api.variables(later.instance_id)["seal_owner"] == "某某公司"
    assert_healthy(site.at)
