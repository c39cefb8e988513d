"""Redis as the broker of a worker that goes on after acknowledgements that failed.

A message that could not be acknowledged stays counted among those at work, and nobody learns of
it: Celery only logs the error. When as many have failed as a worker may have at work at once, it
asks for no more messages, for good, although Redis answers again. A bell needs no such care: the
row is the truth, and a message that Redis kept rings once more after the visibility timeout.
"""

from kombu.transport import TRANSPORT_ALIASES, redis, virtual


def register() -> None:
    """Let addresses of Redis mean this broker, with their TLS and all else they carry."""
    TRANSPORT_ALIASES.update(dict.fromkeys(("redis", "rediss"), f"{__name__}:Transport"))


class QoS(redis.QoS):
    """Counts a message as done whether or not Redis heard of it."""

    def ack(self, delivery_tag: str) -> None:
        try:
            super().ack(delivery_tag)
        finally:
            virtual.QoS.ack(self, delivery_tag)

    def reject(self, delivery_tag: str, requeue: bool = False) -> None:  # noqa: FBT001, FBT002
        try:
            super().reject(delivery_tag, requeue=requeue)
        finally:
            virtual.QoS.ack(self, delivery_tag)


class Channel(redis.Channel):
    QoS = QoS


class Transport(redis.Transport):
    Channel = Channel
