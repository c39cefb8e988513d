"""Hostile text: a value, null or a typed error, soon."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.feel import (
    FeelBudgetExceeded,
    FeelSyntaxError,
    compile_expression,
    compile_unary_tests,
    format_value,
    from_feel,
)
from tests.engine.feel.run import AT, text, value

TOO_MUCH = [
    "for x in 1..10000000 return x",
    "for x in 1..1000, y in 1..1000 return x",
    "for x in 1..10000, y in 1..10000 return null",
    "some x in 1..9999, y in 1..9999 satisfies false",
    "2 ** 100000",
    "2 ** (10 ** 10)",
    "(" * 500 + "1" + ")" * 500,
    "[" * 500,
    "-" * 500 + "1",
    "not(" * 400 + "true" + ")" * 400,
    "+".join(["1"] * 900),
    "a" + ".a" * 900,
    "1" + "=1" * 600,
    '"' + "a" * 3000 + '"',
    "{f: function(g, n) g(g, n + 1), r: f(f, 1)}.r",
    "{a: string(1e999), b: a + a + a + a + a + a, c: b + b}.c",
    'string join(for x in 1..9000 return "aaaa", ",")',
    "{a: for x in 1..1000 return x, b: for x in 1..200 return a}.b",
    "{f: function(x) [x, x, x, x], r: f(f(f(f(f(f(f(f(f(1)))))))))}.r",
    'matches("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", "^(a+)+$")',
    'matches("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", "^(a|aa)+$")',
    'matches("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", "^(a|a)*$")',
    'matches("a", "a{99999}")',
    "for i in 1..9999 return partial",
    "count(for a in 1..100, b in 1..100, c in 1..100 return 1)",
    "sort(for i in 1..9000 return -i, function(a, b) a < b)",
    "flatten({a: for i in 1..5000 return i, b: [a, a, a], c: [b, b]}.c)",
    "for x in 1..900 return index of(for i in 1..900 return i, x)",
]


@pytest.mark.parametrize("source", TOO_MUCH)
def test_too_much_is_a_typed_refusal_in_time(source: str) -> None:
    start = time.process_time()

    with pytest.raises(FeelBudgetExceeded):
        value(source)

    assert time.process_time() - start < 2


@pytest.mark.parametrize(
    "source",
    [
        "a" * 1999,
        "1" + " and true" * 200,
        "[" + ",".join(["1"] * 250) + "]",
        "exp(10 ** 1000)",
        'number("1e99999")',
        "1e9999",
        'duration("P99999999999999D")',
        'date("99999999-01-01")',
        "decimal(1e6000, 2)",
        "modulo(1e6000, 3)",
        "[1,2,3][1e6000]",
        'substring("a", 1e6000)',
        '@"0001-01-01T00:00:00+14:00" < @"0001-01-01T00:00:00Z"',
        '@"9999-12-31T23:00:00-14:00" - @"0001-01-01"',
        '@"0001-01-01" - @"P1M"',
        "date(1e6000, 1, 1)",
    ],
)
def test_large_but_bounded_text_has_a_value(source: str) -> None:
    assert isinstance(text(source), str)


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("", "syntax"),
        ("1 +", "syntax"),
        ("a == 1", "equality"),
        ('"open', "open-quote"),
        ("a ; b", "character"),
        ("f(1, b: 2)", "arguments"),
        ("function(x) external {}", "external"),
        ("[1, 2", "syntax"),
        ("if true then 1", "syntax"),
        ('"\\uD83D"', "escape"),
        ("().__class__", "syntax"),
    ],
)
def test_what_is_no_expression_is_refused_with_its_place(source: str, code: str) -> None:
    with pytest.raises(FeelSyntaxError) as caught:
        compile_expression(source)

    assert caught.value.code == code
    assert caught.value.line == 1


def test_place_of_an_error_counts_lines() -> None:
    with pytest.raises(FeelSyntaxError) as caught:
        compile_expression("1 +\n  + * 2")

    assert (caught.value.line, caught.value.column) == (2, 3)


@pytest.mark.parametrize(
    "source", ["x.__class__", "x.__init__.__globals__", "`__builtins__`", "x.mro"]
)
def test_no_attribute_is_reachable(source: str) -> None:
    assert value(source, {"x": "text"}) is None


ALPHABET = "ab1.,()[]{}<>=!+-*/@\"'`:? \n\\|^∞中 "
WORDS = st.sampled_from(
    [
        *("1", "2.5", "a", "b", "item", "?", "(", ")", "[", "]", "{", "}", ",", ":", "..", "."),
        *("+", "-", "*", "/", "**", "=", "!=", "<", "<=", ">", ">=", "and", "or", "not("),
        *("in", "between", "if", "then", "else", "for", "return", "some", "every", "satisfies"),
        *("function(", "instance of", "number", "list<", '"x"', "null", "true", "partial"),
        *('@"P1D"', '@"2020-01-01"', "count(", "sum(", "matches(", "replace(", "string("),
        *("sort(", "date("),
    ]
)


def evaluated(source: str) -> None:
    expression = compile_expression(source, names=["a", "b"])
    result = expression.evaluate({"a": 1, "b": ["x", None]}, at=AT)
    from_feel(result)
    format_value(result)


@settings(max_examples=400, deadline=1000)
@given(
    st.one_of(st.text(alphabet=ALPHABET, max_size=60), st.lists(WORDS, max_size=25).map(" ".join))
)
def test_random_text_is_a_value_or_a_typed_error(source: str) -> None:
    try:
        evaluated(source)
    except (FeelSyntaxError, FeelBudgetExceeded):
        return


@settings(max_examples=200, deadline=1000)
@given(st.lists(WORDS, max_size=15).map(" ".join), st.sampled_from([None, 1, "a", True, [1]]))
def test_random_tests_answer_true_false_or_null(source: str, tested: object) -> None:
    try:
        answer = compile_unary_tests(source).test(tested, {}, at=AT)
    except (FeelSyntaxError, FeelBudgetExceeded):
        return

    assert answer in (True, False, None)


@settings(max_examples=150, deadline=1000)
@given(
    st.text(alphabet="ab(|)*+?{}[]^$.\\1,3d-", max_size=14), st.text(alphabet="ab1", max_size=40)
)
def test_random_pattern_ends_in_time(pattern: str, tested: str) -> None:
    try:
        value("matches(t, p)", {"t": tested, "p": pattern})
    except FeelBudgetExceeded:
        return
