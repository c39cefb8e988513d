"""What documents say about the code is true."""

import re
from pathlib import Path

import pytest
from django.apps import apps

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])


@pytest.mark.parametrize("label", ["engine", "workflows", "accounts"])
def test_glossary_names_every_model(label: str) -> None:
    glossary = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")

    missing = [
        model.__name__
        for model in apps.get_app_config(label).get_models()
        if f"`{model.__name__}`" not in glossary
    ]

    assert missing == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(document: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)", document.read_text(encoding="utf-8"))

    broken = [
        link
        for link in links
        if not link.startswith(("http://", "https://", "tel:"))
        and not (document.parent / link).exists()
    ]

    assert broken == []


def test_readme_names_only_commands_that_exist() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    named = set(re.findall(r"make ([a-z-]+)", (ROOT / "README.md").read_text(encoding="utf-8")))

    assert {name for name in named if f"\n{name}:" not in makefile} == set()


def test_nothing_tells_of_one_machine() -> None:
    told = re.compile(r"/tmp/|\.\./shared|/root/")  # noqa: S108 - looked for, not used

    found = [
        str(path.relative_to(ROOT))
        for path in DOCUMENTS
        if told.search(path.read_text(encoding="utf-8"))
    ]

    assert found == []
