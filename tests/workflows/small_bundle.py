"""A small programme for tests of the domain: three diagrams, three tables, no folder.

The shipped programmes have tests of their own; here every act of the domain has a diagram that
waits for it, in as few elements as that takes.
"""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from engine.types import Bundle
from tests.engine.diagrams import (
    choice,
    document,
    end,
    flow,
    fork,
    line,
    message,
    receive,
    service,
    start,
    timer,
    user,
)

KEY = "TEST"
REASONS: dict[str, tuple[str, str, str]] = {
    "A01": ("fix", "缺少材料", ""),
    "A02": ("fix", "影像模糊", ""),
    "A08": ("fix", "文件有害", ""),
    "E01": ("block", "不在期限内", ""),
    "E03": ("fix", "未办理减员", "employer"),
    "E04": ("block", "已重新就业", ""),
    "E09": ("look", "数据暂不可用", ""),
    "E10": ("look", "登记不一致", ""),
    "E19": ("block", "其他", ""),
    "F02": ("look", "账户校验失败", "account"),
    "P01": ("pay", "账户已销户", ""),
    "T01": ("stop", "已重新就业", ""),
    "P04": ("pay", "账号不存在", ""),
}
STATUSES = {
    "submitted": "submitted",
    "checking": "attachment_check",
    "reviewing": "eligibility_review",
    "deciding": "second_review",
    "sampled": "quality_check",
    "returned": "returned",
    "approved": "approved",
    "paid": "paying",
    "payment_failed": "paying",
    "denied": "denied",
    "appealed": "appealed",
    "denied_final": "denied_final",
    "expired": "expired",
    "withdrawn": "withdrawn",
    "deleted": "deleted",
    "stopped": "stopped",
    "completed": "completed",
}
TEXTS = {
    "submitted": "已收到您的申请，编号{number}。",
    "returned": "有{n}处需要您补正，请在{date}前修改并重新上报。",
    "approved": "审核通过：每月{amount}元，共{months}个月。",
    "paid": "{period}补助{amount}元已发放到尾号{tail}的账户。",
    "denied": "未通过：{reason}可在{date}前申请复核。",
}
OFFICERS = ("attachment_checker", "reviewer", "approver", "quality_checker", "supervisor")
GROUPS = (*OFFICERS, "applicant", "clerk", "payer", "payment_checker", "payment_releaser")


def milestone(code: str) -> str:
    return f'<shenling:milestone code="{code}"/>'


def four_eyes(*elements: str) -> str:
    return f'<shenling:fourEyes notSameAs="{" ".join(elements)}"/>'


def working_days(count: int) -> str:
    return f'<shenling:deadline workingDays="{count}"/>'


def outcomes(*codes: str) -> str:
    """Outcomes as a property; the tone of a form is not needed here."""
    return (
        '<zeebe:properties><zeebe:property name="outcomes" '
        f'value="{", ".join(codes)}"/></zeebe:properties>'
    )


def end_at(element: str, code: str) -> str:
    """An end event that is a milestone."""
    return (
        f'<bpmn:endEvent id="{element}"><bpmn:extensionElements>{milestone(code)}'
        f"</bpmn:extensionElements></bpmn:endEvent>"
    )


def start_at(element: str, code: str) -> str:
    return (
        f'<bpmn:startEvent id="{element}"><bpmn:extensionElements>{milestone(code)}'
        f"</bpmn:extensionElements></bpmn:startEvent>"
    )


def rule(element: str, decision: str, result: str) -> str:
    return (
        f'<bpmn:businessRuleTask id="{element}"><bpmn:extensionElements><zeebe:calledDecision '
        f'decisionId="{decision}" resultVariable="{result}"/></bpmn:extensionElements>'
        f"</bpmn:businessRuleTask>"
    )


def deadline_timer(host: str, element: str, days: int) -> str:
    """An interrupting boundary timer in working days."""
    return (
        f'<bpmn:boundaryEvent id="{element}" attachedToRef="{host}"><bpmn:extensionElements>'
        f"{working_days(days)}</bpmn:extensionElements><bpmn:timerEventDefinition/>"
        f"</bpmn:boundaryEvent>"
    )


