"""A version of a programme as a package hands it over, ready to be published."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from engine.types import Bundle, Text


@dataclass(frozen=True, slots=True)
class NoticeText:
    """A notice in one language."""

    code: str
    language: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of the policy from a date on; an empty tier means everywhere."""

    key: str
    valid_from: date
    value: Decimal
    tier: str = ""
    source: str = ""
    is_sample: bool = True


@dataclass(frozen=True, slots=True)
class OfficeLine:
    """One office of a list."""

    code: str
    name: str
    region: str
    phone: str
    division_code: str
    valid_from: date
    name_en: str = ""
    region_en: str = ""


@dataclass(frozen=True, slots=True)
class Edition:
    """One version of a programme, ready to be published. `document` is what `Rules` reads."""

    code: str
    name: Text
    exclusivity_group: str
    number: int
    effective_from: date
    effective_to: date
    document: Mapping[str, Any] = field(hash=False)
    bundle: Bundle = field(hash=False)
    notices: Sequence[NoticeText] = ()
    figures: Sequence[Figure] = ()
    is_sample: bool = True

    @property
    def content_hash(self) -> str:
        """A hash of everything that publishing writes, the bundle included."""
        files = {name: hashlib.sha256(raw).hexdigest() for name, raw in self.bundle.files.items()}
        plain = {
            "document": self.document,
            "files": files,
            "notices": [[n.code, n.language, n.title, n.text] for n in self.notices],
            "figures": [[f.key, f.tier, f.valid_from, f.value] for f in self.figures],
            "window": [self.effective_from, self.effective_to],
        }
        text = json.dumps(plain, sort_keys=True, ensure_ascii=False, default=str)
        return hashlib.sha256(text.encode()).hexdigest()
