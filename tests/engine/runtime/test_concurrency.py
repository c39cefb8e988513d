"""Two threads on the embedded database: one wins, the other is told, nobody sees a lock."""

from datetime import datetime
from functools import partial

import pytest
from django.db import OperationalError, connection

from engine import api
from engine.errors import BeingProcessed, TaskNotOpen
from engine.models import HistoryEvent
from engine.runtime.transaction import step_transaction
from engine.types import Advance
from tests.engine import diagrams as d
from tests.engine.postgres_world import errors, together
from tests.engine.worlds import Cast, begin, deploy, only_task


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("bells")
class TestTwoThreads:
    def test_one_wins_and_the_other_meets_task_not_open(self, cast: Cast, at: datetime) -> None:
        deploy(
            d.bundle(
                "claim", d.start(), d.user("review"), d.end(), d.line("start", "review", "end")
            ),
            at,
        )
        fast, slow = cast.person("fast", "officers"), cast.person("slow", "officers")

        for _ in range(10):
            task_id = only_task(begin("claim", at).instance_id).id
            results = together(
                partial(api.complete_task, task_id, outcome="done", by=fast, at=at),
                partial(api.complete_task, task_id, outcome="done", by=slow, at=at),
            )

            assert sum(isinstance(one, Advance) for one in results) == 1
            assert errors(results) == [TaskNotOpen.__name__]

        assert HistoryEvent.objects.filter(kind="task_completed").count() == 10


class TestStepTransaction:
    @pytest.mark.django_db
    def test_a_lock_somebody_keeps_is_a_sentence_not_an_error(self) -> None:
        with pytest.raises(BeingProcessed), step_transaction():
            raise OperationalError("database is locked")

    @pytest.mark.django_db
    def test_other_database_errors_pass(self) -> None:
        with pytest.raises(OperationalError), step_transaction():
            raise OperationalError("disk I/O error")

    @pytest.mark.django_db
    def test_refusal_leaves_the_callers_transaction_usable(self) -> None:
        with pytest.raises(TaskNotOpen), step_transaction():
            raise TaskNotOpen(1)

        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            assert cursor.fetchone() == (1,)
