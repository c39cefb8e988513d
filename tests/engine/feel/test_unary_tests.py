"""Cells of decision tables."""

from datetime import date

import pytest

from tests.engine.feel.run import passes

CASES = [
    ("-", 1, True),
    ("", None, True),
    (">= 12", 12, True),
    (">= 12", 11, False),
    (">= 12", None, None),
    ("-5", -5, True),
    ('"失业"', "失业", True),
    ('"a", "b"', "b", True),
    ('"a", "b"', "c", False),
    ("1, 2, 3", 3, True),
    ('not("a")', "a", False),
    ('not("a", "b")', "c", True),
    ("not(>= 12)", None, None),
    ("[1..12]", 12, True),
    ("[1..12)", 12, False),
    ("]1..12]", 1, False),
    ("< 3, > 10", 11, True),
    ("< 3, > 10", 5, False),
    ("? > 3 and ? < 9", 5, True),
    ("? > 3 and ? < 9", 9, False),
    ("not(?) or false", False, True),
    ("true", True, True),
    ("true", None, False),
    ("null", None, True),
    ("null", 1, False),
    ('date("2020-01-01")', date(2020, 1, 1), True),
    ('< date("2020-01-01")', date(2019, 1, 1), True),
    ('list contains(?, "a")', ["a", "b"], True),
    ("[1, 2, 3]", 2, True),
    ("limit", 5, True),
    ("> limit", 6, True),
    ('starts with(?, "ab")', "abc", True),
    ("= 5", 5, True),
    ("!= 5", 5, False),
    ("(< 5)", 4, True),
    ('> "a"', 1, None),
]


@pytest.mark.parametrize(("tests", "tested", "expected"), CASES)
def test_cell(tests: str, tested: object, *, expected: bool | None) -> None:
    assert passes(tests, tested, {"limit": 5}) is expected
