"""Which conditions behind a choice are seen to leave nothing out."""

import pytest

from engine.kernel.lint.covering import cover


@pytest.mark.parametrize(
    "conditions",
    [
        ('= outcome = "pass"', '=outcome = "return" or outcome = "deny"'),
        ("=more = true", "= more  =  false"),
        ("=not(more)", "=more"),
        ('=kind = "a"', '=kind != "a"'),
        ("=reasons_again != reasons", "=reasons_again = reasons"),
    ],
)
def test_nothing_is_left_out(conditions: tuple[str, ...]) -> None:
    assert cover(conditions)


@pytest.mark.parametrize(
    "conditions",
    [
        ('=outcome = "pass" and more = true', '=outcome = "return"'),
        ('=result = "paid"', '=result = "failed"'),
        ("=n = 1", "=n = 2"),
        ("=n > 1", "=n < 1"),
        ("=a = true", "=b = false"),
        ("=more = true", "=more = true"),
        ("=more = true", "=more = false", "=n = 1"),
        ('=kind != "a"', '=kind != "b"'),
        ("", "=more"),
    ],
)
def test_something_may_be_left_out(conditions: tuple[str, ...]) -> None:
    assert not cover(conditions)
