"""What the standard's authors and other engines read differently at first: one table a topic."""

import pytest

from tests.engine.feel.run import text, value

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
]
CLOSURES = [
    ("(function(a) function(b) a * b)(10)(2)", "20"),
    ("{f: function(a) function(a, b) a * b, r: f(10)(2, 3)}.r", "6"),
]


@pytest.mark.parametrize(("source", "expected"), RANGES + MOMENTS + PATTERNS + CLOSURES)
def test_conformance(source: str, expected: str) -> None:
    assert text(source) == expected


def test_a_function_reads_the_names_of_the_place_it_was_written() -> None:
    times = value("function(b) a * b", {"a": 10})

    assert value("times(2) + a", {"times": times, "a": 1}) == 21
