"""What the standard's authors and other engines read differently at first: one table a topic."""

from decimal import Decimal

import pytest

from engine.feel import FeelValue, Type, compile_expression
from tests.engine.feel.run import AT, text, value

RANGES = [
    ("(< 10) = (null..10)", "false"),
    ("[10..null)", "null"),
    ("5 in (null..10]", "null"),
    ("null in [1..10]", "null"),
    ("(= 10) = [10..10]", "false"),
    ("(= 10) = (= 10)", "true"),
    ("(!= 10) = (!= 10)", "true"),
    ("[(= 10).start, (= 10).end, (= 10).end included]", "[10, 10, true]"),
    ("[(!= 10).start, (!= 10).start included]", "[null, false]"),
    ("[5, 10][item in (!= 10)]", "[5]"),
    ("5 in [[1..2], (!= 10)]", "true"),
    ("string((!= 10))", '"(!=10)"'),
    ("before((!= 10), 11)", "null"),
    ("for i in (!= 10) return i", "null"),
    ("for i in [2..1] return i", "null"),
    ('for i in "a".."c" return i', "null"),
    ('for i in [@"P1D"..@"P2D"] return i', "null"),
    (">= 2", "(>=2)"),
    ("{limit: < 5}.limit", "(<5)"),
    ("[< 5, > 8][1]", "(<5)"),
    ('range("[2..)") = >= 2', "true"),
    ('range("(2 .. )") = > 2', "true"),
    ('range("( ..2]") = <= 2', "true"),
    ('range("]..2[") = < 2', "true"),
    ('range("[..2]")', "null"),
    ('range("[1..]")', "null"),
    ('range("(..)")', "null"),
    ('range(" [ 1 .. 3 ] ") = [1..3]', "true"),
    ('range("[1 + 1..3]")', "null"),
]
MOMENTS = [
    ('@"2002-04-02" = @"2002-04-02T00:00:00Z"', "true"),
    ('@"2002-04-02T08:00:00+08:00" = @"2002-04-02"', "true"),
    ('@"2002-04-02" = @"2002-04-02T00:00:00"', "false"),
    ('@"2002-04-02" < @"2002-04-02T00:00:01Z"', "true"),
    ('@"2002-04-02T10:00:00Z" in [@"2002-04-02"..@"2002-04-03"]', "true"),
    ('@"2002-04-02" instance of date and time', "false"),
    ('is(@"2002-04-02", @"2002-04-02T00:00:00Z")', "false"),
    ('is(@"2002-04-02T00:00:00Z", @"2002-04-02T00:00:00@Etc/UTC")', "false"),
    ('is(@"10:00:00@Asia/Shanghai", @"10:00:00@Asia/Shanghai")', "true"),
]
PATTERNS = [
    ('matches("a b", "a[ ]b", "x")', "true"),
    ('matches("a b", " a [ ] b ", "x")', "true"),
    ('matches("a]b", "a \\\\] b", "x")', "true"),
    ('matches("[ b", "\\\\[ [ ] b", "x")', "true"),
    ('matches("hello", "\\\\p{ Is Basic Latin }+", "x")', "true"),
    ('matches("hello", "\\\\p{ IsBasicLatin}+")', "null"),
    ('matches("λόγος", "^\\\\p{IsGreek}+$")', "true"),
    ('matches("申领", "^\\\\p{IsCJKUnifiedIdeographs}+$")', "true"),
    ('matches("€", "\\\\p{IsBasicLatin}")', "false"),
    ('matches("€", "[^\\\\p{IsBasicLatin}]")', "true"),
    ('matches("a", "\\\\p{IsNowhere}")', "null"),
    ('matches(",", "[+--]")', "true"),
    ('matches("b", "[a--b]")', "null"),
]
CONVERSIONS = [
    ('number("12 500,75", " ", ",")', "12500.75"),
    ('number("12,500.75", ",", ".")', "12500.75"),
    ('number(from: "7", grouping separator: null, decimal separator: null)', "7"),
    ('number("7,5", null, ",")', "7.5"),
    ('number("7", ",", ",")', "null"),
    ('number("7", "x", ".")', "null"),
    ('number("7 kg")', "null"),
    ('number("7", ",", ".", 1)', "null"),
    ("string()", "null"),
    ('string(@"P0Y")', '"P0M"'),
    ('string(@"-PT90M")', '"-PT1H30M"'),
    ('string(@"08:00:00.25-03:30:15")', '"08:00:00.25-03:30:15"'),
    ('string({a b: [1, "x"], "{": null})', r'"{a b: [1, \"x\"], \"{\": null}"'),
    ('date("2026-1-05")', "null"),
    ('date("+2026-01-05")', "null"),
    ('date("02026-01-05")', "null"),
    ("date(2026, 2, 29)", "null"),
    ("date(2026, null, 1)", "null"),
    ('date(@"2026-01-05T23:30:00-05:00")', '@"2026-01-05"'),
    ("time(24, 0, 1, null)", "null"),
    ('time("08:00:00+19:00")', "null"),
    ('time("08:00:00+02:00@Europe/Paris")', "null"),
    ('time("08:00:00@Nowhere/Town")', "null"),
    ('time(8, 0, 0, @"-PT2H45M55S")', '@"08:00:00-02:45:55"'),
    ('time(hour: 8, minute: 5, second: 0, offset: @"PT0S")', '@"08:05:00Z"'),
    ('date and time(@"2026-01-05T10:00:00Z", @"08:00:00")', '@"2026-01-05T08:00:00"'),
    ('date and time("2026-01-05T8:00:00")', "null"),
    ('duration("P")', "null"),
    ('duration("P1Y2D")', "null"),
    ('duration("PT2.S")', '@"PT2S"'),
    ('years and months duration(@"2026-05-31", @"2025-05-31")', '@"-P1Y"'),
]
ARGUMENTS = [
    ("abs(n: -3)", "3"),
    ("abs(number: -3)", "null"),
    ("abs(-3, 1)", "null"),
    ("decimal(2/3, 1.9)", "0.7"),
    ("round up(1.01, -1)", "10"),
    ("round half down(2.5)", "null"),
    ("modulo(-7.5, 2)", "0.5"),
    ("modulo(7.5, -2)", "-0.5"),
    ("all([])", "true"),
    ("any([null, false])", "null"),
    ("any()", "null"),
    ("stddev([5])", "null"),
    ("mode([])", "[]"),
    ("median()", "null"),
    ("min([1, null])", "null"),
    ('max("a", "b")', '"b"'),
    ("concatenate([1], null)", "null"),
    ("append([], null)", "[null]"),
    ("insert before([1, 2], 3, 0)", "null"),
    ("list replace([3, 5, 8], function(item, newItem) item > newItem, 4)", "[3, 4, 4]"),
    ("list replace(list: [3, 5], position: -1, newItem: 0)", "[3, 0]"),
    ("list replace([3], function(item) true, 0)", "null"),
    ('get value({a: {b: 7}}, ["a", "b"])', "7"),
    ("get value({a: 7}, [])", "null"),
    ('context([{key: "a", value: 1}, {key: "a", value: 2}])', "null"),
    ('context put({a: 1}, ["b", "c"], 2)', "{a: 1, b: {c: 2}}"),
    ('context put({a: 1}, ["a", "c"], 2)', "null"),
    ("context merge([{a: {x: 1}}, {a: {y: 2}}])", "{a: {y: 2}}"),
    ("now(1)", "null"),
]
IN = [
    ("[1, 2] in ([[1, 2, 3]], [[1, 2]])", "true"),
    ("[1, 2] in != [1, 2]", "false"),
    ("{a: 1} in (= {a: 1})", "true"),
    ("{a: 1} in ({a: 2}, {b: 1})", "false"),
    ('1 in (= "1")', "null"),
    ("null in [[1..2], null]", "true"),
]
CLOSURES = [
    ("(function(a) function(b) a * b)(10)(2)", "20"),
    ("{f: function(a) function(a, b) a * b, r: f(10)(2, 3)}.r", "6"),
]
TYPES = [
    ('(function() "a") instance of function<> -> string', "true"),
    ('(function() "a") instance of function<> -> Any', "true"),
    ("(function() 1) instance of function<> -> string", "false"),
    ("(function() null) instance of function<> -> string", "true"),
    ("(function(x) x + 1) instance of function<number> -> number", "true"),
    ("(function(x: string) x) instance of function<string> -> number", "false"),
    ("(function(x: string) x) instance of function<number> -> string", "false"),
    ("(function(x: number) x) instance of function<Any> -> number", "false"),
    ("(function(x) 1) instance of function<Any> -> number", "true"),
    ("(function(x, y) 1) instance of function<Any> -> number", "false"),
    ("(function() 1 < 2) instance of function<> -> boolean", "true"),
    ("(function() [1, 2]) instance of function<> -> list<number>", "true"),
    ('(function() [1, "a"]) instance of function<> -> list<number>', "false"),
    ('(function() [1, "a"]) instance of function<> -> list<string>', "false"),
    ("(function() if true then 1 else 2) instance of function<> -> string", "false"),
    ("(function() {a: 1, b: 2}) instance of function<> -> context<a: number>", "true"),
    ("(function() {a: 1}) instance of function<> -> context<a: number, b: number>", "false"),
    (
        (
            "(function(x: context<a: number>) 1)"
            " instance of function<context<a: number, b: number>> -> number"
        ),
        "true",
    ),
    (
        (
            "(function(x: context<a: number, b: number>) 1)"
            " instance of function<context<a: number>> -> number"
        ),
        "false",
    ),
    (
        (
            "(function(x: number) function(y) x)"
            " instance of function<number> -> function<Any> -> number"
        ),
        "true",
    ),
    ("(function(x: list<number>) 1) instance of function<list<string>> -> number", "false"),
    (
        "(function(x: dayTimeDuration) 1) instance of function<days and time duration> -> number",
        "true",
    ),
]


