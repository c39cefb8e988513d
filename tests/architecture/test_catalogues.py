"""Every sentence has Chinese and English, and what is committed is what was compiled."""

import shutil
import subprocess
import sys
from pathlib import Path

import polib
import pytest

from tests.conftest import IN_CI

ROOT = Path(__file__).resolve().parents[2]
LOCALE = ROOT / "review_ui" / "locale"
CODE = ("review_ui", "workflows", "engine", "config")
needs_gettext = pytest.mark.skipif(
    shutil.which("xgettext") is None and not IN_CI, reason="gettext is not installed"
)


def catalogue(language: str) -> polib.POFile:
    return polib.pofile(str(LOCALE / language / "LC_MESSAGES" / "django.po"))


def translated(language: str) -> set[str]:
    return {entry.msgid for entry in catalogue(language).translated_entries()}


@pytest.fixture(scope="module")
def sentences(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """Every sentence of code and templates, collected in a copy of the tree."""
    copy = tmp_path_factory.mktemp("sentences")
    left_out = shutil.ignore_patterns(
        "node_modules", "static", "frontend", "locale", "__pycache__"
    )
    for part in CODE:
        shutil.copytree(ROOT / part, copy / part, ignore=left_out)
    (copy / "locale").mkdir()
    subprocess.run(
        [sys.executable, "-m", "django", "makemessages", "-l", "en", "-v0"], cwd=copy, check=True
    )
    found = polib.pofile(str(copy / "locale" / "en" / "LC_MESSAGES" / "django.po"))
    return {entry.msgid for entry in found if not entry.obsolete}


@needs_gettext
@pytest.mark.parametrize("language", ["zh_Hans", "en"])
def test_catalogue_is_complete(language: str, sentences: set[str]) -> None:
    assert sorted(sentences - translated(language)) == []


@pytest.mark.parametrize("language", ["zh_Hans", "en"])
def test_committed_catalogue_is_compiled(language: str) -> None:
    compiled = polib.mofile(str(LOCALE / language / "LC_MESSAGES" / "django.mo"))

    assert {entry.msgid: entry.msgstr for entry in compiled} == {
        entry.msgid: entry.msgstr for entry in catalogue(language).translated_entries()
    }


def test_chinese_is_chinese() -> None:
    plain = [
        entry.msgid
        for entry in catalogue("zh_Hans").translated_entries()
        if entry.msgid == entry.msgstr and len(entry.msgid.split()) > 1
    ]

    assert plain == []
