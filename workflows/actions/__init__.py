"""Everything that changes a claim, a payment or a process.

Every action takes `by` (who) and `at` (when, aware), runs in one transaction and ends with one
audit row; with `key` (a request's idempotency key) a repeat gives the first answer again.
"""