@pytest.mark.parametrize(
    ("source", "expected"),
    RANGES + MOMENTS + PATTERNS + CONVERSIONS + ARGUMENTS + IN + CLOSURES + TYPES,
)
def test_conformance(source: str, expected: str) -> None:
    assert text(source) == expected


def test_a_function_reads_the_names_of_the_place_it_was_written() -> None:
    times = value("function(b) a * b", {"a": 10})

    assert value("times(2) + a", {"times": times, "a": 1}) == 21


class TestTypesOfADecisionFile:
    LOAN = Type("context", (Type("number"), Type("string")), ("amount", "term"))

    @pytest.mark.parametrize(
        ("source", "expected"),
        [
            ('{amount: 1, term: "a", more: 2} instance of tLoan', True),
            ("{amount: 1} instance of tLoan", False),
            ("{amount: 1, term: 2} instance of tLoan", False),
            ('[{amount: 1, term: "a"}] instance of list<tLoan>', True),
            ("(function(x: tLoan) x.amount)({amount: 1})", None),
            ('(function(x: tLoan) x.amount)({amount: 1, term: "a"})', Decimal(1)),
            ("(function(x: tLoan) 1) instance of function<tLoan> -> number", True),
        ],
    )
    def test_stand_for_what_they_are_made_of(self, source: str, expected: FeelValue) -> None:
        compiled = compile_expression(source, types={"tLoan": self.LOAN})

        assert compiled.problems == ()
        assert compiled.evaluate({}, at=AT) == expected

    def test_are_unknown_elsewhere(self) -> None:
        compiled = compile_expression("1 instance of tLoan")

        assert [problem.code for problem in compiled.problems] == ["unknown-type"]
