"""Queues of user tasks: pages, counts, assignment, the next one."""
