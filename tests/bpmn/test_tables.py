"""The shipped tables: every rule fires in some case, and a gap is never an answer."""

from collections.abc import Mapping
from decimal import Decimal

import pytest

from engine.decisions import analyse, describe
from engine.types import Variable
from tests.bpmn import tables
from tests.bpmn.tables import PARAMETERS, PLAIN, ask
from workflows.models import PayeeAccount
from workflows.programmes import load

Facts = Mapping[str, Variable]
ELIGIBILITY: dict[str, tuple[Facts, str]] = {
    "outside_window": ({"in_window": False}, "E01"),
    "not_insured": ({"insured": False}, "E02"),
    "insured_elsewhere": ({"insured_here": False}, "E02"),
    "not_reported": ({"headcount_reported": False}, "E03"),
    "employed": ({"employed": True}, "E04"),
    "pension": ({"pension": True}, "E05"),
    "age": ({"age_reached": True}, "E05"),
    "no_month_left": ({"months_to_pension": Decimal(0)}, "E05"),
    "drawn_elsewhere": ({"drawn_in_group": True}, "E06"),
    "drawn_here": ({"drawn_here": True}, "E06"),
    "ui_available": ({"ui_available": True}, "E07"),
    "no_category": ({"category": "none"}, "E07"),
    "open_duplicate": ({"open_duplicate": True}, "E08"),
    "name_differs": ({"name_match": False}, "E10"),
    "registers_down": ({"register_verdict": "unavailable"}, "E09"),
    "category_unknown": ({"category": "unknown"}, "E09"),
}
UNKNOWN = (
    "in_window",
    "insured",
    "insured_here",
    "headcount_reported",
    "employed",
    "pension",
    "age_reached",
    "months_to_pension",
    "drawn_in_group",
    "drawn_here",
    "ui_available",
    "category",
    "open_duplicate",
    "name_match",
    "register_verdict",
)
ELIGIBILITY |= {f"unknown_{fact}": ({fact: None}, "E09") for fact in UNKNOWN}
PRECHECK: dict[str, tuple[Facts, str]] = {
    "file_missing": ({"files": "missing", "scan": "missing"}, "A01"),
    "infected": ({"scan": "infected"}, "A08"),
    "scanner_down": ({"scan": "unavailable"}, "S90"),
    "account_failed": ({"account_check": "failed"}, "F02"),
    "account_unverified": ({"account_check": "unavailable"}, "S90"),
    "open_duplicate": ({"duplicate": "open"}, "E08"),
    "shared_account": ({"duplicate": "suspect"}, "F02"),
    "unknown_files": ({"files": None}, "S90"),
    "unknown_scan": ({"scan": None}, "S90"),
    "unknown_account": ({"account_check": None}, "S90"),
    "unknown_duplicate": ({"duplicate": None}, "S90"),
}
LONG: Facts = {"insured": True, "ui_history": "never", "contribution_months": Decimal(12)}
CATEGORY: dict[str, tuple[Facts, str]] = {
    "not_insured": ({"insured": False}, "none"),
    "insured_unknown": ({"insured": None}, "unknown"),
    "exhausted": ({"insured": True, "ui_history": "exhausted"}, "exhausted"),
    "history_unknown": ({"insured": True, "ui_history": None}, "unknown"),
    "can_draw": ({"insured": True, "ui_history": "partly"}, "none"),
    "under_1y": ({**LONG, "contribution_months": Decimal(11)}, "under_1y"),
    "months_unknown": ({**LONG, "contribution_months": None}, "unknown"),
    "voluntary_1y": ({**LONG, "separation_voluntary": True}, "voluntary_1y"),
    "qualifies": ({**LONG, "separation_voluntary": False}, "none"),
    "separation_unknown": ({**LONG, "separation_voluntary": None}, "unknown"),
}
AMOUNT: dict[str, tuple[Facts, tuple[str, int]]] = {
    "rate_unlimited": ({"months_to_pension": None}, ("800.00", 6)),
    "rate_months": ({"months_to_pension": Decimal(3)}, ("800.00", 3)),
    "flat_unlimited": ({"flat": Decimal(700), "months_to_pension": None}, ("700.00", 6)),
    "flat_months": ({"flat": Decimal(700), "months_to_pension": Decimal(7)}, ("700.00", 6)),
}
SINGLE: dict[str, dict[str, tuple[Facts, Variable]]] = {
    "routing": {
        "first": (
            {"risk": "normal", "resubmissions": Decimal(0)},
            {"priority": Decimal(50), "pool": "own"},
        ),
        "again": (
            {"risk": "normal", "resubmissions": Decimal(1)},
            {"priority": Decimal(60), "pool": "own"},
        ),
        "raised": (
            {"risk": "raised", "resubmissions": Decimal(0)},
            {"priority": Decimal(70), "pool": "own"},
        ),
    },
    "resubmission": {
        "again": ({"submission_no": Decimal(3)}, "again"),
        "supervisor": ({"submission_no": Decimal(4)}, "supervisor"),
        "unknown": ({"submission_no": None}, "supervisor"),
    },
    "sla": {
        "check_attachments": ({"element": "check_attachments"}, Decimal(3)),
        "look_into": ({"element": "look_into"}, Decimal(3)),
        "review_eligibility": ({"element": "review_eligibility"}, Decimal(5)),
        "approve_claim": ({"element": "approve_claim"}, Decimal(3)),
        "quality_check": ({"element": "quality_check"}, Decimal(3)),
        "confirm_denial": ({"element": "confirm_denial"}, Decimal(3)),
        "allow_again": ({"element": "allow_again"}, Decimal(3)),
        "review_appeal": ({"element": "review_appeal"}, Decimal(20)),
    },
    "stop": {
        "before_event": ({"stop_reason": "T01", "stop_month": "2021-01"}, "2020-12"),
        "month_of_event": ({"stop_reason": "T04", "stop_month": "2020-08"}, "2020-08"),
        "month_unknown": ({"stop_reason": "T01", "stop_month": None}, None),
    },
}
ATTACHMENTS = {
    "id_front": "debit_card",
    "id_back": "debit_card",
    "card_picture": "debit_card",
    "social_card": "social_card",
    "passbook": "passbook",
}


