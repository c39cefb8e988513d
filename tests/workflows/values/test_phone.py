import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.values import phone
from workflows.values.errors import InvalidPhone


class TestParseMobile:
    @pytest.mark.parametrize(
        "text",
        [
            "13800135678",
            " 138 0013 5678 ",
            "+86 138-0013-5678",
            "008613800135678",
            "＋８６１３８００１３５６７８",
        ],
    )
    def test_reads_what_people_type(self, text: str) -> None:
        assert phone.parse_mobile(text) == "13800135678"

    @pytest.mark.parametrize(
        ("text", "code"),
        [
            ("", "length"),
            ("1380013567", "length"),
            ("12800135678", "not_mobile"),
            ("1380013567a", "characters"),
            ("043185821827", "length"),
        ],
    )
    def test_refuses_with_its_own_code(self, text: str, code: str) -> None:
        with pytest.raises(InvalidPhone) as refused:
            phone.parse_mobile(text)

        assert refused.value.code == code

    @given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True))
    def test_keeps_every_mobile_number(self, number: str) -> None:
        assert phone.parse_mobile(f"+86{number[:3]} {number[3:]}") == number


class TestMaskMobile:
    def test_hides_the_middle(self) -> None:
        assert phone.mask_mobile("13800135678") == "138****5678"
        assert phone.mask_mobile("135678") == "****"


class TestOffice:
    @pytest.mark.parametrize(
        ("text", "shown", "dialled"),
        [
            ("0431-85821827", "0431-85821827", "tel:+8643185821827"),
            ("（0433）2514332", "0433-2514332", "tel:+864332514332"),
            ("010 65001234", "010-65001234", "tel:+861065001234"),
            ("12333", "12333", "tel:12333"),
            ("13800135678", "138 0013 5678", "tel:+8613800135678"),
        ],
    )
    def test_is_read_shown_and_dialled(self, text: str, shown: str, dialled: str) -> None:
        number = phone.parse_office(text)

        assert phone.format_office(number) == shown
        assert phone.tel_uri(number) == dialled

    @pytest.mark.parametrize(
        ("text", "code"),
        [("", "length"), ("0431", "not_office"), ("85821827", "not_office"), ("x", "characters")],
    )
    def test_is_refused_with_a_code(self, text: str, code: str) -> None:
        with pytest.raises(InvalidPhone) as refused:
            phone.parse_office(text)

        assert refused.value.code == code
