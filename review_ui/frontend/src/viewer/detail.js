// A clicked element: an event for the page's script, a filled box for pages without one.
import { node, say, scopeOf } from '../common/page.js';
import { HOLDERS, STATES, kindOf } from './words.js';

function sentenceOf(entry) {
  if (!entry) return '';
  const parts = [say(STATES[entry.state])];
  if (entry.state === 'active' && HOLDERS[entry.holder]) parts.push(say(HOLDERS[entry.holder]));
  if (entry.count > 1) parts.push(`×${entry.count}`);
  return parts.filter(Boolean).join(' · ');
}

function fill(box, element, entry) {
  const { name, $type } = element.businessObject;
  const kind = say(kindOf($type));
  const lines = [node('b', 'sl-bpmn-detail-name', name || kind)];
  if (name) lines.push(node('span', 'sl-quiet', kind));
  const sentence = sentenceOf(entry);
  if (sentence) lines.push(node('span', `sl-bpmn-detail-state is-${entry.state}`, sentence));
  box.replaceChildren(...lines);
}

export function listen(viewer, container, state) {
  const selected = { element: null };
  const canvas = viewer.get('canvas');
  const choose = (element) => {
    if (selected.element) canvas.removeMarker(selected.element, 'sl-is-chosen');
    selected.element = element.parent ? element : null;
    if (!selected.element) return;
    canvas.addMarker(element, 'sl-is-chosen');
    const id = element.labelTarget?.id ?? element.id;
    const entry = state.elements?.[id];
    const box = scopeOf(container).querySelector('[data-bpmn-detail]');
    if (box) fill(box, element, entry);
    container.dispatchEvent(new CustomEvent('bpmn:element', { bubbles: true, detail: { id, state: entry ?? null } }));
  };
  viewer.on('element.click', ({ element }) => choose(element));
  return choose;
}
