"""Sentences about decision tables; codes are those of `engine.decisions` behind `dmn.`."""

from __future__ import annotations

from engine.kernel.lint.wording import Wording, say

CORRECT = ("改正决策文件。", "Correct the decision file.")

WORDING: dict[str, Wording] = {
    "dmn.feel": say(
        "单元格第 {line} 行第 {column} 列有误：{reason}",
        "Line {line}, column {column} of a cell: {reason}",
        "改正表达式。", "Correct the expression.",
    ),
    "dmn.feel-budget": say(
        "表达式太长或嵌套太深（{detail}）。", "An expression is too long or too deep ({detail}).",
        "拆成几条规则。", "Split it into several rules.",
    ),
    "dmn.too-large": say(
        "决策文件太大（{detail}）。", "The decision file is too large ({detail}).",
        "拆成几个文件。", "Split it into several files.",
    ),
    "dmn.not-xml": say("决策文件不是合法的 XML（{detail}）。",
    "The decision file is not XML ({detail}).", *CORRECT),
    "dmn.too-many-elements": say(
        "决策文件超过 {detail} 个元素。", "The decision file has more than {detail} elements.",
        "拆成几个文件。", "Split it into several files.",
    ),
    "dmn.encoding": say(
        "决策文件不是 UTF-8 文本（{detail}）。", "The decision file is not UTF-8 text ({detail}).",
        "请另存为 UTF-8。", "Save it as UTF-8.",
    ),
    "dmn.doctype": say(
        "决策文件含有文档类型声明。", "The decision file has a document type declaration.",
        "删除 DOCTYPE。", "Remove the DOCTYPE.",
    ),
    "dmn.not-dmn": say("这不是 DMN 文件（{detail}）。",
    "This is not a DMN file ({detail}).", *CORRECT),
    "dmn.no-id": say(
        "“{detail}”没有标识。", "“{detail}” has no id.",
        "补上标识。", "Add an id.",
    ),
    "dmn.duplicate-id": say(
        "标识“{detail}”用了不止一次。", "The id “{detail}” is used more than once.",
        "改用另一个标识。", "Use another id.",
    ),
    "dmn.no-decision": say(
        "文件里没有决策。", "The file holds no decision.",
        "加入一个决策，或删除文件。", "Add one, or remove the file.",
    ),
    "dmn.import": say(
        "没有命名空间为“{detail}”的决策文件可引入。",
        "No decision file of the namespace “{detail}” is there to import.",
        "把那个文件放进来，或删除引入。", "Add the file, or remove the import.",
    ),
    "dmn.import-cycle": say(
        "几个决策文件互相引入（{detail}）。", "Decision files import each other ({detail}).",
        "把共用的内容放进第三个文件。", "Put what they share into a third file.",
    ),
    "dmn.no-logic": say(
        "{detail} 没有内容。", "{detail} has no logic.",
        "填写决策表或表达式。", "Fill in a table or an expression.",
    ),
    "dmn.several-logics": say(
        "{detail} 有不止一个内容。", "{detail} has more than one logic.",
        "保留一个。", "Keep one.",
    ),
    "dmn.external-function": say(
        "不能调用外部函数（{detail}）。", "External functions are not executed ({detail}).",
        "改用 FEEL。", "Use FEEL.",
    ),
    "dmn.unknown-reference": say(
        "引用的“{detail}”不存在。", "“{detail}” does not exist.",
        "重新连接。", "Connect it again.",
    ),
    "dmn.cycle": say(
        "决策“{detail}”依赖自己的结果。", "Decision “{detail}” needs its own answer.",
        "去掉循环的连接。", "Remove the circle.",
    ),
    "dmn.too-deep": say(
        "嵌套超过 {detail} 层。", "It is nested deeper than {detail}.",
        "拆成几个决策。", "Split it into several decisions.",
    ),
    "dmn.imported-values": say("不能使用引入的值。", "Imported values are not read.", *CORRECT),
    "dmn.empty-expression": say(
        "表达式是空的。", "An expression is empty.",
        "填写表达式。", "Fill it in.",
    ),
    "dmn.row-length": say(
        "一行的单元格数与列数不符（{detail}）。",
        "A row has more or fewer cells than columns ({detail}).",
        "补齐这一行。", "Complete the row.",
    ),
    "dmn.hit-policy": say(
        "命中策略“{detail}”不存在。", "There is no hit policy “{detail}”.",
        "选择命中策略。", "Choose a hit policy.",
    ),
    "dmn.aggregation": say(
        "汇总方式“{detail}”在这里不能用。", "The aggregation “{detail}” cannot be used here.",
        "选择 SUM、MIN、MAX 或 COUNT，只有一个输出列。",
        "SUM, MIN, MAX or COUNT, with one output.",
    ),
    "dmn.no-output": say(
        "决策表没有输出列。", "The table has no output.",
        "加一个输出列。", "Add one.",
    ),
    "dmn.no-output-values": say(
        "命中策略 {detail} 需要列出输出值的次序。",
        "Hit policy {detail} needs its output values in order.",
        "在输出列上列出允许的值。", "List the allowed values on the output.",
    ),
    "dmn.output-names": say(
        "几个输出列必须各有不同的名称。", "Several outputs need different names.",
        "给输出列命名。", "Name the outputs.",
    ),
    "dmn.no-parameter": say(
        "调用中有一个参数没有名称。", "A parameter of an invocation has no name.",
        "填写参数名称。", "Name it.",
    ),
    "dmn.no-input-expression": say(
        "输入列没有表达式。", "An input column has no expression.",
        "填写输入表达式。", "Fill in its expression.",
    ),
    "dmn.unknown-type": say(
        "没有类型“{detail}”。", "There is no type “{detail}”.",
        "选择类型。", "Choose a type.",
    ),
    "dmn.type-cycle": say(
        "类型“{detail}”由自己定义。", "Type “{detail}” is defined by itself.",
        "去掉循环。", "Remove the circle.",
    ),
    "dmn.expression-language": say(
        "不支持表达式语言 {detail}。", "Expression language {detail} is not executed.",
        "改用 FEEL。", "Use FEEL.",
    ),
    # What the author should look at.
    "dmn.overlap": say(
        "规则 {rules} 会同时命中，例如 {example}。",
        "Rules {rules} both match, for example {example}.",
        "改正条件，使每种情况只命中一条。", "Change them so that one rule matches each case.",
    ),
    "dmn.duplicate": say(
        "规则 {rules} 相同（例如 {example}）。",
        "Rules {rules} are the same (for example {example}).",
        "删除一条。", "Remove one.",
    ),
    "dmn.unreachable": say(
        "规则 {rules} 永远不会命中。", "Rule {rules} can never match.",
        "改正条件，或删除。", "Correct it, or remove it.",
    ),
    "dmn.gap": say(
        "没有规则适用于 {example}。", "No rule covers {example}.",
        "补一条规则，或给默认输出。", "Add a rule, or a default output.",
    ),
}  # fmt: skip
