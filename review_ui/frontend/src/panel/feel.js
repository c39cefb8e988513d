// Gives every FEEL field of the panel the built-ins of our own engine instead of another product's.
import { FeelLanguageContext } from '@bpmn-io/properties-panel';
import { h } from '@bpmn-io/properties-panel/preact';
import { node } from '../common/page.js';

const asBuiltin = ({ name, params = [], help = '' }) => ({
  name, type: 'function', params: params.map((param) => ({ name: param })),
  info: () => node('div', '', help || `${name}(${params.join(', ')})`),
});

/** Wraps entries so that the editor inside them completes `builtins`; wrappers are kept, or fields would lose the focus. */
export function feelSpeaker(builtins) {
  const value = { parserDialect: 'camunda', builtins: builtins.map(asBuiltin) };
  const wrappers = new Map();
  const wrap = (component) => {
    if (!wrappers.has(component)) wrappers.set(component, (props) => h(FeelLanguageContext.Provider, { value }, h(component, props)));
    return wrappers.get(component);
  };
  const entry = (one) => (one.component ? { ...one, component: wrap(one.component) } : one);
  return (group) => {
    if (group.entries) return { ...group, entries: group.entries.map(entry) };
    if (group.items) return { ...group, items: group.items.map((item) => ({ ...item, entries: (item.entries ?? []).map(entry) })) };
    return group;
  };
}
