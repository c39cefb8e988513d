import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.values import bank_card
from workflows.values.bank_card import AccountKind
from workflows.values.errors import InvalidBankCard

BANKS = {"99": "TEST", "9900": "TEST_JILIN"}
CARD = bank_card.complete("990000000000001")
digits = st.text("0123456789", min_size=15, max_size=18)


class TestParse:
    def test_reads_a_card_and_its_bank(self) -> None:
        card = bank_card.parse("9900 0000-0000 0010", banks=BANKS)

        assert card.number == "9900000000000010"
        assert card.bank == "TEST_JILIN"
        assert card.notes == ()

    def test_notes_a_prefix_no_table_knows(self) -> None:
        assert bank_card.parse(CARD).notes == ("unknown_bank",)

    @pytest.mark.parametrize(
        ("text", "code"),
        [
            ("", "length"),
            ("990000000000001", "length"),
            ("9" * 20, "length"),
            ("9900000000000019", "check_digit"),
            ("99000000000000I3", "characters"),
            ("9900.0000.0000.0013", "characters"),
        ],
    )
    def test_refuses_with_its_own_code(self, text: str, code: str) -> None:
        with pytest.raises(InvalidBankCard) as refused:
            bank_card.parse(text)

        assert refused.value.code == code

    def test_lets_a_passbook_fail_the_check_digit(self) -> None:
        book = bank_card.parse("9900000000000019", kind=AccountKind.PASSBOOK, banks=BANKS)

        assert book.notes == ("check_digit",)

    def test_does_not_show_itself(self) -> None:
        assert CARD not in repr(bank_card.parse(CARD))

    @given(digits)
    def test_reads_what_was_completed(self, text: str) -> None:
        assert bank_card.parse(bank_card.complete(text)).number[:-1] == text

    @given(digits, st.integers(0, 14), st.integers(1, 9))
    def test_notices_every_wrong_digit(self, text: str, place: int, shift: int) -> None:
        number = bank_card.complete(text)
        wrong = f"{number[:place]}{(int(number[place]) + shift) % 10}{number[place + 1 :]}"

        with pytest.raises(InvalidBankCard):
            bank_card.parse(wrong)


class TestMask:
    @pytest.mark.parametrize("number", ["9900000000000018", "9900000000000000018"])
    def test_keeps_first_and_last_four(self, number: str) -> None:
        assert bank_card.mask(number) == "9900 **** **** 0018"
        assert bank_card.tail(number) == "0018"

    def test_shows_nothing_of_a_short_text(self) -> None:
        assert bank_card.mask("99000018") == "****"
