"""Every table has a word in the glossary, so that people and code mean the same."""

from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

MODELS = sorted(
    model.__name__
    for label in ("engine", "workflows", "accounts")
    for model in apps.get_app_config(label).get_models()
)


@pytest.mark.parametrize("name", MODELS)
def test_model_is_in_the_glossary(name: str) -> None:
    text = (Path(settings.BASE_DIR) / "docs" / "glossary.md").read_text(encoding="utf-8")

    assert f"`{name}`" in text
