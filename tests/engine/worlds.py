"""What engine tests act with: people with grants, handlers that record, deployed diagrams."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.contrib.auth import get_user_model

from engine import api
from engine.types import Advance, Bundle, DefinitionView, Grant, HandlerCall, TaskView, Variable

OFFICE = "P/CC"
Answer = Mapping[str, Variable] | BaseException | None
GROUPS = ("officers", "chiefs", "applicant", "payers")


@dataclass
class Cast:
    """People as the engine asks about them; tests write their grants down."""

    held: dict[int, frozenset[Grant]] = field(default_factory=dict)
    objections: dict[int, str] = field(default_factory=dict)

    def grants(self, user_id: int, at: datetime) -> frozenset[Grant]:
        del at
        return self.held.get(user_id, frozenset())

    def objection(self, user_id: int, task: TaskView, at: datetime) -> str | None:
        del task, at
        return self.objections.get(user_id)

    def person(self, name: str, *groups: str, scope: str = OFFICE) -> int:
        """A user with grants for these groups in one scope."""
        model = get_user_model()
        field = model.USERNAME_FIELD
        user = model._default_manager.filter(**{field: name}).first()
        if user is None:
            user = model(**{field: name})
            user.save()
        self.held[user.pk] = frozenset(Grant(group, scope) for group in groups)
        assert isinstance(user.pk, int)
        return user.pk


@dataclass
class Recorder:
    """A handler that writes down its calls and answers what it is told."""

    answer: Answer = None
    calls: list[HandlerCall] = field(default_factory=list)

    def __call__(self, call: HandlerCall) -> Mapping[str, Variable] | None:
        self.calls.append(call)
        if isinstance(self.answer, BaseException):
            raise self.answer
        return self.answer


def deploy(bundle: Bundle, at: datetime) -> DefinitionView:
    """Deploy a bundle with one process."""
    return api.deploy(bundle, groups=GROUPS, milestones=(), by=None, at=at)[0]


def begin(process: str, at: datetime, **variables: Variable) -> Advance:
    """Start an instance of a deployed process."""
    return api.start_instance(
        process, business_key="SL-1", scope=OFFICE, variables=variables, by=None, at=at
    )


def only_task(instance_id: int) -> TaskView:
    """The one open user task of an instance."""
    (task,) = api.open_tasks(instance_id)
    return task
