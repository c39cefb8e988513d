"""Programmes as folders: reads `bpmn/<programme>/`, strictly, into frozen values."""

from workflows.programmes.loading import load, load_all
from workflows.programmes.package import HomeTexts, ProgrammePackage, Version
from workflows.programmes.reading import PackageInvalid, Problem

__all__ = [
    "HomeTexts",
    "PackageInvalid",
    "Problem",
    "ProgrammePackage",
    "Version",
    "load",
    "load_all",
]
