"""Deploying a bundle: read, check, store under one content hash, number its processes."""

from datetime import datetime

from django.db import IntegrityError
from django.db.models import Max

from engine import faults
from engine.definitions.checking import form_findings
from engine.definitions.listing import views_of
from engine.errors import DeploymentRefused
from engine.kernel import KERNEL_VERSION
from engine.kernel.model import Model, Process
from engine.kernel.read import read_bundle
from engine.models import Deployment, ProcessDefinition, StartTimer
from engine.runtime.loaded import catalogue_document, content_hash, pack
from engine.runtime.scheduled import schedule
from engine.runtime.transaction import step_transaction
from engine.types import Bundle, Catalogue, DefinitionView


def deploy(
    bundle: Bundle, catalogue: Catalogue, *, by: int | None, at: datetime, note: str
) -> tuple[DefinitionView, ...]:
    """Store a bundle and number its processes; the same content again changes nothing.

    Raises:
        DeploymentRefused: a finding of level "error".
    """
    content = content_hash(bundle.files)
    existing = views_of(key=bundle.key, content=content)
    if existing:
        return existing
    result = read_bundle(bundle, catalogue)
    findings = (*result.findings, *form_findings(bundle, result.model))
    if result.model is None or any(finding.level == "error" for finding in findings):
        raise DeploymentRefused(findings)
    faults.point("deploy.validated")
    try:
        with step_transaction():
            store(bundle, catalogue, result.model, content=content, by=by, at=at, note=note)
            faults.point("deploy.before_commit")
    except IntegrityError:
        # Somebody deployed the same content a moment ago; anything else is an error of ours.
        if not (existing := views_of(key=bundle.key, content=content)):
            raise
        return existing
    return views_of(key=bundle.key, content=content)


def store(
    bundle: Bundle,
    catalogue: Catalogue,
    model: Model,
    *,
    content: str,
    by: int | None,
    at: datetime,
    note: str,
) -> None:
    lock_key(bundle.key)
    deployment = Deployment.objects.create(
        key=bundle.key,
        content_hash=content,
        files=pack(bundle.files),
        catalogue=catalogue_document(catalogue),
        kernel_version=KERNEL_VERSION,
        label=bundle.label,
        note=note,
        deployed_at=at,
        deployed_by_id=by,
    )
    versions = dict(
        ProcessDefinition.objects.filter(key=bundle.key)
        .values_list("process_id")
        .annotate(Max("version"))
    )
    # A process that the bundle no longer draws cannot be started any more.
    ProcessDefinition.objects.filter(key=bundle.key, is_current=True).update(is_current=False)
    StartTimer.objects.filter(definition__key=bundle.key).delete()
    created = ProcessDefinition.objects.bulk_create(
        [
            definition_row(deployment, model, process, versions.get(process.id, 0) + 1)
            for process in model.processes.values()
        ]
    )
    for definition in created:
        schedule(definition, model, at=at)


def lock_key(key: str) -> None:
    """Deployments of one key run one after the other, so that their numbers have no gaps."""
    rows = Deployment.objects.select_for_update().filter(key=key).order_by("pk")
    list(rows.values_list("pk", flat=True)[:1])


def definition_row(
    deployment: Deployment, model: Model, process: Process, version: int
) -> ProcessDefinition:
    return ProcessDefinition(
        deployment=deployment,
        key=deployment.key,
        process_id=process.id,
        version=version,
        name_zh=process.name.zh,
        name_en=process.name.en,
        file=process.file,
        is_current=True,
        is_executable=process.is_executable,
        start_messages=start_messages(model, process),
        start_signals=start_signals(model, process),
    )


def start_messages(model: Model, process: Process) -> dict[str, str]:
    """Message name -> start event that it triggers."""
    return {
        event.name: node.id
        for node in model.containers[process.container].starts
        for event in node.events
        if event.kind == "message"
    }


def start_signals(model: Model, process: Process) -> dict[str, list[str]]:
    """Signal name -> start events that it triggers."""
    found: dict[str, list[str]] = {}
    for node in model.containers[process.container].starts:
        for event in node.events:
            if event.kind == "signal":
                found.setdefault(event.name, []).append(node.id)
    return found
