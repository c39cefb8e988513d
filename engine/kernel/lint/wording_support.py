"""Sentences about what is refused because it is not executed."""

from __future__ import annotations

from engine.kernel.lint.wording import Wording, say


def refuse(zh: str, en: str, remedy_zh: str, remedy_en: str) -> Wording:
    return say(f"不支持{zh}。", f"Not executed: {en}.", remedy_zh, remedy_en)


WORDING: dict[str, Wording] = {
    "unsupported.choreography": refuse(
        "编排图", "choreographies",
        "画成流程和消息。", "Draw processes and messages.",
    ),
    "unsupported.script_code": refuse(
        "脚本代码", "script code",
        "改用 FEEL 表达式（zeebe:script）或服务任务。",
        "Use FEEL (zeebe:script) or a service task.",
    ),
    "unsupported.language": refuse(
        "FEEL 以外的表达式语言", "expression languages other than FEEL",
        "写成 FEEL，并删除 language 属性。", "Write FEEL and remove the language attribute.",
    ),
    "unsupported.must_understand": refuse(
        "要求必须理解的扩展", "extensions that must be understood",
        "删除该扩展声明。", "Remove the declaration.",
    ),
    "unsupported.assignment_in_bpmn": refuse(
        "BPMN 的资源分配", "assignment by BPMN resources",
        "改用候选组或泳道角色。", "Use candidate groups or the role of the lane.",
    ),
    "unsupported.conditional_start": refuse(
        "条件启动的流程：这时还没有数据",
        "processes that start by a condition: there is no data yet",
        "改用消息或信号开始事件。", "Use a message or signal start event.",
    ),
    "unsupported.event_subprocess_loop": refuse(
        "带循环的事件子流程", "event subprocesses with a loop",
        "把循环放到里面的活动上。", "Put the loop on an activity inside.",
    ),
    "unsupported.event_job": refuse(
        "由处理程序执行的这种事件", "a handler on an event of this kind",
        "在事件前画一个发送任务。", "Draw a send task before the event.",
    ),
    "unsupported.listeners": refuse(
        "监听器", "listeners",
        "画成服务任务。", "Draw a service task.",
    ),
    "unsupported.linked_resources": refuse(
        "链接资源", "linked resources",
        "删除它。", "Remove them.",
    ),
    "unsupported.embedded_form": refuse(
        "嵌入的表单", "embedded forms",
        "使用部署包里的表单（formId）。", "Use a form of the bundle (formId).",
    ),
    "unsupported.form_inside": refuse(
        "子流程开始事件上的表单", "forms on the start of a subprocess",
        "放到流程的开始事件或用户任务上。", "Put it on the process's start or a user task.",
    ),
    "unsupported.agent": refuse(
        "代理定义", "agent definitions",
        "删除它。", "Remove it.",
    ),
    "unsupported.job_priority": refuse(
        "作业优先级", "job priorities",
        "删除它。", "Remove it.",
    ),
    "unsupported.candidate_users": refuse(
        "候选人", "candidate users",
        "改用候选组：人会变，流程图不变。", "Name a group: people change, diagrams do not.",
    ),
    "unsupported.follow_up_date": refuse(
        "跟进日期", "follow-up dates",
        "使用到期日或工作日期限。", "Use a due date or working days.",
    ),
    "unsupported.business_id": refuse(
        "调用时的业务编号", "business ids of calls",
        "删除它。", "Remove it.",
    ),
    "unsupported.version_binding": refuse(
        "表单或决策按版本标签绑定", "binding a form or decision to a version tag",
        "删除绑定：总是使用同一部署包。", "Remove it: the bundle's own is always used.",
    ),
}  # fmt: skip
