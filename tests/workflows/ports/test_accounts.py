from datetime import UTC, datetime

import pytest

from workflows.ports import catalogue
from workflows.ports.accounts import AccountOutcome, AccountQuery
from workflows.ports.registers import PersonQuery
from workflows.ports.social_card import CardVerdict, SimulatedCards, SocialCard
from workflows.values import bank_card

AT = datetime(2026, 11, 10, 2, 0, tzinfo=UTC)
ANNA = PersonQuery("index-1", "229901199003071249", "张三")


class TestAccountVerifier:
    @pytest.mark.parametrize(
        ("suffix", "outcome", "account_class"),
        [
            ("0001", AccountOutcome.CLOSED, 0),
            ("0002", AccountOutcome.NAME_MISMATCH, 0),
            ("0005", AccountOutcome.CLASS_LIMIT, 2),
            ("0009", AccountOutcome.UNAVAILABLE, 0),
            ("1234", AccountOutcome.OK, 1),
        ],
    )
    def test_answers_by_the_last_digits(
        self, suffix: str, outcome: AccountOutcome, account_class: int
    ) -> None:
        account = AccountQuery("TEST", f"990000000000{suffix}", "张三", ANNA.id_number)

        check = catalogue.get("account", "simulator").verify(account, at=AT, key="k")

        assert (check.outcome, check.account_class) == (outcome, account_class)
        assert suffix not in repr(account)
        assert "张三" not in repr(account)


class TestSocialCardSource:
    def test_gives_the_same_active_card_every_time(self) -> None:
        source = catalogue.get("social_card", "simulator")

        card = source.sync(ANNA, at=AT, key="k")

        assert card == source.sync(ANNA, at=AT, key="other")
        assert (card.verdict, card.is_active) == (CardVerdict.FOUND, True)
        assert bank_card.parse(card.number).number == card.number
        assert card.number not in repr(card)

    @pytest.mark.parametrize("person", [ANNA.id_index, ANNA.id_number])
    def test_follows_its_table(self, person: str) -> None:
        none = SocialCard(CardVerdict.NONE)

        assert SimulatedCards({person: none}).sync(ANNA, at=AT, key="k") == none
