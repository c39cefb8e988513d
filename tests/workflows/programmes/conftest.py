"""A copy of a shipped package that a test may spoil."""

import shutil
from pathlib import Path

import pytest
from django.conf import settings

SHIPPED = Path(settings.BASE_DIR) / "bpmn"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The first programme's folder, with the shared one beside it."""
    root = tmp_path / "bpmn"
    shutil.copytree(SHIPPED, root)
    return root / "unemployment_subsidy"
