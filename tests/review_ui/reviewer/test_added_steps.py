"""A step that somebody draws into a diagram is workable without a line of code."""

import json

import pytest

from engine import api
from engine.types import Bundle
from tests import make
from tests.engine.diagrams import flow, user
from tests.review_ui.reviewer.conftest import as_, hidden
from tests.workflows import small_bundle

pytestmark = pytest.mark.django_db(transaction=True)

FORM = {
    "id": "look_at_seal",
    "title": {"zh-hans": "查看公章", "en": "Look at the seal"},
    "outcomes": [
        {"code": "pass", "label": {"zh-hans": "公章清楚", "en": "Seal is clear"}, "tone": "good"},
        {"code": "return", "label": {"zh-hans": "退回", "en": "Return"}, "tone": "bad"},
    ],
    "fields": [
        {
            "name": "seal_owner",
            "type": "string",
            "label": {"zh-hans": "公章单位", "en": "Owner of the seal"},
            "required": True,
            "when": ["pass"],
        }
    ],
}


def with_added_step() -> Bundle:
    """The small bundle with one more user task, its form beside it."""
    diagram = small_bundle.review().decode()
    old = flow("check_attachments", "gw_attachments")
    assert old in diagram
    added = (
        user("look_at_seal", "attachment_checker", form="look_at_seal", name="查看公章")
        + flow("check_attachments", "look_at_seal")
        + flow("look_at_seal", "gw_attachments")
    )
    files = dict(small_bundle.bundle().files)
    files["claim_review.bpmn"] = diagram.replace(old, added).encode()
    files["forms/look_at_seal.json"] = json.dumps(FORM).encode()
    return Bundle(small_bundle.KEY, files, "more")


def test_an_added_step_renders_asks_for_its_field_and_completes() -> None:
    people = make.cast()
    api.deploy(
        with_added_step(),
        groups=small_bundle.GROUPS,
        milestones=small_bundle.STATUSES,
        by=None,
        at=make.AT,
    )
    claim = make.checked(people.wang)
    only = make.task(claim).outcomes[0].code
    claim = make.conclude(claim, only, people.qian)
    task = make.task(claim)
    assert task.element_id == "look_at_seal"
    client = as_(people.qian)
    page = client.post(f"/work/tasks/{task.id}/take/", follow=True).content.decode()
    assert "公章单位" in page
    assert "公章清楚" in page
    sent = {
        "key": hidden(page, "key"),
        "submission_sha256": hidden(page, "submission_sha256"),
        "outcome": "pass",
    }
    path = f"/work/tasks/{task.id}/conclude/"
    assert client.post(path, sent).status_code == 422
    assert client.post(path, {**sent, "seal_owner": "某某公司"}).status_code == 302
    make.settle()
    assert make.task(claim).element_id == "review_eligibility"
    assert claim.instance_id is not None
    assert api.variables(claim.instance_id)["seal_owner"] == "某某公司"
