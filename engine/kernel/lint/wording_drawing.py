"""Sentences about what is drawn: the file, ids, flows, events, gateways, calls."""

from __future__ import annotations

from engine.kernel.lint.wording import Wording, say

WORDING: dict[str, Wording] = {
    # The file.
    "xml.too_large": say(
        "文件超过 {limit} 字节。", "The file is larger than {limit} bytes.",
        "拆成几个流程，用调用活动连接。", "Split it into processes joined by call activities.",
    ),
    "xml.encoding": say(
        "文件不是可读的文本（{name}）。", "The file is not readable text ({name}).",
        "请另存为 UTF-8。", "Save it as UTF-8.",
    ),
    "xml.syntax": say(
        "第 {line} 行第 {column} 列不是合法的 XML。",
        "Line {line}, column {column} is not valid XML.",
        "请用流程编辑器重新导出。", "Export it again from a diagram editor.",
    ),
    "xml.doctype": say(
        "文件含有文档类型声明（DOCTYPE）。", "The file has a document type declaration.",
        "删除 DOCTYPE 和实体。", "Remove the DOCTYPE and its entities.",
    ),
    "xml.too_many_elements": say(
        "文件超过 {limit} 个元素。", "The file has more than {limit} elements.",
        "拆成几个文件。", "Split it into several files.",
    ),
    "xml.too_deep": say(
        "元素嵌套超过 {limit} 层。", "Elements are nested deeper than {limit}.",
        "减少嵌套的子流程。", "Nest fewer subprocesses.",
    ),
    "xml.not_bpmn": say(
        "这不是 BPMN 2.0 流程图。", "This is not a BPMN 2.0 diagram.",
        "根元素应为 bpmn:definitions。", "Its root element must be bpmn:definitions.",
    ),
    "bundle.no_diagram": say(
        "部署包里没有流程图。", "The bundle holds no diagram.",
        "加入至少一个 .bpmn 文件。", "Add at least one .bpmn file.",
    ),
    "bundle.too_costly": say(
        "读取文件太慢或太占内存。", "Reading the files takes too much time or memory.",
        "拆成小文件，或稍后再试。", "Split them, or try again in a minute.",
    ),
    "outcome.without_flow": say(
        "结论“{outcome}”在网关“{gateway}”后没有流向。",
        "Gateway “{gateway}” has no flow for outcome “{outcome}”.",
        "画一条带条件的流，或设默认流向。", "Draw a flow for it, or a default flow.",
    ),
    "form.unreadable": say(
        "表单文件无法读取。", "The form cannot be read.",
        "按表单格式检查该 JSON 文件。", "Check the JSON file against the format of forms.",
    ),
    "library.refused": say(
        "流程图无法读取：{reason}", "The diagram cannot be read: {reason}",
        "把文件交给系统管理员。", "Give the file to the system administrator.",
    ),
    # Ids and references.
    "id.duplicate": say(
        "标识“{id}”用了不止一次。", "The id “{id}” is used more than once.",
        "给每个元素自己的标识。", "Give each element an id of its own.",
    ),
    "id.missing": say(
        "有一个 {element} 没有标识，按“{used}”处理。",
        "A {element} has no id; it is taken as “{used}”.",
        "补上标识：加入别的元素后，给定的标识可能改变。",
        "Add an id: the one it is given may change when something is drawn before it.",
    ),
    "id.malformed": say(
        "标识“{id}”太长或含有特殊字符，按“{used}”处理。",
        "The id “{id}” is too long or has other characters; it is taken as “{used}”.",
        "用字母、数字、点、横线，最多 100 个字符；否则进度图上不会标出它。",
        "Use letters, digits, dots and dashes, at most 100; else pictures of progress omit it.",
    ),
    "process.no_id": say(
        "流程没有标识，无法启动。", "The process has no id: nothing could start it.",
        "补上标识。", "Add an id.",
    ),
    "reference.missing": say(
        "{attribute} 指向的“{id}”不存在或种类不对。",
        "“{id}”, named by {attribute}, does not exist or is of another kind.",
        "重新选择，或删除这个引用。", "Choose again, or remove the reference.",
    ),
    "container.duplicate": say(
        "文件 {file} 里已有同名的流程或子流程。",
        "{file} has a process or subprocess with this id already.",
        "改用另一个标识。", "Use another id.",
    ),
    "lane.unknown_member": say(
        "泳道列有不存在的元素“{id}”。", "The lane lists “{id}”, which does not exist.",
        "在编辑器里移动一次元素即可修正。", "Moving an element in the editor cures it.",
    ),
    "lane.twice": say(
        "元素同时属于两条泳道（{lanes}）。", "The element lies in two lanes ({lanes}).",
        "只放进一条泳道。", "Put it into one lane.",
    ),
    # Elements and attributes.
    "element.unknown": say(
        "BPMN 没有元素 {element}。", "BPMN has no element {element}.",
        "删除它。", "Remove it.",
    ),
    "element.misplaced": say(
        "{element} 不能放在 {parent} 里。", "{element} cannot stand inside {parent}.",
        "移到正确的位置，或删除。", "Move it to where it belongs, or remove it.",
    ),
    "element.twice": say(
        "{element} 出现了两次。", "{element} is there twice.",
        "保留一个。", "Keep one.",
    ),
    "attribute.unknown": say(
        "{element} 的属性 {attribute} 没有作用。", "{attribute} means nothing on {element}.",
        "检查拼写，或删除该属性。", "Check its spelling, or remove it.",
    ),
    "attribute.boolean": say(
        "{attribute} 应为 true 或 false，而不是“{value}”。",
        "{attribute} must be true or false, not “{value}”.",
        "改为 true 或 false。", "Write true or false.",
    ),
    "extension.unknown": say(
        "扩展元素 {name} 不受支持。", "The extension element {name} is not supported.",
        "删除它。", "Remove it.",
    ),
    "extension.misplaced": say(
        "{name} 放在 {element} 上没有意义。", "{name} has no meaning on {element}.",
        "移到它起作用的元素上，或删除。", "Move it to an element where it works, or remove it.",
    ),
    "extension.twice": say(
        "{name} 出现了两次。", "{name} is there twice.",
        "保留一个。", "Keep one.",
    ),
    "foreign.engine": say(
        "{engine} 的扩展在这里不起作用。", "Extensions of {engine} mean nothing here.",
        "确认流程不依赖它们。", "Make sure that the process does not rely on them.",
    ),
    "camunda.ignored": say(
        "{name} 是 Camunda 7 的设置，在这里不起作用。",
        "{name} is a setting of Camunda 7 and has no effect here.",
        "可以保留，也可以删除。", "It may stay, or be removed.",
    ),
    "camunda.element": say(
        "{name} 是 Camunda 7 的写法，不会执行。", "{name} is Camunda 7 and is not executed.",
        "改用：{equivalent}。", "Use instead: {equivalent}.",
    ),
    # Processes.
    "process.none": say(
        "文件里没有流程。", "The file holds no process.",
        "画一个流程。", "Draw a process.",
    ),
    "process.executable_absent": say(
        "流程没有说明是否可执行，按可执行处理。",
        "The process does not say whether it is executable; it is taken as executable.",
        "把“可执行”打开。", "Switch “executable” on.",
    ),
    "process.not_executable": say(
        "流程标为不可执行。", "The process is marked as not executable.",
        "在要运行的流程上打开“可执行”。", "Switch “executable” on where it should run.",
    ),
    "process.left_out": say(
        "这个流程不可执行，只作说明。", "This process is not executable; it only documents.",
        "若要运行，打开“可执行”。", "To run it, switch “executable” on.",
    ),
    "process.too_many": say(
        "文件里超过 {limit} 个流程。", "The file has more than {limit} processes.",
        "拆成几个文件。", "Split it into several files.",
    ),
    "process.too_many_flows": say(
        "流程有 {flows} 条连线，上限 {limit}。",
        "The process has {flows} flows; {limit} are allowed.",
        "拆成几个流程。", "Split it into several processes.",
    ),
    "process.too_many_nodes": say(
        "流程有 {nodes} 个节点，上限 {limit}。",
        "The process has {nodes} nodes; {limit} are allowed.",
        "把一部分移到被调用的流程。", "Move a part into a called process.",
    ),
    # Flows and reach.
    "flow.dangling": say(
        "连线的一端（{end}：“{id}”）没有接上。", "One end of the flow ({end}: “{id}”) is loose.",
        "接到一个节点，或删除连线。", "Connect it to a node, or remove it.",
    ),
    "flow.crosses_border": say(
        "连线穿过了子流程的边界。", "The flow crosses the border of a subprocess.",
        "从子流程自身连出，或用边界事件。",
        "Leave from the subprocess itself, or use a boundary event.",
    ),
    "flow.crosses_pool": say(
        "顺序流不能连到另一个泳池。", "A sequence flow cannot lead into another pool.",
        "改用消息流和消息事件。", "Use a message flow and message events.",
    ),
    "flow.twice": say(
        "两个节点之间有两条同向连线。", "Two flows lead from one node to the same other.",
        "保留一条。", "Keep one.",
    ),
    "flow.not_into": say(
        "连线不能进入这个 {element}。", "No flow may lead into this {element}.",
        "删除连线。", "Remove the flow.",
    ),
    "flow.not_out_of": say(
        "连线不能离开这个 {element}。", "No flow may leave this {element}.",
        "删除连线。", "Remove the flow.",
    ),
    "flow.condition_here": say(
        "离开 {element} 的连线不能带条件。", "A flow out of {element} cannot have a condition.",
        "在后面加一个排他网关。", "Put an exclusive gateway behind it.",
    ),
    "flow.no_condition": say(
        "这条连线既没有条件，也不是默认连线。",
        "The flow has no condition and is not the default.",
        "写条件，或设为默认。", "Give it a condition, or make it the default.",
    ),
    "flow.default_condition": say(
        "默认连线上的条件不起作用。", "The condition on the default flow is ignored.",
        "删除条件。", "Remove the condition.",
    ),
    "node.unreachable": say(
        "没有任何路径能到达这里。", "Nothing leads here.",
        "连上，或删除。", "Connect it, or remove it.",
    ),
    "node.implicit_end": say(
        "路径在这里结束，却没有结束事件。", "The path ends here without an end event.",
        "画一个结束事件。", "Draw an end event.",
    ),
    # Starts.
    "start.missing": say(
        "没有开始事件。", "There is no start event.",
        "画一个开始事件。", "Draw one.",
    ),
    "start.implicit": say(
        "没有开始事件：所有没有入口的元素同时开始。",
        "Without a start event everything that no flow leads to begins at once.",
        "画一个开始事件。", "Draw a start event.",
    ),
    "start.parallel_multiple": say(
        "流程的开始事件不能等待几个事件。",
        "The start event of a process cannot wait for several events.",
        "改用启动流程的并行事件网关。",
        "Use a parallel event-based gateway that starts the process.",
    ),
    "start.instantiate": say(
        "这个元素不能启动流程：它要直接画在流程里，没有入口，不循环。",
        "It cannot start the process: it must stand in the process itself, without a flow into it"
        " or a loop.",
        "删除 instantiate，或改用消息开始事件。",
        "Remove instantiate, or use a message start event.",
    ),
    "start.instantiating_gateway": say(
        "启动流程的事件网关后面只能是消息。",
        "Only messages can stand behind an event-based gateway that starts the process.",
        "改用消息，或去掉 instantiate。", "Use messages, or remove instantiate.",
    ),
    "event_gateway.parallel": say(
        "只有启动流程的事件网关才能等待所有事件。",
        "Only an event-based gateway that starts the process can wait for all events.",
        "改用并行网关和几个捕获事件。", "Use a parallel gateway and several catch events.",
    ),
    "ad_hoc.start_or_end": say(
        "自由子流程里不能有开始或结束事件。",
        "An ad hoc subprocess has no start or end events.",
        "删除它。", "Remove it.",
    ),
    "ad_hoc.ordering": say(
        "不认识次序“{value}”。", "There is no ordering “{value}”.",
        "写 Parallel 或 Sequential。", "Write Parallel or Sequential.",
    ),
    "start.several": say(
        "子流程只能有一个开始事件。", "A subprocess has one start event only.",
        "删除多余的开始事件。", "Remove the others.",
    ),
    "start.several_blank": say(
        "流程有几个普通开始事件，未指定时从第一个开始。",
        "Several plain start events: the process begins at the first, unless another is named.",
        "保留一个，或启动时指定。", "Keep one, or name one when starting.",
    ),
    "start.same_message": say(
        "另一个开始事件已使用消息“{name}”。",
        "Another start event waits for message “{name}” already.",
        "换一个消息，或在后面用网关区分。", "Use another message, or a gateway behind one start.",
    ),
    "start.without_event": say(
        "事件子流程的开始事件没有触发条件。", "The event subprocess does not say what starts it.",
        "给开始事件选择消息、定时、错误等。", "Choose a message, timer, error … for its start.",
    ),
    "start.event_inside": say(
        "嵌入的子流程必须以普通开始事件开始。",
        "An embedded subprocess begins with a plain start.",
        "去掉触发条件，或改成事件子流程。", "Remove its event, or make it an event subprocess.",
    ),
    # Events.
    "event.misplaced": say(
        "{place} 不能使用 {event} 事件。", "A {event} event cannot be a {place}.",
        "换一种事件。", "Choose another event.",
    ),
    "message.flow_differs": say(
        "消息流两端的消息不同（{names}），它不会到达。",
        "The ends of the message flow name different messages ({names}): it never arrives.",
        "两端选择同一个消息。", "Choose the same message at both ends.",
    ),
    "event.filter": say(
        "条件事件的过滤“{value}”无效。", "The filter “{value}” of the conditional event is none.",
        "写 create、update，或两者。", "Write create, update, or both.",
    ),
    "event.mixed": say(
        "这些事件不能放在一起。", "These events cannot be combined.",
        "拆成几个事件。", "Draw several events.",
    ),
    "event.no_name": say(
        "消息或信号“{id}”没有名称，以标识为名。",
        "The message or signal “{id}” has no name; its id is its name.",
        "给它名称。", "Give it a name.",
    ),
    "event.long_name": say(
        "消息或信号的名称“{name}”超过 {most} 个字符。",
        "The name “{name}” of a message or signal is longer than {most} characters.",
        "缩短名称。", "Shorten it.",
    ),
    "event.must_interrupt": say(
        "{event} 事件总会中断，不能设为不中断。", "A {event} event always interrupts.",
        "设为中断。", "Make it interrupting.",
    ),
    "event.cancel_outside": say(
        "取消事件只能用于事务子流程。", "A cancel event belongs to a transaction.",
        "把子流程改为事务。", "Make the subprocess a transaction.",
    ),
    "boundary.detached": say(
        "边界事件没有附在旁边的活动上。",
        "The boundary event is not attached to an activity beside it.",
        "拖到一个活动的边上。", "Drag it onto the edge of an activity.",
    ),
    "compensation.no_handler": say(
        "补偿事件没有连到补偿活动。", "The compensation event is not tied to a handler.",
        "用关联线连到旁边标为“补偿”的活动。", "Tie it to a compensation activity beside it.",
    ),
    "compensation.target": say(
        "“{id}”没有可执行的补偿。", "“{id}” has nothing that compensates it.",
        "选择有补偿活动的活动。", "Choose an activity that has a handler.",
    ),
    "compensation.unused_handler": say(
        "没有补偿事件用到这个补偿活动。", "No compensation event uses this handler.",
        "连到补偿边界事件，或去掉补偿标记。", "Tie it to a compensation event, or unmark it.",
    ),
    "compensation.boundary": say(
        "补偿活动不能带边界事件。", "A compensation activity has no boundary events.",
        "删除边界事件。", "Remove them.",
    ),
    "link.targets": say(
        "链接“{link}”有 {count} 个入口，应为一个。",
        "Link “{link}” has {count} targets instead of one.",
        "在同一层画一个同名的捕获链接。", "Draw one catching link of that name on the same level.",
    ),
    # Gateways and joins.
    "gateway.no_default": say(
        "没有默认连线：条件都不成立时，申请会停住。",
        "No default flow: when nothing matches, the instance stops with an incident.",
        "指定默认连线。", "Choose a default flow.",
    ),
    "gateway.default_elsewhere": say(
        "默认连线“{id}”不从这里出发。", "The default flow “{id}” does not leave from here.",
        "重新选择默认连线。", "Choose the default again.",
    ),
    "gateway.joins_and_splits": say(
        "网关同时合并和分支。", "The gateway joins and splits at once.",
        "画成两个网关。", "Draw two gateways.",
    ),
    "gateway.no_way_out": say(
        "网关没有出路。", "The gateway has no way out.",
        "连到下一个节点。", "Connect it to the next node.",
    ),
    "event_gateway.too_few": say(
        "事件网关至少要有两个分支。", "An event-based gateway needs two branches.",
        "加一个分支，例如定时。", "Add a branch, such as a timer.",
    ),
    "event_gateway.target": say(
        "事件网关后面只能直接接捕获事件或接收任务，且只有这一个入口。",
        "An event-based gateway leads to catch events or receive tasks that nothing else enters.",
        "改接捕获事件。", "Connect it to a catch event.",
    ),
    "event_gateway.mixed": say(
        "事件网关后面不能既有消息事件又有接收任务。",
        "Message events and receive tasks do not go together behind an event-based gateway.",
        "只用一种。", "Use one of them.",
    ),
    "join.never": say(
        "这个合并永远等不齐，申请会停在这里。",
        "This join waits for ever: its branches never all come.",
        "改成与分支相同的网关，例如排他对排他。",
        "Use the kind of gateway that split the branches.",
    ),
    "join.may_wait": say(
        "有些情况下这个合并等不齐。", "In some cases this join waits for ever.",
        "检查提前结束的分支。", "Look at branches that end before the join.",
    ),
    "join.too_many_markings": say(
        "流程太大，无法检查每个合并。", "The process is too large to check every join.",
        "把并行部分移到子流程。", "Move parallel parts into subprocesses.",
    ),
    "join.pairs": say(
        "不中断的事件会多次到达这个合并，各次会错配。",
        "An event that does not interrupt may come to this join several times and mix them up.",
        "把事件之后的步骤放进子流程。", "Put what follows the event into a subprocess.",
    ),
    "merge.doubles": say(
        "并行的分支在这里没有合并，之后的步骤会执行多次。",
        "Parallel branches meet here without a join: what follows runs once for each.",
        "在前面加并行网关合并。", "Join them with a parallel gateway first.",
    ),
    "task.abstract": say(
        "没有类型的任务会直接通过。", "A task without a type is passed at once.",
        "是否想要用户任务？", "Did you mean a user task?",
    ),
    # Calls.
    "call.unknown": say(
        "部署包里没有流程“{process}”。", "The bundle has no process “{process}”.",
        "选择包里的流程，或加入它的文件。", "Choose one of the bundle, or add its file.",
    ),
    "call.other_version": say(
        "部署包里的流程“{process}”没有版本标签“{tag}”。",
        "Process “{process}” of the bundle does not have the version tag “{tag}”.",
        "部署所要的版本，或删除绑定：总是使用同一部署包。",
        "Deploy the version that is meant, or remove the binding: the bundle's own is used.",
    ),
    "call.no_blank_start": say(
        "被调用的流程“{process}”没有普通开始事件。",
        "The called process “{process}” has no plain start.",
        "给它一个普通开始事件。", "Give it a start event without a definition.",
    ),
    "call.recursive": say(
        "流程（经由“{process}”）会再次调用自己。",
        "The process calls itself again (through “{process}”).",
        "确认条件使它最终停止；最多 32 层。", "Make sure that it stops; 32 levels are allowed.",
    ),
    "call.endless": say(
        "流程（经由“{process}”）不断调用自己，没有出路。",
        "The process calls itself (through “{process}”) and has no other way.",
        "画一条不经过调用的路径。", "Draw a path without the call.",
    ),
    # Names.
    "name.missing": say(
        "缺少名称。", "It has no name.",
        "写上办事人员看得懂的名称。", "Give it a name that officers understand.",
    ),
    "name.no_english": say(
        "缺少英文名称。", "It has no English name.",
        "加一条英文说明文字。", "Add an English text.",
    ),
}  # fmt: skip