def on_message(element: str, name: str, *parts: str) -> str:
    """An interrupting event subprocess that a message starts."""
    return (
        f'<bpmn:subProcess id="{element}" triggeredByEvent="true">'
        f'<bpmn:startEvent id="{element}_start"><bpmn:messageEventDefinition '
        f'messageRef="m_{name}"/></bpmn:startEvent>{"".join(parts)}</bpmn:subProcess>'
    )


def pay_timer(element: str) -> str:
    return (
        f'<bpmn:intermediateCatchEvent id="{element}"><bpmn:timerEventDefinition>'
        f'<bpmn:timeDate xsi:type="bpmn:tFormalExpression">=pay_at</bpmn:timeDate>'
        f"</bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>"
    )


def ways(gateway: str, targets: dict[str, str], variable: str = "outcome") -> str:
    """One flow per outcome."""
    return "".join(
        flow(gateway, target, f'{variable} = "{code}"', name=code)
        for code, target in targets.items()
    )


def review() -> bytes:
    """The review of a claim, without lanes."""
    return document(
        "claim_review",
        start_at("submitted", "submitted"),
        service("normalise", "claims.normalise"),
        fork("fork_checks"),
        service("scan_files", "attachments.scan"),
        service("match_registers", "registers.match"),
        service("find_duplicates", "claims.find_duplicates"),
        fork("join_checks"),
        rule("precheck", "precheck_reasons", "precheck"),
        choice("gw_precheck"),
        user(
            "check_attachments",
            "attachment_checker",
            extra=working_days(3) + milestone("checking"),
        ),
        choice("gw_attachments"),
        rule("eligibility", "eligibility_reasons", "reasons"),
        user("review_eligibility", "reviewer", extra=working_days(5) + milestone("reviewing")),
        choice("gw_review"),
        user(
            "approve_claim",
            "approver",
            extra=four_eyes("check_attachments", "review_eligibility") + milestone("deciding"),
        ),
        choice("gw_decision"),
        service("draw_sample", "quality.draw"),
        choice("gw_sample"),
        user("quality_check", "quality_checker", extra=milestone("sampled")),
        choice("gw_quality"),
        rule("amount_of", "amount", "amount"),
        service("create_entitlement", "entitlements.create", extra=milestone("approved")),
        service("order_payout", "payouts.order"),
        '<bpmn:eventBasedGateway id="gw_until_money"/>',
        receive("payment_started", "payment_started"),
        receive("approval_undone", "approval_undone"),
        end("end_paying"),
        service("revoke", "entitlements.void"),
        service("return_claim", "claims.open_correction"),
        user("correct_claim", "applicant", extra=milestone("returned")),
        timer("correct_claim", "remind_after", "P10D", interrupting=False),
        service("remind", "notify.reminder"),
        end("end_reminded"),
        deadline_timer("correct_claim", "expired_after", 15),
        service("expire", "claims.expire"),
        end_at("end_expired", "expired"),
        choice("gw_corrected"),
        service("withdraw", "claims.withdraw"),
        end_at("end_withdrawn", "withdrawn"),
        service("erase", "claims.erase"),
        end_at("end_deleted", "deleted"),
        service("deny", "claims.deny", extra=milestone("denied")),
        '<bpmn:eventBasedGateway id="gw_appeal"/>',
        receive("appeal_lodged", "appeal_lodged"),
        '<bpmn:intermediateCatchEvent id="appeal_over"><bpmn:timerEventDefinition>'
        '<bpmn:timeDuration xsi:type="bpmn:tFormalExpression">P60D</bpmn:timeDuration>'
        "</bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>",
        user(
            "review_appeal",
            "approver",
            extra=four_eyes("approve_claim") + milestone("appealed"),
        ),
        choice("gw_upheld"),
        end_at("end_denied", "denied_final"),
        on_message(
            "on_withdraw",
            "withdraw_requested",
            service("withdraw_now", "claims.withdraw"),
            end_at("end_withdrawn_now", "withdrawn"),
            line("on_withdraw_start", "withdraw_now", "end_withdrawn_now"),
        ),
        line("submitted", "normalise", "fork_checks"),
        flow("fork_checks", "scan_files"),
        flow("fork_checks", "match_registers"),
        flow("fork_checks", "find_duplicates"),
        flow("scan_files", "join_checks"),
        flow("match_registers", "join_checks"),
        flow("find_duplicates", "join_checks"),
        line("join_checks", "precheck", "gw_precheck"),
        flow("gw_precheck", "return_claim", 'scan = "missing" or scan = "infected"'),
        flow("gw_precheck", "check_attachments", 'scan != "missing" and scan != "infected"'),
        line("check_attachments", "gw_attachments"),
        ways("gw_attachments", {"pass": "eligibility", "return": "return_claim"}),
        line("eligibility", "review_eligibility", "gw_review"),
        flow(
            "gw_review",
            "approve_claim",
            'outcome = "recommend_approval" or outcome = "recommend_denial"',
        ),
        ways("gw_review", {"return": "return_claim"}),
        line("approve_claim", "gw_decision"),
        ways(
            "gw_decision",
            {
                "approve": "draw_sample",
                "deny": "deny",
                "back": "review_eligibility",
                "return": "return_claim",
            },
        ),
        line("draw_sample", "gw_sample"),
        flow("gw_sample", "quality_check", "drawn = true"),
        flow("gw_sample", "amount_of", "drawn = false"),
        line("quality_check", "gw_quality"),
        ways("gw_quality", {"confirm": "amount_of", "reopen": "review_eligibility"}),
        line("amount_of", "create_entitlement", "order_payout", "gw_until_money"),
        flow("gw_until_money", "payment_started"),
        flow("gw_until_money", "approval_undone"),
        line("payment_started", "end_paying"),
        line("approval_undone", "revoke", "review_eligibility"),
        line("return_claim", "correct_claim", "gw_corrected"),
        line("remind_after", "remind", "end_reminded"),
        line("expired_after", "expire", "end_expired"),
        ways(
            "gw_corrected",
            {"resubmit": "normalise", "withdraw": "withdraw", "delete": "erase"},
        ),
        line("withdraw", "end_withdrawn"),
        line("erase", "end_deleted"),
        line("deny", "gw_appeal"),
        flow("gw_appeal", "appeal_lodged"),
        flow("gw_appeal", "appeal_over"),
        line("appeal_over", "end_denied"),
        line("appeal_lodged", "review_appeal", "gw_upheld"),
        ways("gw_upheld", {"uphold": "end_denied", "reopen": "review_eligibility"}),
        around="".join(
            message(name, "=claim_number")
            for name in (
                "payment_started",
                "approval_undone",
                "withdraw_requested",
                "appeal_lodged",
            )
        ),
    )


