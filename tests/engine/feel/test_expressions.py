"""Each construct of the grammar: a source and the literal of its value."""

import pytest

from tests.engine.feel.run import text

ARITHMETIC = [
    ("1 + 2 * 3", "7"),
    ("(1 + 2) * 3", "9"),
    ("10 - 4 - 3", "3"),
    ("2 ** 3 ** 2", "64"),
    ("-3 ** 2", "9"),
    ("--2", "2"),
    ("7 / 2", "3.5"),
    ("1 / 3", "0.3333333333333333333333333333333333"),
    ("0.1 + 0.2 = 0.3", "true"),
    ("1.0 = 1", "true"),
    (".5 + 1.5", "2.0"),
    ("1.5e3", "1500"),
    ("1 / 0", "null"),
    ('1 + "1"', "null"),
    ('"foo" + "bar"', '"foobar"'),
    ('"a" - "b"', "null"),
    ("1 + null", "null"),
    ("[1] + [2]", "null"),
    ("2 ** 0.5", "1.414213562373095048801688724209698"),
    ("9999999999999999999999999999999999 + 1", "1" + "0" * 34),
]
COMPARISON = [
    ("1 < 2", "true"),
    ("2 <= 2", "true"),
    ('"a" < "b"', "true"),
    ('1 < "b"', "null"),
    ("true < false", "null"),
    ("1 < null", "null"),
    ("null = null", "true"),
    ("1 = null", "false"),
    ("1 != null", "true"),
    ('1 = "1"', "null"),
    ('1 != "1"', "null"),
    ("[1, 2] = [1, 2]", "true"),
    ("[1, 2] = [2, 1]", "false"),
    ("{a: 1, b: 2} = {b: 2, a: 1}", "true"),
    ("{a: 1} = {a: 2}", "false"),
    ("[1..3] = [1..3]", "true"),
    ("[1..3] = [1..3)", "false"),
    ("3 between 1 and 3", "true"),
    ("4 between 1 and 3 or true", "true"),
    ("null between 1 and 3", "null"),
]
LOGIC = [
    ("true and true", "true"),
    ("true and false", "false"),
    ("false and null", "false"),
    ("null and true", "null"),
    ("null and null", "null"),
    ("true or null", "true"),
    ("null or false", "null"),
    ("false or false", "false"),
    ('"x" and true', "null"),
    ('"x" and false', "false"),
    ("true and null and false", "false"),
    ("not(true)", "false"),
    ("not(null)", "null"),
    ("not(1)", "null"),
    ("if true then 1 else 2", "1"),
    ("if null then 1 else 2", "2"),
    ("if 1 then 1 else 2", "2"),
    ("if 1 > 2 then 1 else if 1 < 2 then 3 else 4", "3"),
]
MEMBERSHIP = [
    ("1 in [2, 3, 1]", "true"),
    ("1 in [[2..4], [1..3]]", "true"),
    ("5 in [[2..4], [1..3]]", "false"),
    ("1 in <= 10", "true"),
    ("1 in (2..4)", "false"),
    ("3 in (2..4)", "true"),
    ("4 in (2..4]", "true"),
    ("2 in ]2..4]", "false"),
    ("4 in [2..4[", "false"),
    ("10 in (1, < 5, >= 10)", "true"),
    ("10 in (1, 5, 9)", "false"),
    ("5 in (> 3)", "true"),
    ("[1, 2] in [[1, 2], [3]]", "true"),
    ("[1, 2] in [1, 2]", "true"),
    ("null in [1, null]", "true"),
    ("null in [1..2]", "null"),
    ('"b" in ["a".."c"]', "true"),
    ("1 in 1", "true"),
    ('@"2020-02-01" in [@"2020-01-01"..@"2020-12-31"]', "true"),
]
ITERATION = [
    ("for i in [1, 2, 3] return i * 2", "[2, 4, 6]"),
    ("for i in 1..3 return i", "[1, 2, 3]"),
    ("for i in 3..1 return i", "[3, 2, 1]"),
    ("for i in 1..2, j in [i, 10] return i * j", "[1, 10, 4, 20]"),
    ("for i in 1..5 return if i <= 2 then 1 else partial[-1] + partial[-2]", "[1, 1, 2, 3, 5]"),
    ("for x in [1..3) return x", "[1, 2]"),
    ('for d in @"2020-02-28"..@"2020-03-01" return d.day', "[28, 29, 1]"),
    ("for i in null return i", "null"),
    ("for i in [] return i", "[]"),
    ("for i in 1..2 return for j in 1..2 return i + j", "[[2, 3], [3, 4]]"),
    ("(for x in [1] return (for x in [9] return x)[1] + x)[1]", "10"),
    ("some x in [1, 2] satisfies x > 1", "true"),
    ("every x in [1, 2] satisfies x > 1", "false"),
    ("some x in [1, null] satisfies x > 1", "null"),
    ("every x in [] satisfies x > 1", "true"),
    ("some x in [1, 2], y in [2, 3] satisfies x = y", "true"),
]
FILTERS = [
    ("[1, 2, 3][1]", "1"),
    ("[1, 2, 3][-1]", "3"),
    ("[1, 2, 3][0]", "null"),
    ("[1, 2, 3][4]", "null"),
    ("[1, 2, 3][item > 1]", "[2, 3]"),
    ("[{a: 1}, {a: 2}][a = 2]", "[{a: 2}]"),
    ("[{a: 1, item: 5}][item = 5].a", "[1]"),
    ("[{x: 1}, {x: 2}][x > 1].x", "[2]"),
    ("[1, 2, 3][1 + 1]", "2"),
    ("100[1]", "100"),
    ("100[2]", "null"),
    ("100[item = 100]", "[100]"),
    ("null[1]", "null"),
    ("[][item > 1]", "[]"),
    ("[1, 2, 3][true]", "[1, 2, 3]"),
    ("[1, 2, 3][null]", "[]"),
    ("[[1], [2]][item[1] = 2]", "[[2]]"),
    ("{t: 2, r: [{t: 1}, {v: 3}][t = 2]}.r", "[{v: 3}]"),
]
PATHS = [
    ("{a: {b: 1}}.a.b", "1"),
    ("{a: 1}.b", "null"),
    ("[{b: 1}, {b: [2.1, 2.2]}].b", "[1, [2.1, 2.2]]"),
    ("null.a", "null"),
    ("{a b: 1, c: a b + 1}.c", "2"),
    ('{"a+b": 1, c: a+b}.c', "1"),
    ('{"x": 1}.x', "1"),
    ("{`a b`: 3}.a b", "3"),
    ("{a: 1, b: {a: 2, c: a}}.b.c", "2"),
    ("[1..5].start", "1"),
    ("[1..5).end included", "false"),
    ("(> 5).end", "null"),
    ("(> 5).start", "5"),
]
FUNCTIONS = [
    ("(function(x) x + 1)(2)", "3"),
    ("{f: function(a, b) a - b, r: f(b: 1, a: 5)}.r", "4"),
    ('{f: function(a: number) a, r: f("x")}.r', "null"),
    ("{f: function(a: number) a, r: f([1])}.r", "1"),
    ("{f: function(a: list<number>) a, r: f(1)}.r", "[1]"),
    ("{f: function(a) a, r: f()}.r", "null"),
    ("{f: function(a) a, r: f(b: 1)}.r", "null"),
    ("{n: 10, add: function(x) x + n, r: add(1)}.r", "11"),
    ("{f: function(g) g(3), r: f(function(x) x * x)}.r", "9"),
    ("[function(x) x + 1][1](2)", "3"),
    ("sort(list: [3, 1, 2], precedes: function(a, b) a > b)", "[3, 2, 1]"),
]
TYPES = [
    ("1 instance of number", "true"),
    ("-1 instance of number", "true"),
    ('"a" instance of number', "false"),
    ("null instance of number", "false"),
    ("null instance of Null", "true"),
    ("1 instance of Any", "true"),
    ("[1, 2] instance of list<number>", "true"),
    ('[1, "a"] instance of list<number>', "false"),
    ("{a: 1} instance of context<a: number>", "true"),
    ("{a: 1} instance of context<a: string>", "false"),
    ("{a: 1} instance of context<b: number>", "false"),
    ("[1..2] instance of range<number>", "true"),
    ("(function(x: number) x) instance of function<number> -> number", "true"),
    ("(function(x) x) instance of function", "true"),
    ('@"2020-01-01" instance of date', "true"),
    ('@"2020-01-01" instance of date and time', "false"),
    ('@"P1D" instance of days and time duration', "true"),
    ('@"P1Y" instance of years and months duration', "true"),
]
LEXICAL = [
    ('"\\u41"', '"\\\\u41"'),
    ('"\\u0041\\U01F40E"', '"A🐎"'),
    ('"\\uD83D\\uDC0E"', '"🐎"'),
    ('"a\\tb\\"\\\\"', '"a\\tb\\"\\\\"'),
    ("1 // comment\n + 1", "2"),
    ("1 /* a * comment */ + 1", "2"),
    ("{🐎: 1}.🐎", "1"),
    ('{"": 1}', '{"": 1}'),
    ("[1, 2,\n 3]", "[1, 2, 3]"),
]