def test_no_rule_is_without_a_case() -> None:
    """Tables and cases name the same rules, so a new rule needs a new case."""
    cases = {
        "eligibility_reasons": set(ELIGIBILITY),
        "precheck_reasons": set(PRECHECK),
        "category": set(CATEGORY),
        "amount": set(AMOUNT),
        "attachments": set(ATTACHMENTS),
        **{name: set(rows) for name, rows in SINGLE.items()},
    }
    drawn = {
        name: {rule.id.removeprefix(f"{name}_") for rule in describe(decision).rules}
        for name, decision in tables.decisions().items()
    }
    assert drawn == cases


@pytest.mark.parametrize("rule", ELIGIBILITY)
def test_eligibility_rule_fires_alone(rule: str) -> None:
    changed, code = ELIGIBILITY[rule]
    found = ask("eligibility_reasons", {**PLAIN, "category": "under_1y", **changed})
    assert found.fired == (f"eligibility_reasons_{rule}",)
    assert found.value == [code]


def test_claim_in_order_has_no_reason() -> None:
    found = ask("eligibility_reasons", {**PLAIN, "category": "under_1y"})
    assert (found.value, found.error) == ([], None)
    assert ask("precheck_reasons", PLAIN).value == []


def test_every_register_fact_has_a_row_for_null() -> None:
    """A null input satisfies no other test: without its row it would pass in silence."""
    package = load(tables.FOLDER)
    facts_of_category = {"ui_history", "contribution_months", "separation_voluntary"}
    assert set(package.inputs) - facts_of_category <= set(UNKNOWN)
    for fact in facts_of_category:
        facts = {**PLAIN, **LONG, fact: None}
        assert tables.reasons(facts) == ["E09"], fact


def test_missing_variable_counts_as_unknown() -> None:
    facts = {key: value for key, value in PLAIN.items() if key != "employed"}
    assert tables.reasons(facts) == ["E09"]