def payout() -> bytes:
    """The months of an entitlement, one after the other."""
    return document(
        "payout",
        start("ordered"),
        pay_timer("wait_pay_day"),
        service("recheck", "entitlements.recheck"),
        choice("gw_entitled"),
        user(
            "confirm_entitled",
            "reviewer",
            extra=outcomes("entitled|仍符合|Entitled", "stop|停发|Stop"),
        ),
        choice("gw_confirmed"),
        service("make_payable", "instalments.make_payable"),
        receive("wait_result", "instalment_result"),
        choice("gw_result"),
        user(
            "change_account",
            "applicant",
            extra=milestone("payment_failed") + outcomes("changed|已更换|Changed"),
        ),
        user(
            "confirm_account",
            "payer",
            extra=four_eyes("change_account")
            + outcomes("confirm|确认|Confirm", "refuse|退回|Refuse"),
        ),
        choice("gw_account"),
        service("next_month", "instalments.next", extra=milestone("paid")),
        choice("gw_more"),
        service("stop_payment", "entitlements.stop"),
        end_at("end_stopped", "stopped"),
        end_at("paid_in_full", "completed"),
        on_message(
            "on_stop",
            "stop_requested",
            user("stop_review", "reviewer", extra=outcomes("stop|停发|Stop")),
            service("stop_now", "entitlements.stop"),
            end_at("end_stopped_now", "stopped"),
            line("on_stop_start", "stop_review", "stop_now", "end_stopped_now"),
        ),
        on_message(
            "on_void",
            "entitlement_voided",
            end("end_voided"),
            line("on_void_start", "end_voided"),
        ),
        line("ordered", "wait_pay_day", "recheck", "gw_entitled"),
        ways(
            "gw_entitled",
            {"entitled": "make_payable", "look": "confirm_entitled", "stop": "stop_payment"},
            "recheck",
        ),
        line("confirm_entitled", "gw_confirmed"),
        ways("gw_confirmed", {"entitled": "make_payable", "stop": "stop_payment"}),
        line("make_payable", "wait_result", "gw_result"),
        ways("gw_result", {"failed": "change_account", "paid": "next_month"}, "result"),
        line("change_account", "confirm_account", "gw_account"),
        ways("gw_account", {"confirm": "make_payable", "refuse": "change_account"}),
        line("next_month", "gw_more"),
        flow("gw_more", "wait_pay_day", "more = true"),
        flow("gw_more", "paid_in_full", "more = false"),
        line("stop_payment", "end_stopped"),
        around=message("instalment_result", "=instalment")
        + message("entitlement_voided", "=entitlement")
        + message("stop_requested", "=entitlement"),
    )


