"""`python -m tests.faults.paying draw|send|count`: one batch and a bank, in a process of its own.

`draw` makes a released batch, `send` hands its lines to the bank one by one, `count` prints how
often each payment reached somebody and what our rows say.
"""

import sys
from datetime import UTC, datetime
from pathlib import Path

import django
from django.conf import settings

PAY_DAY = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
PEOPLE = 3


def draw() -> None:
    """A released batch of a few people's first month."""
    from tests import make  # noqa: PLC0415 - Django is set up by now
    from workflows.values import bank_card  # noqa: PLC0415 - see above

    stage = make.cast()
    for number in range(PEOPLE):
        applicant = make.applicant(
            f"payee{number}",
            id_text=make.id_number(700 + number),
            name="王五",
            phone=f"1390000{number:04}",
        )
        claim = make.conclude(
            make.checked(applicant, card=bank_card.complete(f"99000000077{number:04}")),
            "pass",
            stage.qian,
        )
        claim = make.conclude(claim, "recommend_approval", stage.lin)
        make.conclude(claim, "approve", stage.zhou)
    make.released(stage, at=PAY_DAY)


def send() -> None:
    """What the job of a sending diagram does, once."""
    from engine.types import HandlerCall  # noqa: PLC0415 - see draw()
    from workflows.handlers.money import send_to_bank  # noqa: PLC0415 - see draw()
    from workflows.models import PaymentBatch  # noqa: PLC0415 - see draw()

    # A bank that drops no repeat: what protects is our asking, not its care.
    settings.PORTS = {"bank": ("simulator", {"drops_repeats": "no"})}
    number = PaymentBatch.objects.get().number
    send_to_bank(
        HandlerCall(
            instance_id=0,
            business_key=number,
            process_id="payment_batch",
            scope="",
            element_id="send",
            type="bank.send",
            key="one",
            attempt=1,
            at=PAY_DAY,
            inputs={},
            headers={},
        )
    )


def count() -> None:
    """`<times at the bank> <status of ours>` per payment."""
    from workflows.models import PaymentInstruction  # noqa: PLC0415 - see draw()
    from workflows.ports.bank_simulator import SimulatedBank  # noqa: PLC0415 - see draw()

    bank = SimulatedBank(Path(settings.DATA_DIR) / "bank.sqlite3")
    for row in PaymentInstruction.objects.order_by("line"):
        print(bank.payments(row.end_to_end_id), row.status)  # noqa: T201 - read by the test


if __name__ == "__main__":
    django.setup()
    {"draw": draw, "send": send, "count": count}[sys.argv[1]]()
