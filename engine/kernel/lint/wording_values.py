"""Sentences about values: expressions, timers, work, names of other things, what is still open."""

from __future__ import annotations

from engine.kernel.lint.wording import Wording, say
from engine.types import Text


def todo(zh: str, en: str) -> Wording:
    """Something the author has not filled in yet."""
    return say(f"待补充：{zh}。", f"To be completed: {en}.", f"请填写{zh}。", f"Fill in {en}.")


# Why FEEL does not take an expression, by FEEL's own code; others are shown as they come.
REASONS: dict[str, Text] = {
    "syntax": Text("语法不完整或多余", "the syntax is wrong ({detail})"),
    "equality": Text("比较用一个“=”，不用“==”", "a comparison has one “=”, not “==”"),
    "open-quote": Text("引号没有闭合", "a quote is not closed"),
    "character": Text("有不认识的字符", "a character is not part of FEEL ({detail})"),
    "duplicate-key": Text("同一个键写了两次", "a key is there twice"),
    "external": Text("不能调用外部函数", "external functions are not executed"),
    "unknown-function": Text("没有函数 {detail}", "there is no function {detail}"),
    "arity": Text("参数个数不对：{detail}", "wrong number of arguments: {detail}"),
    "argument-names": Text("参数名不对：{detail}", "wrong names of arguments: {detail}"),
    "unknown-type": Text("没有类型 {detail}", "there is no type {detail}"),
}

