"""What the engine is measured against: a stock SpiffWorkflow blob, and hand-written rows.

`StockBlob` keeps a whole workflow as JSON in one row: lock, load, complete one task, store. It
writes no task, history or queue row. `Floor` writes the rows of a human step by hand, in the ORM,
without an engine behind them: no kernel, no rules about people.
"""

import json
from datetime import datetime
from io import BytesIO
from typing import Any

import psycopg2  # type: ignore[import-untyped]  # it has no stubs
from django.db import transaction
from lxml import etree
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState

from engine.models import HistoryEvent, ProcessInstance, UserTask, UserTaskCandidate


class StockBlob:
    """Stock SpiffWorkflow, one row per instance."""

    def __init__(self, dsn: str, diagram: bytes, process: str) -> None:
        parser = BpmnParser()
        parser.add_bpmn_xml(etree.parse(BytesIO(diagram)))
        self.spec = parser.get_spec(process)
        self.serializer = BpmnWorkflowSerializer()
        self.connection = psycopg2.connect(dsn)
        with self.connection, self.connection.cursor() as cursor:
            cursor.execute("CREATE TABLE IF NOT EXISTS blob (id bigserial PRIMARY KEY, body text)")

    def dumps(self, workflow: BpmnWorkflow) -> str:
        return json.dumps(self.serializer.to_dict(workflow))

    def loads(self, body: str) -> BpmnWorkflow:
        return self.serializer.from_dict(json.loads(body))

    def start(self) -> int:
        workflow = BpmnWorkflow(self.spec)
        workflow.do_engine_steps()
        with self.connection, self.connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO blob (body) VALUES (%s) RETURNING id", [self.dumps(workflow)]
            )
            return int(cursor.fetchone()[0])

    def complete(self, pk: int, outcome: str) -> None:
        """One human step and one commit."""
        with self.connection, self.connection.cursor() as cursor:
            cursor.execute("SELECT body FROM blob WHERE id = %s FOR UPDATE", [pk])
            workflow = self.loads(cursor.fetchone()[0])
            self.act(workflow, outcome)
            cursor.execute("UPDATE blob SET body = %s WHERE id = %s", [self.dumps(workflow), pk])

    @staticmethod
    def act(workflow: BpmnWorkflow, outcome: str) -> None:
        task: Any = workflow.get_next_task(state=TaskState.READY, manual=True)
        task.data["outcome"] = outcome
        task.run()
        workflow.do_engine_steps()


class Floor:
    """The rows of a human step, written by hand."""

    HISTORY = ("task_completed", "completed", "taken", "entered", "completed", "taken", "entered")

    def complete(self, task_id: int, by: int, at: datetime) -> int:
        """Close one task, open the next; its id."""
        with transaction.atomic():
            task = UserTask.objects.get(pk=task_id)
            instance = ProcessInstance.objects.select_for_update(no_key=True).get(
                pk=task.instance_id
            )
            UserTask.objects.filter(pk=task.pk).update(
                status="completed", closed_at=at, closed_by=by, outcome="again", draft={}
            )
            UserTaskCandidate.objects.filter(task=task.pk).delete()
            following = self.open_next(task, at)
            instance.revision += 1
            instance.save(update_fields=["state", "revision", "status", "ended_at"])
            self.write_history(instance, task, following, by, at)
        return following.pk

    def open_next(self, task: UserTask, at: datetime) -> UserTask:
        following = UserTask.objects.create(
            instance_id=task.instance_id,
            business_key=task.business_key,
            token=task.token + 1,
            element_id=task.element_id,
            process_id=task.process_id,
            name_zh=task.name_zh,
            groups=task.groups,
            scope=task.scope,
            created_at=at,
            outcomes=task.outcomes,
        )
        UserTaskCandidate.objects.create(
            task=following,
            group=task.groups[0],
            scope=task.scope,
            element_id=task.element_id,
            rank=-50,
            due_at=at,
        )
        return following

    def write_history(
        self,
        instance: ProcessInstance,
        task: UserTask,
        following: UserTask,
        by: int,
        at: datetime,
    ) -> None:
        HistoryEvent.objects.bulk_create(
            HistoryEvent(
                instance=instance,
                revision=instance.revision,
                seq=seq,
                kind=kind,
                element_id=task.element_id,
                token=task.token,
                task=task if seq == 0 else following if kind == "entered" else None,
                at=at,
                by_id=by,
            )
            for seq, kind in enumerate(self.HISTORY)
        )
