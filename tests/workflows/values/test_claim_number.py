import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from workflows.values import claim_number
from workflows.values.claim_number import ClaimNumber
from workflows.values.errors import InvalidClaimNumber

numbers = st.builds(
    ClaimNumber,
    st.from_regex(r"[A-Z]{2,8}", fullmatch=True),
    st.integers(2000, 2099),
    st.integers(1, 99_999_999),
)


class TestParse:
    @pytest.mark.parametrize(
        "text",
        [
            "SYBZ-2026-004718-3",
            "sybz20260047183",
            " SYBZ 2026 004718 3 ",
            "ＳＹＢＺ－２０２６－００４７１８－３",
        ],
    )
    def test_reads_what_people_type(self, text: str) -> None:
        assert claim_number.parse(text) == ClaimNumber("SYBZ", 2026, 4718)

    @pytest.mark.parametrize(
        ("text", "code"),
        [
            ("", "shape"),
            ("SYBZ-2026-4718-3", "shape"),
            ("SYBZ-1926-004718-3", "shape"),
            ("SYBZ-2026-004718-4", "check_digit"),
            ("SYBZ-2026-007418-3", "check_digit"),
            ("SYBA-2026-004718-3", "check_digit"),
        ],
    )
    def test_refuses_with_its_own_code(self, text: str, code: str) -> None:
        with pytest.raises(InvalidClaimNumber) as refused:
            claim_number.parse(text)

        assert refused.value.code == code

    @given(numbers)
    def test_reads_what_was_written(self, number: ClaimNumber) -> None:
        assert claim_number.parse(str(number)) == number

    @given(numbers, st.data())
    def test_notices_every_wrong_digit(self, number: ClaimNumber, data: st.DataObject) -> None:
        text = str(number).replace("-", "")
        start = len(number.programme)
        place = data.draw(st.integers(start, len(text) - 1))
        wrong = f"{text[:place]}{(int(text[place]) + data.draw(st.integers(1, 9))) % 10}"

        with pytest.raises(InvalidClaimNumber):
            claim_number.parse(wrong + text[place + 1 :])

    @given(numbers, st.data())
    def test_notices_two_neighbours_swapped(
        self, number: ClaimNumber, data: st.DataObject
    ) -> None:
        text = str(number).replace("-", "")
        place = data.draw(st.integers(len(number.programme), len(text) - 2))
        assume(text[place] != text[place + 1])
        swapped = text[:place] + text[place + 1] + text[place] + text[place + 2 :]

        with pytest.raises(InvalidClaimNumber):
            claim_number.parse(swapped)


class TestClaimNumber:
    @pytest.mark.parametrize(
        ("programme", "year", "serial"),
        [("sybz", 2026, 1), ("S", 2026, 1), ("SYBZ", 1999, 1), ("SYBZ", 2026, 0), ("S1", 2026, 1)],
    )
    def test_refuses_parts_without_a_number(self, programme: str, year: int, serial: int) -> None:
        with pytest.raises(InvalidClaimNumber):
            ClaimNumber(programme, year, serial)
