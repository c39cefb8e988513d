import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.values import name
from workflows.values.errors import InvalidName


class TestParse:
    def test_keeps_rare_characters(self) -> None:
        assert name.parse("䶮㛃") == "䶮㛃"

    @pytest.mark.parametrize("dot", "•‧・･⋅∙·")
    def test_writes_every_middle_dot_the_same(self, dot: str) -> None:
        assert name.parse(f"买买提{dot}吐尔逊") == "买买提·吐尔逊"

    def test_keeps_what_has_no_width(self) -> None:
        kept = name.parse("张\u200b三")

        assert kept == "张\u200b三"
        assert name.visible(kept) == "张⟦U+200B⟧三"

    @pytest.mark.parametrize(
        ("text", "code"),
        [
            ("", "empty"),
            (" \u3000", "empty"),
            ("张" * 71, "length"),
            ("张\x00三", "characters"),
            ("张\ud800", "characters"),
            ("张\u2028三", "characters"),
            ("张\n三", "characters"),
        ],
    )
    def test_refuses_with_its_own_code(self, text: str, code: str) -> None:
        with pytest.raises(InvalidName) as refused:
            name.parse(text)

        assert refused.value.code == code

    def test_takes_seventy_characters(self) -> None:
        assert len(name.parse("张" * 70)) == 70

    @given(st.text(max_size=80))
    def test_changes_nothing_the_second_time(self, text: str) -> None:
        try:
            once = name.parse(text)
        except InvalidName:
            return

        assert name.parse(once) == once
        assert unicodedata.is_normalized("NFC", once)
        once.encode()


class TestMask:
    @pytest.mark.parametrize(
        ("full", "masked"),
        [
            ("张三", "张*"),
            ("欧阳修文", "欧阳*"),
            ("欧阳", "欧*"),
            ("买买提·吐尔逊", "买*"),
            ("J", "J*"),
        ],
    )
    def test_keeps_the_family_name(self, full: str, masked: str) -> None:
        assert name.mask(full) == masked


class TestSearchKey:
    @pytest.mark.parametrize(
        ("one", "other"),
        [("琿春", "珲春"), ("買·ABC", "買abc"), ("张 三", "张\u200b三"), ("ＪＯＨＮ", "john")],
    )
    def test_is_equal_for_variants(self, one: str, other: str) -> None:
        assert name.search_key(one) == name.search_key(other)

    def test_keeps_different_names_apart(self) -> None:
        assert name.search_key("王五") != name.search_key("王伍")

    def test_takes_the_variants_of_the_caller(self) -> None:
        assert name.search_key("王伍", variants={"伍": "五"}) == "王五"
