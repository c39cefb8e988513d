"""Publishing the rules of a programme: its diagrams, texts, figures and offices, all or nothing.

Publishing the same content again changes nothing. Claims keep the version and the definition
that they were submitted under.
"""

import hashlib
from collections.abc import Iterable
from datetime import date, datetime
from typing import Final

from django.db import transaction

from engine import api
from workflows.accounts.models import User
from workflows.actions import audit
from workflows.errors import NotAllowed
from workflows.models import (
    APPLICANT,
    Notice,
    Office,
    PolicyParameter,
    Programme,
    ProgrammeVersion,
    Role,
)
from workflows.models.edition import Edition, OfficeLine
from workflows.models.rules import Rules

CHAIN: Final = "area:programmes"
GROUPS: Final = frozenset({APPLICANT, *Role.values})


def publish(
    edition: Edition, *, author: User | None = None, by: User | None, at: datetime
) -> ProgrammeVersion:
    """Deploy the bundle and put the version in force for submissions from now on.

    Raises:
        NotAllowed: the author publishes.
        DeploymentRefused: the bundle has errors; from the engine.
    """
    if author is not None and by is not None and author.pk == by.pk:
        raise NotAllowed("author_publishes")
    rules = Rules.read(edition.document)
    with transaction.atomic():
        programme, _ = Programme.objects.update_or_create(
            code=edition.code,
            defaults={
                "name_zh": edition.name.zh,
                "name_en": edition.name.en or edition.name.zh,
                "exclusivity_group": edition.exclusivity_group,
            },
        )
        api.deploy(
            edition.bundle,
            groups=GROUPS,
            milestones=rules.milestones,
            by=by.pk if by else None,
            at=at,
        )
        digest = edition.content_hash
        known = programme.versions.filter(number=edition.number, content_hash=digest).first()
        if known is not None:
            return known
        superseded = programme.versions.filter(
            number=edition.number, state=ProgrammeVersion.State.PUBLISHED
        )
        superseded.update(state=ProgrammeVersion.State.RETIRED)
        version = _new_version(programme, edition, digest, author=author, by=by, at=at)
        audit.append(
            CHAIN,
            "programme.published",
            by=by,
            at=at,
            programme=programme.code,
            number=edition.number,
            hash=digest,
        )
    return version


def _new_version(
    programme: Programme,
    edition: Edition,
    digest: str,
    *,
    author: User | None,
    by: User | None,
    at: datetime,
) -> ProgrammeVersion:
    version = ProgrammeVersion.objects.create(
        programme=programme,
        number=edition.number,
        effective_from=edition.effective_from,
        effective_to=edition.effective_to,
        is_sample=edition.is_sample,
        content_hash=digest,
        document=dict(edition.document),
        author=author,
        publisher=by,
        published_at=at,
    )
    Notice.objects.bulk_create(
        [
            Notice(
                version=version,
                code=notice.code,
                language=notice.language,
                title=notice.title,
                text=notice.text,
                sha256=hashlib.sha256(notice.text.encode()).hexdigest(),
            )
            for notice in edition.notices
        ]
    )
    PolicyParameter.objects.bulk_create(
        [
            PolicyParameter(
                version=version,
                key=figure.key,
                tier=figure.tier,
                valid_from=figure.valid_from,
                value=figure.value,
                source=figure.source,
                is_sample=figure.is_sample,
            )
            for figure in edition.figures
        ]
    )
    return version


def save_offices(lines: Iterable[OfficeLine], *, by: User | None, at: datetime) -> int:
    """Add and update offices by code; none is ever removed. How many there are in the list."""
    with transaction.atomic():
        count = 0
        for line in lines:
            Office.objects.update_or_create(
                code=line.code,
                defaults={
                    "name": line.name,
                    "name_en": line.name_en,
                    "region": line.region,
                    "region_en": line.region_en,
                    "phone": line.phone,
                    "division_code": line.division_code,
                    "valid_from": line.valid_from,
                },
            )
            count += 1
        audit.append(CHAIN, "offices.saved", by=by, at=at, count=count)
    return count


def merge_office(
    office: Office, successor: Office, *, last_day: date, by: User, at: datetime
) -> None:
    """After `last_day` an office's work is its successor's; its old letters keep its name."""
    if office.pk == successor.pk:
        raise NotAllowed("same_office")
    with transaction.atomic():
        office.valid_to, office.successor = last_day, successor
        office.save(update_fields=["valid_to", "successor"])
        audit.append(CHAIN, "office.merged", by=by, at=at, office=office.code, into=successor.code)
