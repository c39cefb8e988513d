"""State and bytes: the identity, equality, damage, limits, and stored states of each format."""

from __future__ import annotations

import struct
from datetime import UTC, date, timedelta, timezone
from decimal import Decimal
from zlib import crc32

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import BudgetExceeded, StateError
from engine.feel import YearsMonthsDuration
from engine.kernel import operations, state
from engine.kernel.scope import Scope, Scopes, View
from engine.kernel.state import State, dumps, loads
from engine.kernel.values import VariableTooLarge, canonical, check_size, size_of, untag
from tests.engine.kernel import diagrams
from tests.engine.kernel.diagrams import each, main_line, user
from tests.engine.kernel.runtime.play import AT, play

letters = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
offsets = st.integers(-840, 840).map(lambda minutes: timezone(timedelta(minutes=minutes)))
scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.decimals(allow_nan=False, allow_infinity=False),
    st.text(letters, max_size=20),
    st.dates(),
    st.datetimes(timezones=st.none() | st.just(UTC) | offsets),
    st.timedeltas(),
    st.integers(-9999, 9999).map(YearsMonthsDuration),
)
keys = st.text(letters, min_size=1, max_size=5)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4),
    max_leaves=12,
)


def holding(value: object) -> State:
    found = State("p", root=1, next_id=2)
    found.scopes[1] = Scope(1, None, {"x": canonical(value)}, isolated=True, container="p")
    return found


class TestValues:
    @given(values)
    def test_stored_value_comes_back(self, value: object) -> None:
        before = holding(value)

        after = loads(dumps(before))

        kept = after.scopes[1].variables["x"]
        assert kept == before.scopes[1].variables["x"]
        assert repr(kept) == repr(before.scopes[1].variables["x"])
        assert dumps(after) == dumps(before)

    @given(values)
    def test_canonical_twice_is_canonical_once(self, value: object) -> None:
        once = canonical(value)

        assert repr(canonical(once)) == repr(once)

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            (1, Decimal("1.00")),
            (Decimal("12.50"), Decimal("12.5")),
            (10**15, Decimal(10**15)),
            (Decimal(0), Decimal("-0.0")),
            ((1, 2), [1, 2]),
        ],
    )
    def test_equal_values_have_equal_bytes(self, one: object, other: object) -> None:
        assert dumps(holding(one)) == dumps(holding(other))

    def test_order_of_keys_does_not_matter(self) -> None:
        assert dumps(holding({"a": 1, "b": 2})) == dumps(holding({"b": 2, "a": 1}))

    def test_no_user_value_looks_like_a_tag(self) -> None:
        for value in ({"": ["n", "1"]}, [{"": 1}], '{"":["n","1"]}'):
            if isinstance(value, str):
                assert loads(dumps(holding([value, Decimal("1.5")]))).scopes[1].variables["x"] == [
                    value,
                    Decimal("1.5"),
                ]
            else:
                with pytest.raises(StateError):
                    canonical(value)

    def test_poisonous_keys_are_ordinary(self) -> None:
        value = {"typename": "Decimal", "__class__": "x", "len": 1, "v": 2}

        assert loads(dumps(holding(value))).scopes[1].variables["x"] == value

    def test_nothing_is_shared_with_the_caller(self) -> None:
        given_list = [1]
        kept = canonical({"a": given_list})

        given_list.append(2)

        assert kept == {"a": [1]}

    def test_limit_of_a_value(self) -> None:
        assert check_size("x", "y" * 4_094) == 4_097
        with pytest.raises(VariableTooLarge):
            check_size("x", "y" * 4_095)

    def test_not_a_number(self) -> None:
        for text in ("NaN", "Infinity", "-Infinity"):
            with pytest.raises(StateError):
                canonical(Decimal(text))

    def test_untag_leaves_the_rest_alone(self) -> None:
        plain = {"a": [{"": ["d", "2026-01-05"]}, None], "b": {"c": 1}}

        assert untag(plain) == {"a": [date(2026, 1, 5), None], "b": {"c": 1}}


class TestView:
    def test_is_the_mapping_of_what_is_visible(self) -> None:
        scopes = Scopes()
        scopes[1] = Scope(1, None, {"hidden": 0}, isolated=True)
        scopes[2] = Scope(2, 1, {"a": 1, "b": 1}, isolated=True)
        scopes[3] = Scope(3, 2, {"b": 2})
        view = View(scopes, 3, {"c": 3})

        assert dict(view) == {"a": 1, "b": 2, "c": 3}
        assert len(view) == 3
        assert view.get("hidden", "none") == "none"
        with pytest.raises(KeyError):
            view["hidden"]


class TestBytes:
    def test_damage_is_noticed(self) -> None:
        raw = dumps(holding(1))

        for bad in (b"", raw[:5], raw[:-1], raw[:-1] + bytes([raw[-1] ^ 1]), raw + b"x"):
            with pytest.raises(StateError):
                loads(bad)

    def test_unknown_format(self) -> None:
        with pytest.raises(StateError, match="format 9"):
            loads(struct.pack(">HI", 9, crc32(b"x")) + b"x")

    def test_earlier_format_is_upgraded(self, monkeypatch: pytest.MonkeyPatch) -> None:
        raw = dumps(holding(Decimal("1.5")))
        monkeypatch.setattr(state, "FORMAT", 2)
        monkeypatch.setitem(state.UPGRADES, 1, lambda plain: plain | {"process": "q"})

        assert loads(raw).process == "q"
        assert loads(dumps(loads(raw))).scopes[1].variables == {"x": Decimal("1.5")}

    def test_memoryview_of_a_database(self) -> None:
        raw = dumps(holding(1))

        assert dumps(loads(memoryview(raw))) == raw  # type: ignore[arg-type]  # psycopg gives one

    def test_limit(self) -> None:
        big = holding(1)
        big.scopes[1].variables["x"] = "y" * 4_000_001

        with pytest.raises(BudgetExceeded):
            dumps(big)


class TestSize:
    def test_is_that_of_all_variables(self) -> None:
        run = play(
            main_line("u", "v") + user("u", loop=each("=who", "one")) + user("v"), who=[1, 2]
        )
        for name in ("u 2", "u 1", None):
            held = sum(
                size_of(value) + len(key)
                for scope in run.stored().scopes.values()
                for key, value in scope.variables.items()
            )
            assert run.state.size == held
            if name:
                run.do(name, note="x" * 100)


def test_model_is_not_changed_by_a_run() -> None:
    model = diagrams.model_of(main_line("u") + user("u", loop=each("=who", "one")))
    before = repr(model)
    found, step = operations.start(model, "p", {"who": [1, 2]}, at=AT)

    for task in step.user_tasks:
        operations.complete_user_task(model, found, task.token, {}, at=AT)

    assert repr(model) == before
