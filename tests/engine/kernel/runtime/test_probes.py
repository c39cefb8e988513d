"""Every probe gives the trace that BPMN demands."""

from __future__ import annotations

import pytest

from engine.errors import NotWaiting
from tests.engine.kernel import diagrams
from tests.engine.kernel.runtime import (
    probes,
    probes_calls,
    probes_cancel,
    probes_loops,
    probes_meeting,
    probes_passes,
    probes_scopes,
    probes_several,
    probes_tokens,
    probes_undo,
    probes_ways,
)
from tests.engine.kernel.runtime.play import Play
from tests.engine.kernel.runtime.probes import Probe

TOPICS = (
    probes,
    probes_calls,
    probes_cancel,
    probes_loops,
    probes_meeting,
    probes_passes,
    probes_scopes,
    probes_several,
    probes_tokens,
    probes_undo,
    probes_ways,
)
PROBES = {name: probe for topic in TOPICS for name, probe in topic.PROBES.items()}


def drive(probe: Probe) -> Play:
    run = Play(diagrams.model_of(probe.body, more=probe.more), probe.variables)
    for act in probe.acts:
        if act.endswith("?"):
            with pytest.raises(NotWaiting):
                run.signal(act[1:-1])
        elif act.startswith("!"):
            run.signal(act[1:])
        else:
            run.do(act)
    return run


@pytest.mark.parametrize("name", PROBES)
def test_trace(name: str) -> None:
    probe = PROBES[name]

    run = drive(probe)

    trace = run.log if probe.ordered else sorted(run.log, key=str)
    assert trace == (probe.want if probe.ordered else sorted(probe.want, key=str))
    assert run.status == probe.status
    assert tuple(run.incidents()) == probe.incidents
    if run.completed:
        assert not run.state.executions
        assert list(run.state.scopes) == [run.state.root]
