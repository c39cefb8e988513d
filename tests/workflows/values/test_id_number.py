import contextlib
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.values import id_number
from workflows.values.errors import InvalidIdNumber

ON = date(2026, 11, 10)
TEST_NUMBERS = (
    "229901198506150016",
    "229901199003071249",
    "229901200002291130",
    "229901196012310025",
    "22990119780101002X",
)
births = st.dates(min_value=date(1900, 1, 1), max_value=ON)
serials = st.integers(min_value=0, max_value=999)


def make(birth: date, serial: int, area: str = "229901") -> str:
    return id_number.complete(f"{area}{birth:%Y%m%d}{serial:03}")


def refusal(text: str) -> str:
    with pytest.raises(InvalidIdNumber) as refused:
        id_number.parse(text, on=ON)
    assert text.strip() not in str(refused.value) or not text.strip()
    return refused.value.code


class TestParse:
    @pytest.mark.parametrize("number", TEST_NUMBERS)
    def test_reads_the_test_numbers(self, number: str) -> None:
        assert id_number.parse(number, on=ON).value == number

    def test_reads_birth_date_sex_and_area(self) -> None:
        parsed = id_number.parse("229901199003071249", on=ON)

        assert parsed.birth_date == date(1990, 3, 7)
        assert parsed.sex is id_number.Sex.FEMALE
        assert parsed.area_code == "229901"
        assert parsed.notes == ()

    def test_reads_full_width_digits_spaces_and_a_small_x(self) -> None:
        typed = " ２２９９０１ 19780101 ００２ｘ "

        assert id_number.parse(typed, on=ON).value == "22990119780101002X"

    @pytest.mark.parametrize(
        ("text", "code"),
        [
            ("", "length"),
            ("2299011985061500", "length"),
            ("2299011985061500166", "length"),
            ("229901850615001", "old_number"),
            ("22990119850615O016", "characters"),
            ("X29901198506150016", "characters"),
            ("22990119850615001A", "characters"),
            ("٢٢٩٩٠١١٩٨٥٠٦١٥٠٠١٦", "characters"),
            ("229901198506150017", "check_digit"),
            ("229901198506150\x0016", "characters"),
            (id_number.complete("22990119850230001"), "impossible_date"),
            (id_number.complete("22990119010229001"), "impossible_date"),
            (id_number.complete("22990100000101001"), "impossible_date"),
            (id_number.complete("22990120261111001"), "future_date"),
        ],
    )
    def test_refuses_with_its_own_code(self, text: str, code: str) -> None:
        assert refusal(text) == code

    def test_takes_a_child_born_on_the_day(self) -> None:
        assert id_number.parse(make(ON, 1), on=ON).birth_date == ON

    @pytest.mark.parametrize(
        ("area", "note"),
        [
            ("999999", "foreigner"),
            ("830000", "residence_permit"),
            ("770101", "unknown_province"),
            ("229902", "unknown_area"),
        ],
    )
    def test_notes_an_area_and_never_refuses_it(self, area: str, note: str) -> None:
        number = make(date(1990, 1, 1), 7, area)

        assert id_number.parse(number, on=ON, areas={"229901"}).notes == (note,)

    def test_notes_an_age_nobody_reaches(self) -> None:
        assert id_number.parse(make(date(1900, 1, 1), 1), on=ON).notes == ("implausible_age",)

    def test_does_not_show_itself(self) -> None:
        parsed = id_number.parse("229901199003071249", on=ON)

        assert "1990" not in repr(parsed)
        assert "2299" not in repr(parsed)

    @given(births, serials)
    def test_reads_what_was_completed(self, birth: date, serial: int) -> None:
        parsed = id_number.parse(make(birth, serial), on=ON)

        assert parsed.birth_date == birth
        assert parsed.sex == ("male" if serial % 2 else "female")

    @given(births, serials, st.integers(0, 16), st.integers(1, 9))
    def test_notices_every_wrong_digit(
        self, birth: date, serial: int, place: int, shift: int
    ) -> None:
        number = make(birth, serial)
        wrong = f"{number[:place]}{(int(number[place]) + shift) % 10}{number[place + 1 :]}"

        assert refusal(wrong) == "check_digit"

    @given(st.text(max_size=30))
    def test_answers_any_text_with_a_value_or_a_code(self, text: str) -> None:
        with contextlib.suppress(InvalidIdNumber):
            parsed = id_number.parse(text, on=ON)
            assert id_number.check_character(parsed.value[:17]) == parsed.value[17]


class TestFromOld:
    def test_gives_the_number_the_old_one_became(self) -> None:
        assert id_number.from_old("229901850615001") == id_number.complete("22990119850615001")

    @pytest.mark.parametrize("text", ["", "22990185061500X", "229901198506150016"])
    def test_refuses_other_text(self, text: str) -> None:
        with pytest.raises(InvalidIdNumber):
            id_number.from_old(text)


class TestMask:
    def test_keeps_area_and_last_four(self) -> None:
        assert id_number.mask("229901199003071249") == "229901********1249"

    @pytest.mark.parametrize("text", ["", "1249", "G12345678"])
    def test_shows_nothing_of_other_text(self, text: str) -> None:
        assert id_number.mask(text) == "********"
