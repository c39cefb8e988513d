"""Letters: filled from the programme's texts, stored as issued."""

import hashlib
from collections.abc import Mapping
from datetime import datetime

from engine.types import Text
from workflows.models import Claim, Letter
from workflows.queries.words import fill

LANGUAGES = ("zh-hans", "en")


def issue(
    claim: Claim, kind: str, text: Text, values: Mapping[str, object], *, key: str, at: datetime
) -> None:
    """Issue a letter in both languages, once per key."""
    for language in LANGUAGES:
        filled = fill(text.in_language(language), values, language)
        if Letter.objects.filter(key=key, language=language).exists():
            continue
        letter = Letter(
            claim=claim,
            kind=kind,
            language=language,
            text=filled,
            sha256=hashlib.sha256(filled.encode()).hexdigest(),
            issued_at=at,
            key=key,
        )
        letter.save(force_insert=True)


def reasons_text(claim: Claim, codes: list[str], values: Mapping[str, object]) -> Text:
    """The citizen's sentences of reason codes, one after the other."""
    known = claim.version.rules.reasons
    rows = [known[code] for code in codes if code in known]
    return Text(
        "".join(fill(row.citizen.zh, values, "zh-hans") for row in rows),
        " ".join(fill(row.citizen.en, values, "en") for row in rows),
    )
