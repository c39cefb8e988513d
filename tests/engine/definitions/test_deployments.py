"""Deployments: refused or stored once, numbered without gaps, compared element by element."""

import json
from datetime import datetime

import pytest

from engine import api
from engine.errors import DeploymentRefused, NotFound, OutcomeUnknown
from engine.kernel import lint
from engine.kernel.drawing.index import Drawing
from engine.kernel.drawing.report import Report
from engine.models import Deployment
from engine.runtime import handlers, loaded
from engine.types import Bundle, Catalogue
from tests.engine import diagrams as d
from tests.engine.fixtures import Register
from tests.engine.worlds import GROUPS, Cast, begin, deploy, only_task

pytestmark = pytest.mark.django_db

FORM = {
    "id": "check",
    "title": {"zh-hans": "审核", "en": "Check"},
    "outcomes": [
        {"code": "pass", "label": {"zh-hans": "通过", "en": "Pass"}, "tone": "good"},
        {"code": "fail", "label": {"zh-hans": "不通过", "en": "Fail"}, "requires": ["reasons"]},
    ],
    "fields": [
        {"name": "evidence_ok", "type": "boolean"},
        {"name": "kind", "type": "choice", "choices": [{"value": "a"}, {"value": "b"}]},
    ],
}


def plain(*tasks: str, key: str = "test") -> Bundle:
    return d.bundle(
        "claim",
        d.start(),
        *(d.user(task) for task in tasks),
        d.end(),
        d.line("start", *tasks, "end"),
        key=key,
    )


class TestDeploy:
    def test_same_content_is_the_same_deployment(self, at: datetime) -> None:
        first = deploy(plain("review"), at)

        again = deploy(plain("review"), at)

        assert again == first
        assert Deployment.objects.count() == 1

    def test_versions_count_up_and_the_last_is_current(self, at: datetime) -> None:
        bundles = [plain("a"), plain("a", "b"), plain("b")]

        for one in bundles:
            deploy(one, at)

        assert [(view.version, view.is_current) for view in api.definitions("test")] == [
            (3, True),
            (2, False),
            (1, False),
        ]

    def test_refusal_lists_everything_at_once(self, at: datetime) -> None:
        bad = d.bundle(
            "claim",
            d.start(),
            d.user("review", "nobody"),
            d.service("pay", "unheard"),
            d.end(),
            d.line("start", "review", "pay", "end"),
        )

        with pytest.raises(DeploymentRefused) as refused:
            deploy(bad, at)

        elements = {one.element_id for one in refused.value.findings if one.level == "error"}
        assert {"review", "pay"} <= elements
        assert not Deployment.objects.exists()
        assert api.check_bundle(bad, groups=GROUPS) == refused.value.findings

    def test_unreadable_form_is_refused(self, at: datetime) -> None:
        files = {**plain("review").files, "forms/check.json": b"{"}

        with pytest.raises(DeploymentRefused):
            deploy(Bundle("test", files), at)

    def test_running_instances_keep_their_version(self, cast: Cast, at: datetime) -> None:
        officer = cast.person("officer", "officers")
        deploy(plain("review"), at)
        instance_id = begin("claim", at).instance_id
        deploy(plain("review", "second"), at)

        advance = api.complete_task(only_task(instance_id).id, outcome="done", by=officer, at=at)

        assert advance.status == "completed"
        assert begin("claim", at).instance_id != instance_id

    def test_process_of_two_keys_must_be_named_with_its_key(self, at: datetime) -> None:
        deploy(plain("review", key="one"), at)
        deploy(plain("review", key="two"), at)

        with pytest.raises(NotFound):
            begin("claim", at)
        started = api.start_instance(
            "claim", key="two", business_key="SL-1", scope="", variables={}, by=None, at=at
        )

        assert started.status == "active"

    def test_bundle_stays_readable_when_a_handler_is_gone(
        self, register: Register, at: datetime
    ) -> None:
        register("pay")
        definition = deploy(
            d.bundle(
                "claim",
                d.start(),
                d.user("review"),
                d.service("pay", "pay"),
                d.end(),
                d.line("start", "review", "pay", "end"),
            ),
            at,
        )
        handlers._registered.pop("pay")
        loaded.forget()

        assert only_task(begin("claim", at).instance_id).element_id == "review"
        assert api.diagram(definition.id).startswith(b"<?xml")