WORDING: dict[str, Wording] = {
    # What a drawn, not yet engineered diagram lacks.
    "todo.empty": say(
        "待补充：流程或子流程是空的。", "To be completed: the process or subprocess is empty.",
        "画出其中的步骤，或删除。", "Draw its steps, or remove it.",
    ),
    "todo.timer": todo("时间", "the time"),
    "todo.condition": todo("条件", "the condition"),
    "todo.activation": todo("复杂网关的触发条件", "the activation condition of the gateway"),
    "todo.message": todo("消息", "the message"),
    "todo.signal": todo("信号", "the signal"),
    "todo.error": todo("错误代码", "the error code"),
    "todo.escalation": todo("升级代码", "the escalation code"),
    "todo.event": todo("事件的种类", "the kind of event"),
    "todo.link": todo("链接的名称", "the name of the link"),
    "todo.handler": todo("处理程序", "the handler"),
    "todo.script": todo("FEEL 表达式", "the FEEL expression"),
    "todo.decision": todo("决策表", "the decision table"),
    "todo.result_variable": todo("结果变量", "the result variable"),
    "todo.called_process": todo("被调用的流程", "the called process"),
    "todo.form": todo("表单", "the form"),
    "todo.milestone": todo("里程碑", "the milestone"),
    "todo.mapping": todo("变量映射的来源和目标", "source and target of the mapping"),
    "todo.four_eyes": todo("不得为同一人的任务", "the tasks done by other people"),
    # Expressions.
    "feel.syntax": say(
        "表达式“{expression}”第 {line} 行第 {column} 列有误：{reason}",
        "Line {line}, column {column} of “{expression}”: {reason}",
        "改正表达式。", "Correct the expression.",
    ),
    "feel.problem": say(
        "表达式“{expression}”不会得到结果：{reason}",
        "“{expression}” cannot yield a value: {reason}",
        "改正表达式。", "Correct the expression.",
    ),
    "feel.too_large": say(
        "表达式“{expression}”太长或嵌套太深。", "“{expression}” is too long or too deep.",
        "放进决策表，或拆成几步。", "Use a decision table, or several steps.",
    ),
    "feel.missing_sign": say(
        "{what} 必须是 FEEL 表达式：“{expression}”前面缺少“=”。",
        "{what} must be FEEL: “{expression}” lacks the “=” in front.",
        "在前面加“=”，比较用一个“=”。", "Put “=” in front; a comparison has one “=”.",
    ),
    "value.number": say(
        "{what} 应为 {least} 到 {most} 的整数，而不是“{value}”。",
        "{what} must be a whole number from {least} to {most}, not “{value}”.",
        "写一个整数，或以“=”开头的表达式。", "Write a whole number, or an expression with “=”.",
    ),
    "value.variable": say(
        "“{name}”不能作变量名（{what}）。", "“{name}” cannot be the name of a variable ({what}).",
        "用字母、数字和下划线，以字母开头。",
        "Use letters, digits and underscores, a letter first.",
    ),
    "value.dynamic": say(
        "{what} 不能是表达式（“{value}”）。", "{what} cannot be an expression (“{value}”).",
        "直接写名称。", "Name it directly.",
    ),
    # Timers.
    "timer.start": say(
        "启动流程的定时不能是 FEEL：这时还没有数据。",
        "The timer that starts a process cannot be FEEL: there is no data yet.",
        "写成 ISO 8601。", "Write it as ISO 8601.",
    ),
    "timer.duration": say(
        "“{value}”不是时长。", "“{value}” is not a duration.",
        "例如 P5D、PT2H，或用工作日期限。", "For example P5D or PT2H, or working days.",
    ),
    "timer.date": say(
        "“{value}”不是日期。", "“{value}” is not a date.",
        "例如 2026-10-01 或 2026-10-01T09:00:00+08:00。",
        "For example 2026-10-01 or 2026-10-01T09:00:00+08:00.",
    ),
    "timer.cycle": say(
        "“{value}”不是周期。", "“{value}” is not a cycle.",
        "例如 R3/P1D：每天一次，共三次。", "For example R3/P1D: three times, once a day.",
    ),
    "timer.too_often": say(
        "周期“{value}”太短。", "The cycle “{value}” is too short.",
        "无限重复至少间隔一分钟（PT1M），有限次数至少一秒（PT1S）。",
        "Without an end wait at least a minute (PT1M), with a number of times a second (PT1S).",
    ),
    "timer.too_long": say(
        "时长“{value}”超过十年。", "“{value}” is longer than ten years.",
        "缩短时长。", "Shorten it.",
    ),
    "timer.twice": say(
        "时间写了两次。", "The time is given twice.",
        "保留一个。", "Keep one.",
    ),
    "deadline.twice": say(
        "同时有工作日期限和到期日。", "Both a working-day deadline and a due date are given.",
        "保留一个。", "Keep one.",
    ),
    "deadline.without_timer": say(
        "工作日期限只对任务和定时事件有效。",
        "A working-day deadline needs a task or a timer event.",
        "把事件改为定时事件。", "Make the event a timer event.",
    ),
    # Loops.
    "loop.no_collection": say(
        "多实例需要一个集合或一个次数，二者取一。",
        "Multi-instance needs a collection or a number, one of the two.",
        "填写输入集合。", "Fill in the input collection.",
    ),
    "data.assignment": say(
        "数据关联中的“{name}”无法理解：缺少来源，或目标不是变量。",
        "“{name}” in a data association cannot be read: no source, or its target is no variable.",
        "写上 FEEL 来源和变量名，或改用变量映射。",
        "Write a FEEL source and the name of a variable, or use a mapping.",
    ),
    "loop.data": say(
        "多实例的数据引用“{name}”不是变量。",
        "The data reference “{name}” of multi-instance is no variable.",
        "给数据对象起一个变量名，或填写输入集合。",
        "Name the data object like a variable, or fill in the input collection.",
    ),
    "loop.event": say(
        "多实例完成时不能发出 {event} 事件。",
        "A {event} event cannot be thrown when an instance completes.",
        "选择信号、消息或升级。", "Choose a signal, a message or an escalation.",
    ),
    "loop.behavior": say(
        "多实例的行为“{value}”不完整或不存在。",
        "The multi-instance behavior “{value}” is incomplete or unknown.",
        "写 All、None、One 或 Complex，并给出事件和条件。",
        "Write All, None, One or Complex, with its event and condition.",
    ),
    "loop.half_output": say(
        "输出集合和输出元素要一起填写。", "Output collection and output element belong together.",
        "补上另一个，或都删除。", "Add the other, or remove both.",
    ),
    "loop.output_taken": say(
        "输出集合“{name}”在循环内部也会被写入。",
        "The output collection “{name}” is also written inside the loop.",
        "改用另一个变量名。", "Use another name.",
    ),
    "loop.no_maximum": say(
        "循环需要条件，或最多次数（1 到 {most}）。",
        "The loop needs a condition, or a maximum from 1 to {most}.",
        "填写条件或最多次数。", "Fill in the condition or the maximum.",
    ),
    "loop.two_kinds": say(
        "循环和多实例不能同时使用。", "Loop and multi-instance exclude each other.",
        "保留一个。", "Keep one.",
    ),
    # Work.
    "work.two_kinds": say(
        "任务既有处理程序，又有脚本或决策表。",
        "The task has a handler and also a script or decision table.",
        "保留一个。", "Keep one.",
    ),
    "user_task.nobody": say(
        "没有人会收到这个任务：没有候选组，所在泳道也没有角色。",
        "The task reaches nobody: no candidate group, and no role on its lane.",
        "选择候选组，或给泳道选择角色。", "Choose a group, or a role for the lane.",
    ),
    "user_task.assignee_only": say(
        "只有指定的人能看到这个任务。", "Only the assignee can see this task.",
        "再选择一个候选组。", "Choose a group as well.",
    ),
    "group.unknown": say(
        "没有角色“{group}”。", "There is no group “{group}”.",
        "从列表中选择。", "Choose one from the list.",
    ),
    "form.unknown": say(
        "部署包里没有表单“{form}”。", "The bundle has no form “{form}”.",
        "选择包里的表单。", "Choose one of the bundle.",
    ),
    "handler.unknown": say(
        "没有处理程序“{handler}”。", "There is no handler “{handler}”.",
        "从列表中选择。", "Choose one from the list.",
    ),
    "decision.unknown": say(
        "部署包里没有决策“{decision}”。", "The bundle has no decision “{decision}”.",
        "选择包里的决策表，或加入它的文件。", "Choose one of the bundle, or add its file.",
    ),
    "decision.duplicate": say(
        "决策“{id}”在另一个文件里已有。", "Another file has a decision “{id}” already.",
        "改用另一个标识。", "Use another id.",
    ),
    "decision.no_match": say(
        "noMatch 只能是 null 或 incident，而不是“{value}”。",
        "noMatch is null or incident, not “{value}”.",
        "改为 null 或 incident。", "Write null or incident.",
    ),
    "milestone.unknown": say(
        "没有里程碑“{milestone}”。", "There is no milestone “{milestone}”.",
        "从列表中选择。", "Choose one from the list.",
    ),
    "mapping.no_inputs_here": say(
        "这个事件只能有输出映射。", "This event has output mappings only.",
        "删除输入映射。", "Remove the inputs.",
    ),
    "mapping.no_outputs_here": say(
        "这里只能有输入映射。", "Only input mappings have an effect here.",
        "删除输出映射。", "Remove the outputs.",
    ),
    "message.no_key": say(
        "消息“{name}”没有关联键，无法知道属于哪一件申请。",
        "Message “{name}” has no correlation key: nothing says which instance it is for.",
        "给消息填写关联键。", "Give the message a correlation key.",
    ),
    "text.language": say(
        "说明文字的语言“{language}”不受支持。", "Texts in “{language}” are not shown.",
        "使用 zh 或 en。", "Use zh or en.",
    ),
    "calendar.invalid": say(
        "工作日历无法读取：{reason}", "The working calendar cannot be read: {reason}",
        "改正 calendar.json。", "Correct calendar.json.",
    ),
    # People.
    "four_eyes.target": say(
        "没有用户任务“{id}”。", "There is no user task “{id}”.",
        "重新选择由他人完成的任务。", "Choose the other person's task again.",
    ),
    "four_eyes.itself": say(
        "任务不能与自己比较。", "A task cannot be compared with itself.",
        "选择另一个任务。", "Choose another task.",
    ),
    "four_eyes.ambiguous": say(
        "几个流程都有任务“{id}”。", "Several processes have a task “{id}”.",
        "改用不重复的标识。", "Give the tasks different ids.",
    ),
}  # fmt: skip
