"""`manage.py load_programmes`: rows and deployments as the folders of `bpmn/` say."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from engine import api, clock
from engine.errors import DeploymentRefused
from workflows.actions import packages
from workflows.programmes import PackageInvalid, ProgrammePackage, load_all


class Command(BaseCommand):
    help = "Load every programme package; loading again what is there changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--root", type=Path, default=settings.BASE_DIR / "bpmn")

    def handle(self, *, root: Path, verbosity: int, **_options: object) -> None:
        try:
            found = load_all(root)
        except PackageInvalid as error:
            raise CommandError("\n".join(str(problem) for problem in error.problems)) from None
        if not found:
            raise CommandError(f"no programme below {root}")
        for package in found:
            loaded = self._load(package)
            if verbosity > 0:
                self.stdout.write(sentence(loaded))

    def _load(self, package: ProgrammePackage) -> packages.Loaded:
        try:
            return packages.load_package(package, at=clock.now())
        except DeploymentRefused as error:
            lines = [
                f"{finding.file} {finding.element_id}: {api.explain(finding)[0].en}"
                for finding in error.findings
                if finding.level == "error"
            ]
            raise CommandError("\n".join((package.code, *lines))) from None


def sentence(loaded: packages.Loaded) -> str:
    """What loading changed, in one line."""
    parts = []
    if loaded.versions:
        parts.append(f"versions {', '.join(map(str, loaded.versions))}")
    if loaded.offices:
        parts.append(f"{len(loaded.offices)} offices")
    if loaded.deployed:
        parts.append("deployed")
    return f"{loaded.code}: {'; '.join(parts) or 'unchanged'}"
