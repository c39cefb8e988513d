// Two kinds of entry that the panel library lacks or that the catalogue fills: one of a list, several of a list.
import { SelectEntry } from '@bpmn-io/properties-panel';
import { useService } from 'bpmn-js-properties-panel';
import { h } from '@bpmn-io/properties-panel/preact';

const NONE = { value: '', label: '—' };

/** A value that the catalogue does not know stays visible and chosen, or saving the form would change the diagram. */
export function withCurrent(options, values, translate) {
  const unknown = values.filter((value) => value && !options.some((option) => option.value === value));
  return [...options, ...unknown.map((value) => ({ value, label: translate('{value} (not in the catalogue)', { value }) }))];
}

export function OneOf({ element, id, label, description, options, value, onChange }) {
  const translate = useService('translate');
  return SelectEntry({
    element, id, label: translate(label), description: description && translate(description),
    getValue: () => value,
    setValue: (chosen) => onChange(chosen || ''),
    getOptions: () => [NONE, ...withCurrent(options, [value], translate)],
  });
}

export function SeveralOf({ id, label, options, values, onChange, empty }) {
  const translate = useService('translate');
  const toggle = (value) => onChange(values.includes(value) ? values.filter((one) => one !== value) : [...values, value]);
  const rows = withCurrent(options, values, translate).map((option) =>
    h('label', { class: 'sl-choice-row', key: option.value },
      h('input', { type: 'checkbox', checked: values.includes(option.value), onChange: () => toggle(option.value) }),
      h('span', null, option.label)));
  return h('div', { class: 'bio-properties-panel-entry', 'data-entry-id': id },
    h('fieldset', { class: 'sl-choice-set' },
      h('legend', { class: 'bio-properties-panel-label' }, translate(label)),
      rows.length ? rows : h('p', { class: 'sl-choice-empty' }, translate(empty))));
}
