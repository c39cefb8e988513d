"""Deployments in memory: the model, forms and files of a bundle, read once per process."""

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import zstandard
from django.db import connection
from django.db.models import QuerySet

from engine.errors import StateError
from engine.kernel.model import Model, Node
from engine.kernel.read import read_bundle
from engine.models import Deployment, ProcessDefinition, ProcessInstance
from engine.runtime.forms import Form, outcomes_of, read_forms
from engine.types import Bundle, Catalogue, HandlerInfo, OutcomeChoice, Text

KEPT = 64
BLOBS = ("deployment__files", "deployment__catalogue", "deployment__note")


@dataclass(frozen=True, slots=True)
class Loaded:
    """One bundle, ready to run. Immutable and shared by threads."""

    model: Model
    files: Mapping[str, bytes]
    forms: Mapping[str, Form]
    # (process, element) -> node: processes of one bundle may share element ids.
    nodes: Mapping[tuple[str, str], Node]

    def outcomes(self, process_id: str, element_id: str) -> tuple[OutcomeChoice, ...]:
        """How this user task may end."""
        node = self.nodes[process_id, element_id]
        form = self.forms.get(getattr(node.work, "form_id", ""))
        return outcomes_of(node, self.model.containers[node.container], form)


def content_hash(files: Mapping[str, bytes]) -> str:
    """One hash over names and contents, independent of their order."""
    digest = hashlib.sha256()
    for name in sorted(files):
        for part in (name.encode(), files[name]):
            digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()


def pack(files: Mapping[str, bytes]) -> bytes:
    """Files as one compressed blob."""
    document = {name: base64.b64encode(files[name]).decode() for name in sorted(files)}
    return zstandard.ZstdCompressor(level=9).compress(json.dumps(document).encode())


def unpack(blob: bytes | memoryview) -> dict[str, bytes]:
    """The files that `pack` was given."""
    document = json.loads(zstandard.ZstdDecompressor().decompress(bytes(blob)))
    return {name: base64.b64decode(text) for name, text in document.items()}


def catalogue_document(catalogue: Catalogue) -> dict[str, object]:
    """The names of a catalogue, to be kept with the deployment."""
    return {
        "groups": sorted(catalogue.groups),
        "milestones": sorted(catalogue.milestones),
        "handlers": {
            name: info.transactional for name, info in sorted(catalogue.handlers.items())
        },
    }


def catalogue_of(deployment: Deployment) -> Catalogue:
    """The catalogue that the bundle was accepted with."""
    kept = deployment.catalogue
    handlers = {name: HandlerInfo(name, how, Text("")) for name, how in kept["handlers"].items()}
    return Catalogue(frozenset(kept["groups"]), handlers, frozenset(kept["milestones"]))


def definitions() -> QuerySet[ProcessDefinition]:
    """Definitions with their deployment, without its blobs."""
    return ProcessDefinition.objects.select_related("deployment").defer(*BLOBS)


def digest_of(definition: ProcessDefinition) -> str:
    """What a definition is, independent of its id: ids are reused after a rollback."""
    content = definition.deployment.content_hash
    return digest(content, definition.key, definition.process_id, definition.version)


@lru_cache(maxsize=KEPT * 4)
def digest(content: str, key: str, process_id: str, version: int) -> str:
    """The name of one version of a process by its content."""
    parts = (content, key, process_id, str(version))
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def attach_definition(instance: ProcessInstance) -> ProcessInstance:
    """Give an instance its definition, read once per process: definitions never change."""
    instance.definition = definition_of(instance.definition_id, instance.definition_digest)
    return instance


def definition_of(definition_id: int, content: str) -> ProcessDefinition:
    """A definition with its deployment joined, read once per process."""
    return _definition(connection.alias, definition_id, content)


@lru_cache(maxsize=KEPT * 4)
def _definition(_database: str, definition_id: int, _digest: str) -> ProcessDefinition:
    return definitions().get(pk=definition_id)


def loaded_for(definition: ProcessDefinition) -> Loaded:
    """The bundle of a definition, whose deployment must be joined."""
    deployment = definition.deployment
    return _load(connection.alias, deployment.key, deployment.content_hash)


@lru_cache(maxsize=KEPT)
def _load(_database: str, key: str, content: str) -> Loaded:
    deployment = Deployment.objects.get(key=key, content_hash=content)
    bundle = Bundle(key, unpack(deployment.files), deployment.label)
    return read_loaded(bundle, catalogue_of(deployment), content)


def forget() -> None:
    """Drop what was read; for tests that replace the database."""
    _load.cache_clear()
    _definition.cache_clear()


def read_loaded(bundle: Bundle, catalogue: Catalogue, content: str) -> Loaded:
    """Read a bundle that was accepted before."""
    result = read_bundle(bundle, catalogue, accepted=True)
    if result.model is None:
        raise StateError(f"deployment {content[:12]} cannot be read by this version")
    return loaded_from(result.model, bundle.files)


def loaded_from(model: Model, files: Mapping[str, bytes]) -> Loaded:
    """A model with its files and forms."""
    nodes = {
        (node.process, node.id): node
        for container in model.containers.values()
        for node in container.nodes.values()
    }
    return Loaded(model, files, read_forms(files), nodes)