@pytest.mark.parametrize("rule", PRECHECK)
def test_precheck_rule_fires_alone(rule: str) -> None:
    changed, code = PRECHECK[rule]
    found = ask("precheck_reasons", {**PLAIN, **changed})
    assert found.fired == (f"precheck_reasons_{rule}",)
    assert found.value == [code]


@pytest.mark.parametrize("rule", CATEGORY)
def test_category(rule: str) -> None:
    facts, expected = CATEGORY[rule]
    found = ask("category", facts)
    assert (found.fired, found.value) == ((f"category_{rule}",), expected)


@pytest.mark.parametrize("history", ["partly", "drawing"])
def test_who_may_still_draw_has_no_category(history: str) -> None:
    assert tables.category({**PLAIN, "ui_history": history}) == "none"


@pytest.mark.parametrize("rule", AMOUNT)
def test_amount(rule: str) -> None:
    changed, (monthly, months) = AMOUNT[rule]
    found = ask("amount", {**PARAMETERS, **changed})
    assert found.fired == (f"amount_{rule}",)
    assert found.value == {"monthly": Decimal(monthly), "months": Decimal(months)}


@pytest.mark.parametrize(
    "changed",
    [
        {"ui_standard": None},
        {"ui_standard": Decimal(0)},
        {"flat": Decimal(-1)},
        {"months_to_pension": Decimal(0)},
        {"months_to_pension": Decimal(-5)},
    ],
)
def test_gap_is_no_amount(changed: Facts) -> None:
    found = ask("amount", {**PARAMETERS, "months_to_pension": Decimal(120), **changed})
    assert (found.fired, found.value) == ((), None)


@pytest.mark.parametrize("missing", ["rate", "cap_rate"])
def test_missing_percentage_is_no_amount(missing: str) -> None:
    found = ask("amount", {**PARAMETERS, missing: None, "months_to_pension": Decimal(120)})
    assert isinstance(found.value, dict)
    assert found.value["monthly"] is None


@pytest.mark.parametrize(
    ("table", "rule"), [(table, rule) for table, rules in SINGLE.items() for rule in rules]
)
def test_single_answer(table: str, rule: str) -> None:
    facts, expected = SINGLE[table][rule]
    found = ask(table, facts)
    assert (found.fired, found.value) == ((f"{table}_{rule}",), expected)


@pytest.mark.parametrize("reason", ["T01", "T02", "T03", "T04", "T05", "T06", "T07"])
def test_every_stop_has_a_last_month(reason: str) -> None:
    found = ask("stop", {"stop_reason": reason, "stop_month": "2020-08"})
    assert found.value == ("2020-08" if reason in {"T04", "T07"} else "2020-07")


def test_reason_that_nobody_knows_stops_nothing() -> None:
    found = ask("stop", {"stop_reason": "T99", "stop_month": "2020-08"})
    assert found.value is None
    assert found.error is not None


@pytest.mark.parametrize("rule", ATTACHMENTS)
def test_attachment_rule_fires(rule: str) -> None:
    found = ask("attachments", {"account_kind": ATTACHMENTS[rule]})
    assert f"attachments_{rule}" in found.fired


@pytest.mark.parametrize("kind", PayeeAccount.Kind.values)
def test_table_and_list_ask_for_the_same_files(kind: str) -> None:
    specs = load(tables.FOLDER).attachments
    listed = [spec.code for spec in specs if not spec.when or kind in spec.when]
    assert ask("attachments", {"account_kind": kind}).value == listed


def test_no_two_rules_of_a_single_answer_overlap() -> None:
    for decision in tables.decisions().values():
        codes = {finding.code for finding in analyse(decision)}
        assert not codes & {"overlap", "duplicate"}, decision.id


def test_every_code_of_a_table_is_a_reason_of_the_package() -> None:
    package = load(tables.FOLDER)
    for name in ("eligibility_reasons", "precheck_reasons"):
        for rule in describe(tables.decisions()[name]).rules:
            assert rule.entries[0].strip('"') in package.reasons


def test_every_column_has_an_english_name() -> None:
    labels = load(tables.FOLDER).labels
    columns = {
        column.label
        for decision in tables.decisions().values()
        for column in describe(decision).inputs
    }
    assert columns == set(labels)
    assert all(name.isascii() for name in labels.values())
