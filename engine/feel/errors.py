"""What FEEL refuses.

    ExpressionError
    ├── FeelSyntaxError       the text is no expression: code, line, column
    └── FeelBudgetExceeded    the expression asks for too much work, text or depth

Everything else that goes wrong inside an expression is null plus a recorded warning.
"""

from __future__ import annotations

from engine.errors import ExpressionError


class FeelSyntaxError(ExpressionError):
    """The text cannot be read as FEEL; line and column count from 1."""

    def __init__(self, code: str, line: int, column: int, message: str) -> None:
        super().__init__(f"{line}:{column} {code}: {message}")
        self.code = code
        self.line = line
        self.column = column
        self.message = message


class FeelBudgetExceeded(ExpressionError):
    """The expression went over a limit; `budget` names it: source, nodes, depth, fuel, size."""

    code = "feel_budget"

    def __init__(self, budget: str) -> None:
        super().__init__(budget)
        self.budget = budget
