"""Every kind of tampering with the audit is found, some of it only with an anchor."""

from datetime import datetime
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from tests import make
from workflows.actions import audit
from workflows.management.deep import problems
from workflows.models import Attachment, AuditEntry, AuditHead, Claim

pytestmark = pytest.mark.django_db


@pytest.fixture
def claim(at: datetime) -> Claim:
    make.programme()
    return make.draft(make.applicant("wang"), at=at)


def rows(claim: Claim) -> list[AuditEntry]:
    return list(AuditEntry.objects.filter(chain=audit.chain_of(claim.pk)).order_by("seq"))


class TestVerifyAudit:
    def test_untouched_chains_are_whole(self, claim: Claim) -> None:
        assert len(rows(claim)) == 7
        call_command("verify_audit")

    def test_changed_body_is_found(self, claim: Claim) -> None:
        AuditEntry.objects.filter(pk=rows(claim)[3].pk).update(body="{}")

        with pytest.raises(CommandError, match=f"claim:{claim.pk} 4: content"):
            call_command("verify_audit")

    def test_deleted_row_is_found(self, claim: Claim) -> None:
        rows(claim)[3].delete()

        with pytest.raises(CommandError, match="5: hole"):
            call_command("verify_audit")

    def test_cut_tail_is_found(self, claim: Claim) -> None:
        rows(claim)[-1].delete()

        with pytest.raises(CommandError, match="7: hole"):
            call_command("verify_audit")

    def test_dropped_chain_is_found_with_an_anchor(self, claim: Claim, tmp_path: Path) -> None:
        anchor = tmp_path / "anchor"
        call_command("verify_audit", write_anchor=anchor)
        AuditEntry.objects.filter(chain=audit.chain_of(claim.pk)).delete()
        AuditHead.objects.filter(chain=audit.chain_of(claim.pk)).delete()
        call_command("verify_audit")

        with pytest.raises(CommandError, match="7: anchor"):
            call_command("verify_audit", anchor=anchor)


class TestDeepChecks:
    def test_healthy_claim_has_no_problem(self, claim: Claim) -> None:
        assert not list(problems())

    def test_missing_file_is_found(self, claim: Claim) -> None:
        Attachment.objects.filter(spec="id_back").update(
            stored_name="attachments/" + "0" * 32 + ".jpg"
        )

        assert [found.number for found in problems()] == ["D3"]

    @pytest.mark.usefixtures("claim")
    def test_moved_ciphertext_is_found(self) -> None:
        other = make.applicant("zhang", id_text="229901198506150016", name="张四")
        with connection.cursor() as cursor:
            cursor.execute(
                "update workflows_person set name = (select o.name from workflows_person o"
                " where o.user_id = %s) where user_id <> %s",
                [other.pk, other.pk],
            )

        assert [found.number for found in problems()] == ["D4"]
