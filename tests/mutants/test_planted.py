"""The drill's bugs still fit the code: each has one place, and tests that exist."""

import ast

import pytest

from tests.mutants.drill import ROOT
from tests.mutants.planted import MUTANTS, Mutant


@pytest.mark.parametrize("mutant", MUTANTS, ids=[mutant.name for mutant in MUTANTS])
def test_bug_has_one_place_and_is_code(mutant: Mutant) -> None:
    sound = (ROOT / "workflows" / f"{mutant.file}.py").read_text(encoding="utf-8")

    assert sound.count(mutant.good) == 1
    assert ast.dump(ast.parse(sound.replace(mutant.good, mutant.bad))) != ast.dump(
        ast.parse(sound)
    )
    assert (ROOT / mutant.tests).is_file()


def test_every_bug_has_a_name_of_its_own() -> None:
    assert len({mutant.name for mutant in MUTANTS}) == len(MUTANTS)
