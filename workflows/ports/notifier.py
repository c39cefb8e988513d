"""Tell somebody that something happened; what happened stands behind the log-in only."""

import logging
from dataclasses import dataclass
from typing import Final, Protocol

log: Final = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Notification:
    """Whom to tell about what, by ids and codes; the words are the receiver's language's.

    `key` is the same for every attempt: a channel that has seen it drops the repetition.
    """

    key: str
    template: str
    user_id: int
    claim_id: str = ""


class Notifier(Protocol):
    """One channel. It raises PortUnavailable if the channel does not take the message."""

    def notify(self, notification: Notification) -> None:
        """Hand the notification to the channel, at least once."""
        ...


class LogNotifier:
    """Writes one line of ids; people see the message in the product itself."""

    def notify(self, notification: Notification) -> None:
        """Write the line."""
        log.info(
            "notified",
            extra={
                "notification_key": notification.key,
                "template": notification.template,
                "user_id": notification.user_id,
                "claim_id": notification.claim_id,
            },
        )
