"""The shipped diagrams as bundles, and what exists around them."""

import tomllib
from functools import cache
from pathlib import Path

import workflows.handlers  # noqa: F401  # registers the handlers that the catalogue lists
from engine import api
from engine.kernel.model import Model
from engine.kernel.read import read_bundle
from engine.types import Bundle, Catalogue
from tests.workflows.small_bundle import GROUPS

FOLDER = Path(__file__).resolve().parents[2] / "bpmn"
PROGRAMME = "unemployment_subsidy"
SHARED = "shared"
DIAGRAMS = {
    "claim_review": PROGRAMME,
    "payout": SHARED,
    "pay_instalment": SHARED,
    "decide_stop": SHARED,
    "payment_batch": SHARED,
}


def path_of(process: str) -> Path:
    return FOLDER / DIAGRAMS[process] / f"{process}.bpmn"


@cache
def bundle() -> Bundle:
    """What the engine deploys of the programme, shared diagrams and forms included."""
    files: dict[str, bytes] = {}
    for folder in (FOLDER / SHARED, FOLDER / PROGRAMME):
        kept = (*folder.glob("*.bpmn"), *folder.glob("*.dmn"), *folder.glob("forms/*.json"))
        files |= {file.relative_to(folder).as_posix(): file.read_bytes() for file in sorted(kept)}
    calendar = FOLDER / PROGRAMME / "calendar.json"
    files[calendar.name] = calendar.read_bytes()
    return Bundle("SYBZ", files, "test")


@cache
def catalogue() -> Catalogue:
    with (FOLDER / PROGRAMME / "milestones.toml").open("rb") as file:
        milestones = tomllib.load(file)
    return api.catalogue(groups=GROUPS, milestones=milestones)


@cache
def model() -> Model:
    found = read_bundle(bundle(), catalogue()).model
    assert found is not None
    return found
