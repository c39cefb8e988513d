// Words of the decision table viewer. dmn-js translates through a module of its own.
import { language } from '../common/page.js';

export const TEXT = {
  failed: { zh: '规则表暂时无法显示，请刷新页面；文字版内容相同。', en: 'The table cannot be shown right now. Reload the page; the text version says the same.' },
  tables: { zh: '规则表', en: 'Decision tables' },
  drd: { zh: '依赖图', en: 'Requirements diagram' },
};
const ZH = {
  When: '当', Then: '则', And: '且', Or: '或', 'And...': '且…', 'Then...': '则…',
  Annotations: '说明', Annotation: '说明', Input: '输入', Output: '输出', '-': '不限',
  'Hit policy': '命中规则', 'Hit Policy': '命中规则', 'Hit policy:': '命中规则：', 'Hit Policy:': '命中规则：',
  Unique: '唯一命中', First: '首个命中', Priority: '按优先级', Any: '任一命中', Collect: '全部收集', 'Rule order': '按规则顺序', 'Output order': '按输出顺序',
  Sum: '求和', Min: '最小', Max: '最大', Count: '计数', Aggregation: '汇总',
  string: '文字', boolean: '是否', number: '数字', integer: '整数', long: '整数', double: '小数', date: '日期', time: '时间', dateTime: '日期时间', 'date time': '日期时间', Any_type: '任意', context: '结构', list: '列表',
  'View DRD': '看依赖图', 'Open decision table': '打开规则表', 'Open literal expression': '打开表达式',
  Expression: '表达式', 'Expression Language': '表达式语言', 'Variable Name': '变量名', 'Variable Type': '变量类型', 'Result type': '结果类型', 'Variable name': '变量名', 'Variable type': '变量类型',
  'Decision Table': '规则表', 'Literal Expression': '表达式', Type: '类型', Values: '取值',
};

export const missing = new Set();

function translate(template, replacements = {}) {
  if (language === 'zh' && !(template in ZH)) missing.add(template);
  const text = language === 'zh' ? ZH[template] ?? template : template;
  return text.replace(/{([^}]+)}/g, (whole, key) => replacements[key] ?? whole);
}
export const translateModule = { translate: ['value', translate] };
window.__tablesMissing = missing;