def batch() -> bytes:
    """A batch from its maker to the reconciled books."""
    return document(
        "payment_batch",
        start("drawn"),
        service("lock_lines", "batches.lock"),
        user("check_batch", "payment_checker", extra=outcomes("yes|正确|Right", "no|有误|Wrong")),
        choice("gw_right"),
        service("void_batch", "batches.void"),
        end("end_void"),
        service("write_file", "batches.write"),
        user(
            "release_batch",
            "payment_releaser",
            extra=four_eyes("check_batch") + outcomes("release|放行|Release"),
        ),
        user("send_file", "payer", extra=outcomes("sent|已送出|Sent")),
        receive("wait_bank", "bank_result"),
        service("apply_results", "batches.apply"),
        choice("gw_settled"),
        user("reconcile", "payer", extra=outcomes("reconciled|已对账|Reconciled")),
        end("end_reconciled"),
        line("drawn", "lock_lines", "check_batch", "gw_right"),
        ways("gw_right", {"yes": "write_file", "no": "void_batch"}),
        line("void_batch", "end_void"),
        line(
            "write_file", "release_batch", "send_file", "wait_bank", "apply_results", "gw_settled"
        ),
        flow("gw_settled", "wait_bank", "all_settled = false"),
        flow("gw_settled", "reconcile", "all_settled = true"),
        line("reconcile", "end_reconciled"),
        around=message("bank_result", "=batch"),
    )


# --------------------------------------------------------------------------- tables


def table(
    decision: str,
    policy: str,
    inputs: Sequence[str],
    outputs: Sequence[str],
    rules: Sequence[tuple[Sequence[str], Sequence[str]]],
) -> bytes:
    """A decision table as a file."""
    heads = "".join(
        f'<input id="{decision}_i{n}"><inputExpression id="{decision}_e{n}"><text>{name}</text>'
        f"</inputExpression></input>"
        for n, name in enumerate(inputs)
    ) + "".join(f'<output id="{decision}_o{n}" name="{name}"/>' for n, name in enumerate(outputs))
    rows = "".join(
        f'<rule id="{decision}_r{n}">'
        + "".join(
            f'<inputEntry id="{decision}_r{n}i{k}"><text>{_escaped(cell)}</text></inputEntry>'
            for k, cell in enumerate(tests)
        )
        + "".join(
            f'<outputEntry id="{decision}_r{n}o{k}"><text>{_escaped(cell)}</text></outputEntry>'
            for k, cell in enumerate(results)
        )
        + "</rule>"
        for n, (tests, results) in enumerate(rules)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        f'<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d_{decision}" '
        f'name="{decision}" namespace="urn:test"><decision id="{decision}" name="{decision}">'
        f'<decisionTable id="t_{decision}" hitPolicy="{policy}">{heads}{rows}</decisionTable>'
        "</decision></definitions>"
    ).encode()


