"""Diagrams, tables and calendar of a bundle become the immutable model."""

from engine.kernel.read.bundle import ReadResult, read_bundle
from engine.kernel.read.outline import outline

__all__ = ["ReadResult", "outline", "read_bundle"]
