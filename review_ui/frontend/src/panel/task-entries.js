// Entries of tasks and lanes: who works it, with what form, by when, and who may not.
import { FeelEntry } from '@bpmn-io/properties-panel';
import { useService } from 'bpmn-js-properties-panel';
import { getBusinessObject, is } from 'bpmn-js/lib/util/ModelUtil';
import { OneOf, SeveralOf } from './choices.js';
import { extensionOf, useWriter, writeExtension } from './extension.js';

const words = (text, separator) => (text ?? '').split(separator).map((word) => word.trim()).filter(Boolean);
const catalogueOf = () => useService('config.shenling');

export function LaneRole({ element }) {
  const modeling = useService('modeling');
  return OneOf({
    element, id: 'shenling-role', label: 'Role', options: catalogueOf().roles,
    value: getBusinessObject(element).get('shenling:role') ?? '',
    onChange: (role) => modeling.updateProperties(element, { 'shenling:role': role || undefined }),
  });
}

export const isFormula = (text) => (text ?? '').startsWith('=');
export const groupsOf = (element) => extensionOf(element, 'zeebe:AssignmentDefinition')?.get('candidateGroups') ?? '';

export function CandidateGroups({ element }) {
  const writer = useWriter();
  return SeveralOf({
    id: 'shenling-candidateGroups', label: 'Roles that may work this task', options: catalogueOf().roles,
    values: words(groupsOf(element), ','), empty: 'The catalogue names no roles',
    onChange: (roles) => {
      const definition = extensionOf(element, 'zeebe:AssignmentDefinition');
      const empty = !roles.length && !definition?.get('assignee') && !definition?.get('candidateUsers');
      const candidateGroups = roles.join(', ') || undefined;
      writeExtension(writer, element, 'zeebe:AssignmentDefinition', empty ? null : { candidateGroups });
    },
  });
}

export function Form({ element }) {
  const writer = useWriter();
  const definition = extensionOf(element, 'zeebe:FormDefinition');
  return OneOf({
    element, id: 'shenling-form', label: 'Form', options: catalogueOf().forms,
    value: definition?.get('formId') ?? definition?.get('formKey') ?? definition?.get('externalReference') ?? '',
    onChange: (formId) => writeExtension(writer, element, 'zeebe:FormDefinition',
      formId ? { formId, formKey: undefined, externalReference: undefined } : null),
  });
}

export function WorkingDays({ element }) {
  const [translate, debounce, writer] = [useService('translate'), useService('debounceInput'), useWriter()];
  return FeelEntry({
    element, id: 'shenling-workingDays', label: translate('Deadline (working days)'), feel: 'optional', debounce,
    getValue: () => extensionOf(element, 'shenling:Deadline')?.get('workingDays') ?? '',
    setValue: (workingDays) => writeExtension(writer, element, 'shenling:Deadline', workingDays ? { workingDays } : null),
    validate: (value) => (value && !isFormula(value) && !/^[1-9]\d{0,2}$/.test(value)
      ? translate('A whole number of working days, or a FEEL expression') : null),
  });
}

export function NotSameAs({ element }) {
  const [registry, writer] = [useService('elementRegistry'), useWriter()];
  const others = registry.filter((one) => is(one, 'bpmn:UserTask') && one.id !== element.id && !one.labelTarget);
  return SeveralOf({
    id: 'shenling-notSameAs', label: 'Not the same person as', empty: 'There is no other task for a person',
    options: others.map((one) => ({ value: one.id, label: getBusinessObject(one).name || one.id })),
    values: words(extensionOf(element, 'shenling:FourEyes')?.get('notSameAs'), /\s+/),
    onChange: (ids) => writeExtension(writer, element, 'shenling:FourEyes', ids.length ? { notSameAs: ids.join(' ') } : null),
  });
}