class TestForms:
    @pytest.fixture(autouse=True)
    def definition_id(self, at: datetime) -> int:
        bundle = d.bundle(
            "claim",
            d.start(),
            d.user("review", form="check"),
            d.end(),
            d.line("start", "review", "end"),
            files={"forms/check.json": json.dumps(FORM).encode()},
        )
        return deploy(bundle, at).id

    def test_form_and_files_come_back(self, definition_id: int) -> None:
        assert api.form(definition_id, "check") == FORM
        assert api.form(definition_id, "other") is None
        assert set(api.files(definition_id)) == {"claim.bpmn", "forms/check.json"}

    def test_outcomes_are_those_of_the_form(self, at: datetime) -> None:
        task = only_task(begin("claim", at).instance_id)

        assert [(one.code, one.label.en, one.tone, one.requires) for one in task.outcomes] == [
            ("pass", "Pass", "good", ()),
            ("fail", "Fail", "neutral", ("reasons",)),
        ]

    def test_declared_fields_become_variables(self, cast: Cast, at: datetime) -> None:
        officer = cast.person("officer", "officers")
        instance_id = begin("claim", at).instance_id

        api.complete_task(
            only_task(instance_id).id,
            outcome="pass",
            variables={"evidence_ok": True, "kind": "b"},
            by=officer,
            at=at,
        )

        assert api.variables(instance_id) == {"evidence_ok": True, "kind": "b", "outcome": "pass"}

    @pytest.mark.parametrize(
        "variables", [{"evidence_ok": "yes"}, {"kind": "z"}, {"approved": True}]
    )
    def test_values_of_another_kind_and_other_names_are_refused(
        self,
        cast: Cast,
        at: datetime,
        variables: dict[str, bool | str],
    ) -> None:
        officer = cast.person("officer", "officers")
        task = only_task(begin("claim", at).instance_id)

        with pytest.raises(OutcomeUnknown):
            api.complete_task(task.id, outcome="pass", variables=variables, by=officer, at=at)


class TestDifferences:
    def test_names_elements_and_how_many_instances_stand_there(self, at: datetime) -> None:
        first = deploy(plain("review", "old"), at)
        begin("claim", at)
        begin("claim", at)
        second = deploy(plain("review", "added"), at)

        found = {
            one.element_id: (one.change, one.running)
            for one in api.differences(first.id, second.id)
        }

        assert found["added"] == ("added", 0)
        assert found["old"] == ("removed", 0)
        assert found["review"] == ("changed", 2)
        assert "end" not in found


class TestReleasedVersions:
    """An instance finishes on what it started with, whatever a later version would refuse."""

    def test_stricter_rules_leave_deployed_bundles_alone(
        self, at: datetime, cast: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        officer = cast.person("officer", "officers")
        deploy(plain("review"), at)
        started = begin("claim", at)

        def refuse(drawing: Drawing, catalogue: Catalogue, report: Report) -> None:
            del catalogue
            report.error("stricter.rule", drawing.processes[0])

        monkeypatch.setattr(lint, "check_drawing", refuse)
        loaded.forget()
        done = api.complete_task(
            only_task(started.instance_id).id, outcome="done", by=officer, at=at
        )

        assert done.status == "completed"
        with pytest.raises(DeploymentRefused):
            deploy(plain("review", "again"), at)


def test_an_outcome_without_a_flow_is_a_warning() -> None:
    form = {**FORM, "outcomes": [{"code": code} for code in ("pass", "fail", "return")]}
    drawn = d.bundle(
        "claim",
        d.start(),
        d.user("review", form="check"),
        d.choice("good"),
        d.end(),
        d.end("other"),
        d.line("start", "review", "good"),
        d.flow("good", "end", 'outcome = "pass"'),
        d.flow("good", "other", 'outcome = "fail"'),
    )
    files = {**drawn.files, "forms/check.json": json.dumps(form).encode()}

    found = api.check_bundle(Bundle("test", files), groups=GROUPS)

    lost = [f for f in found if f.code == "outcome.without_flow"]
    assert [(f.level, f.element_id, f.args["outcome"]) for f in lost] == [
        ("warning", "review", "return")
    ]
