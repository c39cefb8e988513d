"""Does the fuzz see anything? Each mutant breaks one rule of the kernel; some run must notice."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from engine.kernel.model import MultiInstance, Node
from engine.kernel.runtime import Runtime
from engine.kernel.runtime.activities import Collected
from engine.kernel.scope import Scope, Scopes, View
from engine.kernel.state import Arm, Execution
from engine.kernel.values import canonical
from tests.engine.kernel.fuzz.players import Players

# The rarest rule is met by one seed in eighty or so.
MOST_SEEDS = 600


def here(scopes: Scopes, number: int, name: str) -> Scope:  # noqa: ARG001  # same signature
    return scopes[number]


def on_top(scopes: Scopes, number: int, name: str) -> Scope:  # noqa: ARG001  # same signature
    return list(scopes.chain(number))[-1]


def results_by_completion(run: Runtime, body: Execution, e: Execution) -> Collected:
    assert e.own is not None
    assert body.counts is not None
    variables = run.scopes[e.own].variables
    counter, variables["loopCounter"] = variables["loopCounter"], body.counts[1] + 1
    collected = COLLECT(run, body, e)
    variables["loopCounter"] = counter
    return collected


def no_private_variable(run: Runtime, body: Execution, node: Node) -> Execution:
    e = INSTANCE(run, body, node)
    assert e.own is not None
    if isinstance(node.loop, MultiInstance) and node.loop.private not in (None, "loopCounter"):
        run.scopes[e.own].variables.pop(node.loop.private or "")
    return e


def not_isolated(run: Runtime, parent: int | None, **more: Any) -> int:
    return OPEN_SCOPE(run, parent, **(more | {"isolated": parent is None}))


def forget_boundaries(run: Runtime, e: Execution) -> None:
    run.executions.discard(e)
    run.end_inner(e)
    run.close_own(e)
    run.touched.add(e.scope)


def mapped_side_by_side(run: Runtime, pairs: Any, view: View) -> dict[str, Any]:
    return {p.target: canonical(run.value(p.source, view)) for p in pairs}


def last_branch_first(run: Runtime, e: Execution, node: Node, flows: Any) -> None:
    PUT_TOKENS(run, e, node, tuple(reversed(flows)))


def catches_nothing(run: Runtime, event: Any, thrower: Execution, payload: Any) -> bool:  # noqa: ARG001  # same signature
    return False


def never_stops(run: Runtime, body: Execution, *, stop: bool) -> None:  # noqa: ARG001  # same signature
    INSTANCE_DONE(run, body, stop=False)


def forgets_payload(run: Runtime, e: Execution, arm: Arm, payload: Any) -> None:  # noqa: ARG001  # same signature
    FIRE(run, e, arm, {})


def stack_order(run: Runtime, found: list[tuple[Execution, Arm]], payload: dict[str, Any]) -> None:
    for e, arm in found:
        if e.id in run.executions:
            run.fire(e, arm, payload)


COLLECT, INSTANCE, OPEN_SCOPE = Runtime.collect, Runtime._instance, Runtime.open_scope
PUT_TOKENS, INSTANCE_DONE, FIRE = Runtime.put_tokens, Runtime.instance_done, Runtime.fire
Mutant = tuple[type, str, Callable[..., Any]]
MUTANTS: dict[str, Mutant] = {
    "a new variable stays where it was written": (Scopes, "target", here),
    "writes go to the instance at once": (Scopes, "target", on_top),
    "a join fires on the first token": (Runtime, "joined", lambda *_: True),
    "an inclusive join never waits": (Runtime, "inclusive_may_fire", lambda *_: True),
    "an inclusive join never fires": (Runtime, "inclusive_may_fire", lambda *_: False),
    "results in order of completion": (Runtime, "collect", results_by_completion),
    "the result of an instance is not private": (Runtime, "_instance", no_private_variable),
    "a called process sees its caller": (Runtime, "open_scope", not_isolated),
    "boundary events outlive the activity": (Runtime, "remove", forget_boundaries),
    "a subprocess's content outlives it": (Runtime, "end_inner", lambda *_: None),
    "mappings do not see earlier ones": (Runtime, "mapped", mapped_side_by_side),
    "branches run in the wrong order": (Runtime, "put_tokens", last_branch_first),
    "a non-interrupting timer fires for ever": (Runtime, "rearm", lambda *_: None),
    "nobody catches errors": (Runtime, "raise_code", catches_nothing),
    "the completion condition is ignored": (Runtime, "instance_done", never_stops),
    "events bring nothing": (Runtime, "fire", forgets_payload),
    "the last receiver of a signal goes on first": (Runtime, "fire_all", stack_order),
}


@pytest.mark.parametrize("name", MUTANTS)
def test_fuzz_notices(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    owner, attribute, broken = MUTANTS[name]
    monkeypatch.setattr(owner, attribute, broken)

    assert any(differs(seed) for seed in range(MOST_SEEDS))


def differs(seed: int) -> bool:
    try:
        Players(seed).play()
    except Exception:  # noqa: BLE001  # a mutant may fail in any way
        return True
    return False
