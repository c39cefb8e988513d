// Words of the viewer in both languages.
export const STATES = {
  active: { zh: '正在办理', en: 'In progress' },
  completed: { zh: '已完成', en: 'Completed' },
  incident: { zh: '出现故障', en: 'Incident' },
  next: { zh: '接下来', en: 'Next' },
};
export const HOLDERS = {
  office: { zh: '由经办机构办理', en: 'With the office' },
  you: { zh: '由申请人办理', en: 'With the applicant' },
};
const KINDS = {
  'bpmn:UserTask': { zh: '人工环节', en: 'Task for a person' },
  'bpmn:ManualTask': { zh: '人工环节', en: 'Task for a person' },
  'bpmn:ServiceTask': { zh: '系统环节', en: 'Automatic step' },
  'bpmn:ScriptTask': { zh: '系统环节', en: 'Automatic step' },
  'bpmn:SendTask': { zh: '发送', en: 'Sends a message' },
  'bpmn:ReceiveTask': { zh: '等待消息', en: 'Waits for a message' },
  'bpmn:BusinessRuleTask': { zh: '规则判定', en: 'Decision by rules' },
  'bpmn:CallActivity': { zh: '调用流程', en: 'Called process' },
  'bpmn:SubProcess': { zh: '子流程', en: 'Subprocess' },
  'bpmn:StartEvent': { zh: '开始', en: 'Start' },
  'bpmn:EndEvent': { zh: '结束', en: 'End' },
  'bpmn:BoundaryEvent': { zh: '边界事件', en: 'Boundary event' },
  'bpmn:IntermediateCatchEvent': { zh: '等待事件', en: 'Waits for an event' },
  'bpmn:IntermediateThrowEvent': { zh: '事件', en: 'Event' },
  'bpmn:ExclusiveGateway': { zh: '按条件选择一条路', en: 'One way is chosen' },
  'bpmn:ParallelGateway': { zh: '并行', en: 'Ways run in parallel' },
  'bpmn:InclusiveGateway': { zh: '按条件选择若干条路', en: 'One or more ways are chosen' },
  'bpmn:EventBasedGateway': { zh: '等待先到的事件', en: 'Waits for whichever event comes first' },
  'bpmn:SequenceFlow': { zh: '走向', en: 'Flow' },
  'bpmn:Lane': { zh: '泳道', en: 'Lane' },
  'bpmn:Participant': { zh: '流程', en: 'Process' },
};
export const kindOf = (type) => KINDS[type] ?? { zh: '元素', en: 'Element' };
export const TEXT = {
  failed: { zh: '流程图暂时无法显示，请刷新页面；右侧或下方的文字大纲内容相同。', en: 'The diagram cannot be shown right now. Reload the page; the text outline says the same.' },
  tokens: { zh: '{n}处正在办理', en: '{n} in progress' },
  passes: { zh: '经过{n}次', en: 'Passed {n} times' },
};
