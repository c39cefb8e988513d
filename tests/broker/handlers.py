"""What the worker of these tests does; only it imports this, with `--include`."""

from collections.abc import Mapping

from engine import api
from engine.types import HandlerCall, Text, Variable
from tests.broker.diagram import JOB


@api.handler(JOB, transactional=False, description=Text("回答", "Answer"))
def answer(call: HandlerCall) -> Mapping[str, Variable]:
    """Say which attempt this was."""
    return {"attempt": call.attempt}
