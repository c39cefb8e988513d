// Findings as a list beside the canvas: the way by keyboard, and the only place for findings without an element.
import { node, say } from '../common/page.js';

const LEVEL = { error: { zh: '错误', en: 'Error' }, warning: { zh: '提醒', en: 'Warning' } };
const TAG = { error: 'sl-tag is-bad', warning: 'sl-tag is-warn' };
const ICON = { error: 'i i-x-circle', warning: 'i i-alert' };
const TEXT = {
  none: { zh: '没有发现问题', en: 'No problems found' },
  counts: { zh: '{errors}个错误，{warnings}个提醒', en: 'Errors: {errors}, warnings: {warnings}' },
  offline: { zh: '服务器检查暂时不可用，下面只是初步检查', en: 'The server check is not available; this is the first check only' },
  running: { zh: '正在检查', en: 'Checking' },
  whole: { zh: '整个流程', en: 'The whole process' },
};

function tag(level) {
  const box = node('span', TAG[level] ?? TAG.warning);
  const icon = node('span', ICON[level] ?? ICON.warning);
  icon.setAttribute('aria-hidden', 'true');
  box.append(icon, say(LEVEL[level] ?? LEVEL.warning));
  return box;
}

function row(finding, nameOf, show) {
  const item = node('li', `sl-lint-item is-${finding.level}`);
  const name = nameOf(finding.element_id);
  const where = node(name ? 'button' : 'span', name ? 'btn btn-quiet sl-lint-where' : 'sl-lint-where', name || say(TEXT.whole));
  if (name) {
    where.type = 'button';
    where.addEventListener('click', () => show(finding.element_id));
  }
  const text = node('div', 'sl-lint-text');
  text.append(node('span', '', finding.message));
  if (finding.remedy) text.append(node('span', 'sl-quiet', finding.remedy));
  item.append(tag(finding.level), where, text);
  return item;
}

export function fillList(box, findings, nameOf, show) {
  if (!box) return;
  const list = node('ul', 'sl-lint');
  list.append(...findings.map((finding) => row(finding, nameOf, show)));
  box.replaceChildren(...(findings.length ? [list] : []));
}

export function summaryOf(findings, server) {
  const errors = findings.filter(({ level }) => level === 'error').length;
  const counts = errors + findings.length === 0 ? say(TEXT.none)
    : say(TEXT.counts).replace('{errors}', errors).replace('{warnings}', findings.length - errors);
  if (server === 'offline') return `${counts} · ${say(TEXT.offline)}`;
  return server === 'running' ? `${counts} · ${say(TEXT.running)}` : counts;
}