@pytest.mark.parametrize(
    ("source", "expected"),
    ARITHMETIC
    + COMPARISON
    + LOGIC
    + MEMBERSHIP
    + ITERATION
    + FILTERS
    + PATHS
    + FUNCTIONS
    + TYPES
    + LEXICAL,
)
def test_expression(source: str, expected: str) -> None:
    assert text(source) == expected


class TestNames:
    VARIABLES = {
        "a": 1,
        "b": 2,
        "a-b": 7,
        "loan amount": 100,
        "失业 月数": 14,
        "失业原因": "裁员",
        "rate.max": 3,
        "bob's": 4,
        "x and y": 5,
        "Review": {"outcome": "approve"},
    }

    @pytest.mark.parametrize(
        ("source", "expected"),
        [
            ("a - b", "-1"),
            ("a-b", "7"),
            ("loan amount * 2", "200"),
            ("loan  amount", "100"),
            ('失业 月数 >= 12 and 失业原因 = "裁员"', "true"),
            ("rate.max + 1", "4"),
            ("bob's + a", "5"),
            ("x and y + 1", "6"),
            ("`loan amount` + 1", "101"),
            ('Review.outcome = "approve"', "true"),
        ],
    )
    def test_longest_known_name_is_read(self, source: str, expected: str) -> None:
        assert text(source, self.VARIABLES) == expected

    def test_local_names_shadow_variables(self) -> None:
        assert text("for a in [5] return a", self.VARIABLES) == "[5]"

    def test_keys_of_items_shadow_variables_in_a_filter(self) -> None:
        assert text("[{a: 5}, {c: 1}][a = 1]", self.VARIABLES) == "[{c: 1}]"

    def test_declared_function_name_shadows_the_builtin(self) -> None:
        assert text("{count: function(x) 42, r: count([1])}.r") == "42"
