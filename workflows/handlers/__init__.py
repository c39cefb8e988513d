"""What the diagrams' service tasks call. Importing this package registers every handler.

A transactional handler only touches the database and runs inside the step; an external one asks
registers, scanners, banks or writes files, and may be called again with the same key. None of
them sets a claim's status: milestones do.
"""

from workflows.handlers import checks, money, notices, outcomes

__all__ = ["checks", "money", "notices", "outcomes"]
