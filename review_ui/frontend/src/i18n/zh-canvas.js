// Chinese of the canvas where bpmn-js-i18n has none.
export default {
  'Append element': '追加元素',
  'Business Rule Task': '业务规则任务',
  'Change element': '更改类型',
  'Create element': '新建元素',
  'End Event': '结束',
  'Exclusive Gateway': '排他网关',
  'Lane': '泳道',
  'Participant': '泳池',
  'Receive Task': '接收任务',
  'Sequence Flow': '走向',
  'Service Task': '服务任务',
  'Start Event': '开始',
  'Timer Boundary Event (Non Interrupting)': '定时边界事件（不中断）',
  'Toggle non-interrupting': '切换是否中断',
  'User Task': '人工任务',
};
