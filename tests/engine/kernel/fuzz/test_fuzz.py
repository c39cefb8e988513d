"""Random processes: kernel and oracle agree.

SHENLING_FUZZ_ACTS says how many acts to play (4,000; 20,000 under CI), SHENLING_FUZZ_SEED where to
begin; a disagreement names its seed.
"""

from __future__ import annotations

import os
from collections import Counter

from tests.conftest import IN_CI
from tests.engine.kernel.fuzz.players import Players

ACTS = int(os.environ.get("SHENLING_FUZZ_ACTS", "20000" if IN_CI else "4000"))
FIRST_SEED = int(os.environ.get("SHENLING_FUZZ_SEED", "0"))
# Everything the generator can draw must have been met.
DRAWN = (
    *("block user", "block job", "block script", "block catch", "block xor", "block par"),
    *(
        "block ad hoc",
        "block incl",
        "block loop",
        "block sub",
        "block call",
        "block user x n",
        "block sub x n",
    ),
    *(f"boundary {e} {i}" for e in ("message", "timer", "signal") for i in (True, False)),
    *(f"event subprocess {e} {i}" for e in ("message", "timer", "signal") for i in (True, False)),
    *("boundary error True", "event subprocess error True"),
    *("user", "job", "timer", "message", "signal", "throw", "completed"),
)


def test_kernel_agrees_with_the_oracle() -> None:
    seen: Counter[str] = Counter()
    seed = FIRST_SEED
    while seen["acts"] < ACTS:
        Players(seed, seen).play()
        seed += 1

    assert [name for name in DRAWN if not seen[name]] == [], f"seeds {FIRST_SEED} to {seed}"
