"""What applicants find: their office, their language, one answer to two clicks, nobody else."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from review_ui.applicant.urls import urlpatterns
from tests import make
from tests.review_ui.payer.conftest import as_
from workflows.models import (
    Attachment,
    AuditEntry,
    Claim,
    Message,
    NoticeAcceptance,
    Office,
    Status,
)

pytestmark = pytest.mark.django_db(transaction=True)
CHINESE = re.compile(r"[\u4e00-\u9fff]")
# The sign of the product, and names of offices and people as they are stored.
KEPT = ("申", "长春市社会保险局", "吉林市社会保险局", "吉林省", "王五", "简体中文", "中文")


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.clock.now", lambda: make.AT)


@pytest.fixture
def stage() -> make.Cast:
    return make.cast()


def key() -> str:
    return str(uuid4())


class TestOffices:
    @pytest.fixture(autouse=True)
    def offices(self) -> None:
        make.programme()
        Office.objects.filter(code="JL-CC-01").update(
            name_en="Changchun Office", region="长春", region_en="Changchun"
        )
        Office.objects.filter(code="JL-JL-01").update(
            name_en="Jilin City Office", region="吉林市", region_en="Jilin City"
        )

    def found(self, client: Client, **asked: str) -> list[str]:
        answer = client.get(reverse("offices"), asked)
        assert answer.status_code == 200
        return [row.code for region in answer.context["regions"] for row in region.offices]

    @pytest.mark.parametrize(
        ("asked", "codes"),
        [
            ({}, {"JL-CC-01", "JL-JL-01"}),
            ({"q": "长春"}, {"JL-CC-01"}),
            ({"q": " 长春 "}, {"JL-CC-01"}),
            ({"q": "jilin city"}, {"JL-JL-01"}),
            ({"region": "吉林市"}, {"JL-JL-01"}),
            ({"region": "吉林市", "q": "长春"}, set()),
            ({"q": "nowhere"}, set()),
            ({"q": "<script>"}, set()),
        ],
    )
    def test_is_found_by_words_and_by_region(
        self, client: Client, asked: dict[str, str], codes: set[str]
    ) -> None:
        assert set(self.found(client, **asked)) == codes

    def test_phone_can_be_called(self, client: Client) -> None:
        page = client.get(reverse("offices"), {"q": "长春"}).content.decode()

        assert 'href="tel:0431-89323019"' in page

    def test_nothing_found_leads_back_to_all(self, client: Client) -> None:
        page = client.get(reverse("offices"), {"q": "<script>alert(1)</script>"}).content.decode()

        assert f'href="{reverse("offices")}"' in page
        assert "<script>alert" not in page

    def test_closed_office_is_not_listed(self, client: Client) -> None:
        Office.objects.filter(code="JL-JL-01").update(valid_to=make.AT.date() - timedelta(days=1))

        assert self.found(client) == ["JL-CC-01"]


class TestEnglish:
    """The programme as it is shipped: its own words are the ones that can be missing."""

    @pytest.fixture
    def stage(self) -> make.Cast:
        make.shipped()
        return make.cast()

    def page(self, stage: make.Cast, claim: Claim, name: str) -> str:
        arguments = [] if name == "my-claims" else [claim.pk]
        answer = as_(stage.wang, "en").get(reverse(name, args=arguments))
        assert answer.status_code == 200
        return answer.content.decode()

    @pytest.mark.parametrize("name", ["claim", "claim-slip", "claim-withdraw", "my-claims"])
    def test_submitted(self, stage: make.Cast, name: str) -> None:
        claim = make.checked(stage.wang)

        assert chinese_in(self.page(stage, claim, name)) == ""

    @pytest.mark.parametrize("name", ["claim", "claim-correct", "claim-delete"])
    def test_returned(self, stage: make.Cast, name: str) -> None:
        claim = make.returned(stage)

        page = self.page(stage, claim, name)

        # The officer's own words stand as they were written.
        assert chinese_in(page.replace("左下角看不清", "")) == ""

    @pytest.mark.parametrize("name", ["claim", "claim-appeal"])
    def test_denied(self, stage: make.Cast, name: str) -> None:
        claim = make.conclude(make.checked(stage.wang), "pass", stage.qian)
        claim = make.conclude(claim, "recommend_denial", stage.lin, reasons=["E04"])
        claim = make.conclude(claim, "deny", stage.zhou, reasons=["E04"])

        assert claim.status == Status.DENIED
        assert chinese_in(self.page(stage, claim, name)) == ""

    def test_approved(self, stage: make.Cast) -> None:
        claim = make.conclude(make.approved(stage), "confirm", stage.zheng)

        assert claim.status == Status.APPROVED
        assert chinese_in(self.page(stage, claim, "claim")) == ""


def chinese_in(page: str) -> str:
    """What is left in Chinese between the tags."""
    text = re.sub(r"<(script|style).*?</\1>|<[^>]*>", " ", page, flags=re.DOTALL)
    for name in KEPT:
        text = text.replace(name, "")
    return " ".join(line.strip() for line in text.splitlines() if CHINESE.search(line))


class TestTwoClicks:
    @pytest.fixture
    def mended(self, stage: make.Cast) -> Claim:
        claim = make.returned(stage)
        as_(stage.wang).post(
            reverse("claim-upload", args=[claim.pk, "id_front"]),
            {"file": SimpleUploadedFile("new.jpg", make.picture(205))},
        )
        return make.fresh(claim)

    def test_resubmission_is_done_once(self, stage: make.Cast, mended: Claim) -> None:
        web, given = as_(stage.wang), {"key": key()}

        answers = [web.post(reverse("claim-correct", args=[mended.pk]), given) for _ in range(2)]

        assert [one.status_code for one in answers] == [302, 302]
        assert answers[0].headers["Location"] == answers[1].headers["Location"]
        assert make.fresh(mended).submission_no == 2
        assert AuditEntry.objects.filter(act="claim.resubmitted").count() == 1

    def test_resubmission_with_another_key_finds_that_it_is_done(
        self, stage: make.Cast, mended: Claim
    ) -> None:
        web = as_(stage.wang)
        web.post(reverse("claim-correct", args=[mended.pk]), {"key": key()})

        again = web.post(reverse("claim-correct", args=[mended.pk]), {"key": key()})

        assert again.status_code in {302, 409}
        assert make.fresh(mended).submission_no == 2

    def test_withdrawal_is_done_once(self, stage: make.Cast) -> None:
        claim = make.checked(stage.wang)
        web, given = as_(stage.wang), {"key": key()}

        answers = [web.post(reverse("claim-withdraw", args=[claim.pk]), given) for _ in range(2)]

        assert [one.status_code for one in answers] == [302, 302]
        assert AuditEntry.objects.filter(act="claim.withdrawn").count() == 1

    def test_start_gives_one_draft(self, stage: make.Cast) -> None:
        web = as_(stage.wang)

        answers = [
            web.post(reverse("claim-start", args=["TEST"]), {"key": key()}) for _ in range(2)
        ]

        assert answers[0].headers["Location"] == answers[1].headers["Location"]
        assert Claim.objects.count() == 1


class TestStrangers:
    """Another applicant, with the address in hand, in each state a claim can be in."""

    STATES = ("draft", "checked", "returned", "approved")
    NAMES = tuple(str(page.name) for page in urlpatterns if "claim_id" in page.pattern.converters)

    @pytest.fixture
    def claim(self, stage: make.Cast, request: pytest.FixtureRequest) -> Claim:
        made = {
            "draft": lambda: make.draft(stage.wang),
            "checked": lambda: make.checked(stage.wang),
            "returned": lambda: make.returned(stage),
            "approved": lambda: make.approved(stage),
        }
        return made[request.param]()

    @pytest.mark.parametrize("claim", STATES, indirect=True)
    def test_find_nothing_and_change_nothing(self, stage: make.Cast, claim: Claim) -> None:
        web = as_(stage.zhang)
        before = footprint(claim)

        for name in self.NAMES:
            arguments = [claim.pk, "id_front"] if name == "claim-upload" else [claim.pk]
            address = reverse(name, args=arguments)
            seen = web.get(address)
            sent = web.post(address, everything())
            assert seen.status_code in {404, 405}, name
            assert sent.status_code in {404, 405}, name
            assert claim.number is None or claim.number not in sent.content.decode()
        for picture in claim.attachments.all():
            assert web.get(reverse("claim-picture", args=[picture.pk])).status_code == 404

        assert footprint(claim) == before

    def test_address_of_no_claim_looks_the_same(self, stage: make.Cast) -> None:
        claim, web = make.checked(stage.wang), as_(stage.zhang)

        foreign = web.get(reverse("claim", args=[claim.pk]))
        missing = web.get(reverse("claim", args=[uuid4()]))

        assert foreign.status_code == missing.status_code == 404
        assert without_tokens(foreign.content) == without_tokens(missing.content)


def everything() -> dict[str, object]:
    """What the owner could send to any of the forms."""
    return {
        "key": key(),
        "read": "yes",
        "act": "save",
        "phone": "13900009999",
        "account_kind": "debit_card",
        "account_number": make.CLOSED_CARD,
        "office": "JL-JL-01",
        "text": "不是我的",
        "file": SimpleUploadedFile("x.jpg", make.picture(30)),
    }


def footprint(claim: Claim) -> tuple[object, ...]:
    row = make.fresh(claim)
    return (
        row.revision,
        row.status,
        row.person.phone,
        row.account_id,
        Attachment.objects.count(),
        Message.objects.count(),
        NoticeAcceptance.objects.count(),
        AuditEntry.objects.count(),
    )


def without_tokens(page: bytes) -> str:
    """The page without what differs in every answer."""
    return re.sub(r'name="(csrfmiddlewaretoken|next)" value="[^"]*"', "", page.decode())
