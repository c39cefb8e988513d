"""Building DMN text for tests."""

from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

from engine.decisions import DecisionFile, read_decisions

NAMESPACE = "https://www.omg.org/spec/DMN/20191111/MODEL/"


def definitions(*elements: str, namespace: str = NAMESPACE) -> bytes:
    body = "".join(elements)
    return f'<definitions xmlns="{namespace}" name="test">{body}</definitions>'.encode()


def file(*elements: str) -> DecisionFile:
    return read_decisions(definitions(*elements))


def text(tag: str, feel: str, attributes: str = "") -> str:
    return f"<{tag}{attributes}><text>{escape(feel)}</text></{tag}>"


def requires(*keys: str, kind: str = "Decision") -> str:
    name = "knowledgeRequirement" if kind == "Knowledge" else "informationRequirement"
    return "".join(f'<{name}><required{kind} href="#{key}"/></{name}>' for key in keys)


def input_data(key: str, name: str, type_ref: str = "") -> str:
    kind = f' typeRef="{type_ref}"' if type_ref else ""
    variable = f"<variable name={quoteattr(name)}{kind}/>"
    return f'<inputData id="{key}" name={quoteattr(name)}>{variable}</inputData>'


def decision(key: str, logic: str, *, required: str = "", type_ref: str = "") -> str:
    kind = f' typeRef="{type_ref}"' if type_ref else ""
    return (
        f'<decision id="{key}" name="{key}"><variable name="{key}"{kind}/>'
        f"{required}{logic}</decision>"
    )


def literal(feel: str) -> str:
    return text("literalExpression", feel)


def table(
    inputs: Sequence[str | tuple[str, str]],
    outputs: Sequence[str | tuple[str, str, str]],
    rules: Sequence[Sequence[str]],
    *,
    policy: str = "UNIQUE",
    aggregation: str = "",
) -> str:
    """Inputs are FEEL or (FEEL, inputValues); outputs a name or (name, outputValues, default)."""
    extra = f' aggregation="{aggregation}"' if aggregation else ""
    columns = "".join(_input(index, item) for index, item in enumerate(inputs, 1))
    columns += "".join(_output(index, item) for index, item in enumerate(outputs, 1))
    rows = "".join(_rule(n, rule, len(inputs)) for n, rule in enumerate(rules, 1))
    return f'<decisionTable hitPolicy="{policy}"{extra}>{columns}{rows}</decisionTable>'


def _input(index: int, item: str | tuple[str, str]) -> str:
    feel, allowed = (item, "") if isinstance(item, str) else item
    values = text("inputValues", allowed) if allowed else ""
    return f'<input id="in{index}">{text("inputExpression", feel)}{values}</input>'


def _output(index: int, item: str | tuple[str, str, str]) -> str:
    name, allowed, default = (item, "", "") if isinstance(item, str) else item
    values = text("outputValues", allowed) if allowed else ""
    entry = text("defaultOutputEntry", default) if default else ""
    return f'<output id="out{index}" name="{name}">{values}{entry}</output>'


def _rule(number: int, cells: Sequence[str], inputs: int) -> str:
    entries = "".join(
        text("inputEntry" if index < inputs else "outputEntry", cell)
        for index, cell in enumerate(cells)
    )
    return f'<rule id="r{number}">{entries}</rule>'
