"""The engine's tables. Other packages refer to them by string and read them through the api."""

from engine.models.definitions import Deployment, ProcessDefinition, StartTimer
from engine.models.instances import HistoryEvent, ProcessInstance
from engine.models.moves import MigratedInstance, MigrationPlan
from engine.models.tasks import NEVER, UserTask, UserTaskCandidate
from engine.models.work import InboundMessage, Incident, Job, Subscription, Timer

__all__ = [
    "NEVER",
    "Deployment",
    "HistoryEvent",
    "InboundMessage",
    "Incident",
    "Job",
    "MigratedInstance",
    "MigrationPlan",
    "ProcessDefinition",
    "ProcessInstance",
    "StartTimer",
    "Subscription",
    "Timer",
    "UserTask",
    "UserTaskCandidate",
]
