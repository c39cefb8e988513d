"""Packages become rows and a deployment.

A version that was loaded is never changed: other content under the same number is a new row, and
the old one is retired; claims keep the row they were made under.
"""

import hashlib
import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from django.db import transaction

from engine import api
from workflows.actions import audit
from workflows.models import (
    APPLICANT,
    Notice,
    Office,
    PolicyParameter,
    Programme,
    ProgrammeVersion,
    Role,
)
from workflows.programmes import ProgrammePackage, Version

CHAIN: Final = "area:programmes"
GROUPS: Final = (*Role.values, APPLICANT)


@dataclass(slots=True)
class Loaded:
    """What loading a package changed; empty lists when it was all there."""

    code: str
    versions: list[int] = field(default_factory=list)
    offices: list[str] = field(default_factory=list)
    deployed: bool = False


def load_package(package: ProgrammePackage, *, at: datetime) -> Loaded:
    """Bring rows and the deployment to what the package says; again changes nothing.

    Raises:
        DeploymentRefused: diagrams, tables or forms cannot be executed.
    """
    loaded = Loaded(package.code)
    with transaction.atomic():
        programme = _programme(package)
        for version in package.versions:
            if _version(programme, package, version, at=at):
                loaded.versions.append(version.number)
        _retire_others(programme, {version.number for version in package.versions})
        loaded.offices = [row.code for row in package.offices if _office(package, row.code)]
        loaded.deployed = _deploy(package, at=at)
        if loaded.versions or loaded.offices or loaded.deployed:
            audit.append(
                CHAIN,
                "programme.loaded",
                by=None,
                at=at,
                programme=package.code,
                versions=[str(number) for number in loaded.versions],
                offices=len(loaded.offices),
                deployed=loaded.deployed,
            )
    return loaded


def _programme(package: ProgrammePackage) -> Programme:
    values = {
        "name_zh": package.name.zh,
        "name_en": package.name.en,
        "exclusivity_group": package.exclusivity_group,
    }
    row, _ = Programme.objects.get_or_create(code=package.code, defaults=values)
    # Two processes that start at once load one after the other.
    row = Programme.objects.select_for_update().get(pk=row.pk)
    if any(getattr(row, key) != value for key, value in values.items()):
        Programme.objects.filter(pk=row.pk).update(**values)
        row.refresh_from_db()
    return row


def _version(
    programme: Programme, package: ProgrammePackage, version: Version, *, at: datetime
) -> bool:
    """Whether the version's content is new; then its row, notices and figures are created."""
    content = content_hash(package, version)
    published = ProgrammeVersion.State.PUBLISHED
    rows = ProgrammeVersion.objects.filter(programme=programme, number=version.number)
    same = rows.filter(content_hash=content).first()
    rows.exclude(content_hash=content).filter(state=published).update(
        state=ProgrammeVersion.State.RETIRED
    )
    if same is not None:
        rows.filter(pk=same.pk).exclude(state=published).update(state=published)
        return False
    row = ProgrammeVersion.objects.create(
        programme=programme,
        number=version.number,
        effective_from=version.effective_from,
        effective_to=version.effective_to,
        is_sample=version.is_sample,
        content_hash=content,
        document=package.document(version),
        published_at=at,
    )
    Notice.objects.bulk_create(
        Notice(
            version=row,
            code=notice.code,
            language=notice.language,
            title=notice.title,
            text=notice.text,
            sha256=hashlib.sha256(f"{notice.title}\n\n{notice.text}".encode()).hexdigest(),
        )
        for notice in package.notices
    )
    PolicyParameter.objects.bulk_create(
        PolicyParameter(
            version=row,
            key=figure.key,
            tier=figure.tier,
            valid_from=figure.valid_from,
            value=figure.value,
            source=figure.source,
            is_sample=figure.is_sample,
        )
        for figure in package.parameters
    )
    return True


def content_hash(package: ProgrammePackage, version: Version) -> str:
    """The hash of everything a version says: document, window, notices, figures."""
    plain = {
        "document": package.document(version),
        "window": [version.effective_from.isoformat(), version.effective_to.isoformat()],
        "notices": [[row.code, row.language, row.title, row.text] for row in package.notices],
        "parameters": [
            [row.key, row.tier, row.valid_from.isoformat(), str(row.value), row.source]
            for row in package.parameters
        ],
    }
    text = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _retire_others(programme: Programme, numbers: set[int]) -> None:
    """Versions that the package no longer has are not offered any more."""
    gone = programme.versions.exclude(number__in=numbers)
    published = gone.filter(state=ProgrammeVersion.State.PUBLISHED)
    published.update(state=ProgrammeVersion.State.RETIRED)


def _office(package: ProgrammePackage, code: str) -> bool:
    """Whether the office was new or changed; mergers and closures stay as they are."""
    given = next(row for row in package.offices if row.code == code)
    values = {
        "name": given.name.zh,
        "name_en": given.name.en,
        "region": given.region.zh,
        "region_en": given.region.en,
        "phone": given.phone,
        "division_code": given.division_code,
        "valid_from": given.valid_from,
    }
    row, created = Office.objects.get_or_create(code=code, defaults=values)
    if created:
        return True
    changed = any(getattr(row, key) != value for key, value in values.items())
    if changed:
        Office.objects.filter(pk=row.pk).update(**values)
    return changed


def _deploy(package: ProgrammePackage, *, at: datetime) -> bool:
    """Whether a deployment was made; content that was deployed before stays where it is."""
    known = {view.deployment_id for view in api.definitions(package.code)}
    views = api.deploy(
        package.bundle(package.versions[-1]),
        groups=GROUPS,
        milestones=package.milestones,
        by=None,
        at=at,
    )
    return any(view.deployment_id not in known for view in views)
