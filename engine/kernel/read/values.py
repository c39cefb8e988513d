"""Values of a diagram: `=` starts FEEL, compiled here once; anything else is literal text."""

from __future__ import annotations

import re

from lxml.etree import _Element as Element

from engine.errors import ExpressionError
from engine.feel import Expression, FeelSyntaxError, compile_expression
from engine.kernel.drawing.report import Report

VARIABLE = re.compile(r"[^\W\d]\w*\Z")
WHOLE = re.compile(r"[0-9]{1,9}\Z")
MAX_NAME = 80
MAX_SHOWN = 120
# Grammar words, and what the runtime itself puts into a scope.
RESERVED = frozenset({
    "null", "true", "false", "if", "then", "else", "for", "in", "return", "some", "every",
    "satisfies", "and", "or", "not", "between", "function", "external", "instance",
    "loopCounter", "activationCount", "numberOfInstances", "numberOfActiveInstances",
    "numberOfCompletedInstances", "numberOfTerminatedInstances",
})  # fmt: skip


class Values:
    """Reads the values of one element; whatever is wrong with them is reported there."""

    def __init__(self, element: Element, report: Report) -> None:
        self.element = element
        self.report = report

    def error(self, code: str, **args: str) -> None:
        self.report.error(code, self.element, **args)

    def compiled(self, source: str) -> Expression | None:
        """The compiled expression behind `=`; None, and a finding, when it is none."""
        try:
            expression = compile_expression(source)
        except FeelSyntaxError as problem:
            self.error(
                "feel.syntax",
                reason=problem.code,
                detail=shown(problem.message),
                line=str(problem.line),
                column=str(problem.column),
                expression=shown(source),
            )
            return None
        except ExpressionError:
            self.error("feel.too_large", expression=shown(source))
            return None
        for doubt in expression.problems:
            self.error(
                "feel.problem",
                reason=doubt.code,
                detail=shown(doubt.message),
                expression=shown(source),
            )
        return expression

    def either(self, text: str | None) -> Expression | str | None:
        """FEEL or text; None when nothing is written, or when it does not compile."""
        text = (text or "").strip()
        if text.startswith("="):
            return self.compiled(text[1:].strip())
        return text or None

    def feel(self, text: str | None, what: str) -> Expression | None:
        """What has to be FEEL; nothing written is None without a finding."""
        text = (text or "").strip()
        if not text:
            return None
        if not text.startswith("="):
            self.error("feel.missing_sign", what=what, expression=shown(text))
            return None
        return self.compiled(text[1:].strip())

    def number(
        self, text: str | None, what: str, least: int, most: int
    ) -> Expression | int | None:
        """FEEL, or a whole number between two bounds."""
        value = self.either(text)
        if not isinstance(value, str):
            return value
        if WHOLE.match(value) and least <= int(value) <= most:
            return int(value)
        self.error("value.number", what=what, value=shown(value), least=str(least), most=str(most))
        return None

    def variable(self, name: str | None, what: str) -> str | None:
        """The name of a variable that the diagram writes."""
        name = (name or "").strip()
        if not name:
            return None
        if len(name) > MAX_NAME or VARIABLE.match(name) is None or name in RESERVED:
            self.error("value.variable", what=what, name=shown(name))
            return None
        return name

    def fixed(self, text: str | None, what: str) -> str | None:
        """What must be known at deployment: an expression is refused."""
        text = (text or "").strip()
        if text.startswith("="):
            self.error("value.dynamic", what=what, value=shown(text))
            return None
        return text or None


def shown(text: str) -> str:
    """Text from a diagram, short enough for a sentence."""
    return text if len(text) <= MAX_SHOWN else f"{text[: MAX_SHOWN - 1]}…"
