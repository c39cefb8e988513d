// Words of the decision table viewer. dmn-js translates through a module of its own.
import { language } from '../common/page.js';

export const TEXT = {
  failed: { zh: '规则表暂时无法显示，请刷新页面；文字版内容相同。', en: 'The table cannot be shown right now. Reload the page; the text version says the same.' },
  tables: { zh: '规则表', en: 'Decision tables' },
  number: { zh: '序号', en: 'Number' },
  drd: { zh: '依赖图', en: 'Requirements diagram' },
};
const ZH = {
  When: '当', Then: '则', And: '且', Or: '或', 'And...': '且…', 'Then...': '则…',
  Annotations: '说明', Annotation: '说明', Input: '输入', Output: '输出', '-': '不限',
  'Hit policy': '命中规则', 'Hit Policy': '命中规则', 'Hit policy:': '命中规则：', 'Hit Policy:': '命中规则：',
  Unique: '唯一命中', First: '首个命中', Priority: '按优先级', Any: '任一命中', Collect: '全部收集', 'Rule order': '按规则顺序', 'Output order': '按输出顺序',
  Sum: '求和', Min: '最小', Max: '最大', Count: '计数', Aggregation: '汇总',
  'View DRD': '看依赖图', 'Open decision table': '打开规则表', 'Open literal expression': '打开表达式',
  'Decision name: ': '规则表名称：', 'Input label: ': '输入名称：', 'Input type': '输入类型', 'Output label': '输出名称', 'Output type': '输出类型', 'Output label: ': '输出名称：',
  'Rules may overlap. The first matching rule will be chosen': '规则可以重叠，取第一条命中的规则', 'No overlap is possible and all rules are disjoint. Only a single rule can be matched': '规则互不重叠，只会命中一条', 'Rules may overlap. All matching rules have the same output': '规则可以重叠，命中的规则结论相同', 'Rules may overlap. All matching rules will be collected': '规则可以重叠，收集全部命中的规则', 'Collects all matching rules in the order of their appearance in the table': '按表中顺序收集全部命中的规则', 'Collects the values of all matching rules in the order they appear in the table': '按表中顺序收集全部命中规则的结果', 'Collects the values of all matching rules': '收集全部命中规则的结果',
  Expression: '表达式', 'Expression Language': '表达式语言', 'Variable Name': '变量名', 'Variable Type': '变量类型', 'Result type': '结果类型', 'Variable name': '变量名', 'Variable type': '变量类型',
  'Decision Table': '规则表', 'Literal Expression': '表达式', Type: '类型', Values: '取值',
};

const TYPES = {
  string: '文字', boolean: '是或否', number: '数字', integer: '整数', long: '整数', double: '小数', date: '日期', time: '时间',
  dateTime: '日期时间', 'date and time': '日期时间', Any: '任意', context: '结构', list: '列表',
};

/** Type names of a table, which dmn-js prints as they stand in the file; a viewer never writes the file back. */
export function speakTypes(table) {
  if (language !== 'zh') return;
  const typed = [...(table.input ?? []).map((input) => input.inputExpression), ...(table.output ?? [])];
  for (const one of typed) if (one) one.typeRef = TYPES[one.typeRef] ?? one.typeRef;
}

export const missing = new Set();

function translate(template, replacements = {}) {
  if (language === 'zh' && !(template in ZH)) missing.add(template);
  const text = language === 'zh' ? ZH[template] ?? template : template;
  return text.replace(/{([^}]+)}/g, (whole, key) => replacements[key] ?? whole);
}
export const translateModule = { translate: ['value', translate] };
window.__tablesMissing = missing;
