import dataclasses
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.values import audit_chain
from workflows.values.audit_chain import Anchor, Fault, Row


def written(chain: str, count: int) -> list[Row]:
    rows: list[Row] = []
    prev = audit_chain.FIRST_PREVIOUS
    for seq in range(1, count + 1):
        body = audit_chain.body({"act": "review.completed", "by": seq})
        digest = audit_chain.link(prev, chain, seq, body)
        rows.append(Row(chain, seq, body, prev, digest))
        prev = digest
    return rows


ROWS = written("claim:1", 6)


class TestBody:
    def test_is_equal_text_for_equal_facts(self) -> None:
        one = audit_chain.body({"b": [1, True, None], "a": "材料"})

        assert one == '{"a":"材料","b":[1,true,null]}'
        assert one == audit_chain.body({"a": "材料", "b": [1, True, None]})

    @pytest.mark.parametrize("value", [1.5, float("nan"), b"x", {1: "x"}, object()])
    def test_refuses_what_has_no_one_spelling(self, value: object) -> None:
        with pytest.raises(TypeError):
            audit_chain.body({"a": value})


class TestLink:
    def test_has_a_known_answer(self) -> None:
        assert audit_chain.link(b"", "claim:1", 1, "{}").hex() == (
            "a4669efd5fac1abf0a0bb5d0085f01200c103f3391579840b74dd06abe850cbd"
        )

    @pytest.mark.parametrize("chain", ["", "a|b", "a" * 65])
    def test_refuses_a_chain_name_that_could_be_two(self, chain: str) -> None:
        with pytest.raises(ValueError, match=r".*"):
            audit_chain.link(b"", chain, 1, "{}")


class TestVerify:
    def test_finds_nothing_in_chains_as_written(self) -> None:
        rows = [*written("claim:1", 3), *written("claim:2", 4)]

        assert audit_chain.verify(rows) is None
        assert audit_chain.verify([]) is None

    @pytest.mark.parametrize(
        ("changed", "fault"),
        [
            (dataclasses.replace(ROWS[2], body="{}"), Fault("claim:1", 3, "content")),
            (dataclasses.replace(ROWS[2], hash=bytes(32)), Fault("claim:1", 3, "content")),
            (dataclasses.replace(ROWS[2], prev=bytes(32)), Fault("claim:1", 3, "link")),
            (dataclasses.replace(ROWS[2], seq=7), Fault("claim:1", 7, "hole")),
        ],
    )
    def test_names_the_changed_row(self, changed: Row, fault: Fault) -> None:
        rows = [*ROWS[:2], changed, *ROWS[3:]]

        assert audit_chain.verify(rows) == fault

    def test_names_the_row_after_a_deleted_one(self) -> None:
        assert audit_chain.verify([*ROWS[:2], *ROWS[3:]]) == Fault("claim:1", 4, "hole")

    @given(st.permutations(ROWS))
    def test_takes_no_other_order(self, rows: Sequence[Row]) -> None:
        assert (audit_chain.verify(rows) is None) == (list(rows) == ROWS)

    @pytest.mark.parametrize("rows", [[], ROWS[:4], written("claim:1", 4)])
    def test_sees_a_cut_tail_only_with_an_anchor(self, rows: list[Row]) -> None:
        anchor = Anchor("claim:1", 6, ROWS[5].hash)

        assert audit_chain.verify(rows) is None
        assert audit_chain.verify(rows, [anchor]) == Fault("claim:1", 6, "anchor")

    def test_sees_a_rewritten_chain_only_with_an_anchor(self) -> None:
        forged = written("claim:1", 2)
        for seq in range(3, 7):
            body = audit_chain.body({"forged": seq})
            prev = forged[-1].hash
            digest = audit_chain.link(prev, "claim:1", seq, body)
            forged.append(Row("claim:1", seq, body, prev, digest))

        assert audit_chain.verify(forged) is None
        assert audit_chain.verify(forged, [Anchor("claim:1", 5, ROWS[4].hash)]) == (
            Fault("claim:1", 5, "anchor")
        )
