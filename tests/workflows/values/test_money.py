import contextlib
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.values import money
from workflows.values.errors import InvalidMoney

amounts = st.integers(min_value=0, max_value=money.LARGEST_FEN)


class TestParse:
    @pytest.mark.parametrize(
        ("text", "fen"),
        [
            ("336,800.00", 33_680_000),
            ("336800", 33_680_000),
            ("0.5", 50),
            ("７.", 700),
            ("007.01", 701),
            (" 1 ", 100),
        ],
    )
    def test_reads_plain_and_grouped_amounts(self, text: str, fen: int) -> None:
        assert money.parse(text) == fen

    @pytest.mark.parametrize(
        ("text", "code"),
        [
            ("", "empty"),
            ("1e3", "exponent"),
            ("1E+3", "exponent"),
            ("-1", "sign"),
            ("+1", "sign"),
            ("−1", "sign"),
            ("NaN", "characters"),
            ("Infinity", "characters"),
            ("¥1", "characters"),
            ("1_000", "characters"),
            (".5", "characters"),
            ("1.2.3", "characters"),
            ("1,00.00", "grouping"),
            ("1,0000", "grouping"),
            ("1.000,00", "grouping"),
            ("1.005", "decimals"),
            ("9" * 5_000, "too_large"),
            ("10000000000001", "too_large"),
        ],
    )
    def test_refuses_with_its_own_code(self, text: str, code: str) -> None:
        with pytest.raises(InvalidMoney) as refused:
            money.parse(text)

        assert refused.value.code == code

    @given(amounts)
    def test_reads_what_was_written(self, fen: int) -> None:
        assert money.parse(money.text(fen)) == fen
        assert money.parse(money.plain_text(fen)) == fen
        assert money.from_decimal(money.to_decimal(fen)) == fen

    @given(st.text(max_size=20))
    def test_answers_any_text_with_fen_or_a_code(self, text: str) -> None:
        with contextlib.suppress(InvalidMoney):
            assert money.parse(text) >= 0


class TestFromDecimal:
    @pytest.mark.parametrize(
        ("amount", "code"),
        [
            ("NaN", "not_finite"),
            ("Infinity", "not_finite"),
            ("1E+30", "too_large"),
            ("0.005", "decimals"),
        ],
    )
    def test_refuses_with_its_own_code(self, amount: str, code: str) -> None:
        with pytest.raises(InvalidMoney) as refused:
            money.from_decimal(Decimal(amount))

        assert refused.value.code == code

    def test_takes_a_correction_below_zero(self) -> None:
        assert money.from_decimal(Decimal("-1.5")) == -150
        assert money.text(-123_456) == "-1,234.56"


class TestHalfUp:
    @pytest.mark.parametrize(
        ("amount", "rounded"),
        [("0.805", "0.81"), ("0.8049", "0.80"), ("987.656", "987.66"), ("-0.805", "-0.81")],
    )
    def test_rounds_halves_away_from_zero(self, amount: str, rounded: str) -> None:
        assert money.half_up(Decimal(amount)) == Decimal(rounded)