def _escaped(cell: str) -> str:
    return cell.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def tables() -> dict[str, bytes]:
    return {
        "precheck_reasons.dmn": table(
            "precheck_reasons",
            "COLLECT",
            ["scan", "account_check"],
            ["code"],
            [
                (['"missing"', "-"], ['"A01"']),
                (['"infected"', "-"], ['"A08"']),
                (["-", '"failed"'], ['"F02"']),
            ],
        ),
        "eligibility_reasons.dmn": table(
            "eligibility_reasons",
            "COLLECT",
            ["in_window", "headcount_reported", "employed", "register_verdict", "name_match"],
            ["code"],
            [
                (["false", "-", "-", "-", "-"], ['"E01"']),
                (["-", "false", "-", "-", "-"], ['"E03"']),
                (["-", "-", "true", "-", "-"], ['"E04"']),
                (["-", "-", "-", '"unavailable"', "-"], ['"E09"']),
                (["-", "-", "-", "-", "false"], ['"E10"']),
            ],
        ),
        "amount.dmn": table(
            "amount",
            "UNIQUE",
            ["ui_standard", "months_to_pension"],
            ["monthly", "months"],
            [
                (["> 0", "null"], ["0.80 * ui_standard", "3"]),
                (["> 0", ">= 0"], ["0.80 * ui_standard", "min(3, months_to_pension)"]),
            ],
        ),
    }


def form(name: str, *choices: tuple[str, str]) -> bytes:
    """A form with outcomes and their tones."""
    return json.dumps(
        {
            "id": name,
            "title": {"zh-hans": name, "en": name},
            "outcomes": [
                {"code": code, "label": {"zh-hans": code, "en": code}, "tone": tone}
                for code, tone in choices
            ],
            "fields": [],
        }
    ).encode()


def bundle() -> Bundle:
    return Bundle(
        KEY,
        {
            "claim_review.bpmn": review(),
            "payout.bpmn": payout(),
            "payment_batch.bpmn": batch(),
            **tables(),
        },
        "test",
    )


def rules_document(**changes: Any) -> dict[str, Any]:
    """What the package of the small programme says."""
    plain: dict[str, Any] = {
        "bundle_key": KEY,
        "reasons": {
            code: {
                "severity": severity,
                "officer": {"zh-hans": zh, "en": code},
                "citizen": {"zh-hans": f"{zh}，请处理。", "en": f"{code}. Please act."},
                "field": field,
            }
            for code, (severity, zh, field) in REASONS.items()
        },
        "attachments": [
            {"code": "id_front", "name": {"zh-hans": "身份证正面", "en": "ID front"}},
            {"code": "id_back", "name": {"zh-hans": "身份证反面", "en": "ID back"}},
            {
                "code": "card_picture",
                "name": {"zh-hans": "银行卡", "en": "Bank card"},
                "when": ["debit_card"],
            },
        ],
        "milestones": {
            code: {
                "status": status,
                "text": {"zh-hans": TEXTS.get(code, code), "en": code},
            }
            for code, status in STATUSES.items()
        },
        "processes": {
            "review": "claim_review",
            "payout": "payout",
            "batch": "payment_batch",
        },
        "inputs": {
            "headcount_reported": "headcount_reported",
            "employed": "employed",
            "months_to_pension": "months_to_pension",
        },
        "questions": [],
        "facts": [],
        "duties": {"attachment_check_may_review": False},
        "quality": {"rate": "0"},
        "correction": {"deadline_wd": 15, "attempts": 3},
        "payout": {"day_of_month": 20},
        "calendar": {"code": "CN", "known_until": "2027-12-31", "off": [], "on": []},
    }
    return plain | changes


AT = datetime(2026, 11, 10, 2, 0, tzinfo=UTC)
