"""From a programme's folder to published versions and offices."""

from collections.abc import Iterable
from datetime import datetime

from workflows.accounts.models import User
from workflows.actions import programmes
from workflows.models import ProgrammeVersion
from workflows.models.edition import Edition, Figure, NoticeText, OfficeLine
from workflows.programmes import ProgrammePackage, Version


def publish_package(
    package: ProgrammePackage, *, by: User | None, at: datetime
) -> list[ProgrammeVersion]:
    """Save a package's offices and publish all its versions; again changes nothing.

    Raises:
        DeploymentRefused: its diagrams or tables have errors; from the engine.
    """
    if package.offices:
        programmes.save_offices(office_lines(package), by=by, at=at)
    return [
        programmes.publish(edition_of(package, version), by=by, at=at)
        for version in package.versions
    ]


def edition_of(package: ProgrammePackage, version: Version) -> Edition:
    """One version of a package, ready to be published."""
    return Edition(
        code=package.code,
        name=package.name,
        exclusivity_group=package.exclusivity_group,
        number=version.number,
        effective_from=version.effective_from,
        effective_to=version.effective_to,
        document=package.document(version),
        bundle=package.bundle(version),
        notices=[
            NoticeText(row.code, row.language, row.title, row.text) for row in package.notices
        ],
        figures=[
            Figure(row.key, row.valid_from, row.value, row.tier, row.source, row.is_sample)
            for row in package.parameters
        ],
        is_sample=version.is_sample,
    )


def office_lines(package: ProgrammePackage) -> Iterable[OfficeLine]:
    """The offices of a package as they are stored."""
    for row in package.offices:
        yield OfficeLine(
            code=row.code,
            name=row.name.zh,
            region=row.region.zh,
            phone=row.phone,
            division_code=row.division_code,
            valid_from=row.valid_from,
            name_en=row.name.en,
            region_en=row.region.en,
        )
