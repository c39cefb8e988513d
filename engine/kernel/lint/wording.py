"""A message and a remedy, each in both languages."""

from __future__ import annotations

from typing import NamedTuple

from engine.types import Text


class Wording(NamedTuple):
    """`{name}` stands for an argument of the finding."""

    message: Text
    remedy: Text


def say(zh: str, en: str, remedy_zh: str, remedy_en: str) -> Wording:
    return Wording(Text(zh, en), Text(remedy_zh, remedy_en))
