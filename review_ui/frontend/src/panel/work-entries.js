// Entries of automatic steps and of every node: handler, decision, called process, milestone, texts.
import { TextAreaEntry, TextFieldEntry } from '@bpmn-io/properties-panel';
import { useService } from 'bpmn-js-properties-panel';
import { getBusinessObject } from 'bpmn-js/lib/util/ModelUtil';
import { OneOf } from './choices.js';
import { extensionOf, useWriter, writeExtension } from './extension.js';

const catalogueOf = () => useService('config.shenling');

/** Arguments that the handler declares with a value and that the task does not set yet. */
function mappingFor(factory, element, handler) {
  const io = extensionOf(element, 'zeebe:IoMapping');
  const inputs = io?.get('inputParameters') ?? [];
  const outputs = io?.get('outputParameters') ?? [];
  const missing = (handler.inputs ?? []).filter(({ name, value }) => value && !inputs.some((one) => one.get('target') === name));
  const result = handler.result && !outputs.length ? [factory.create('zeebe:Output', { source: '=result', target: handler.result })] : [];
  if (!missing.length && !result.length) return null;
  return {
    inputParameters: [...inputs, ...missing.map(({ name, value }) => factory.create('zeebe:Input', { source: value, target: name }))],
    outputParameters: [...outputs, ...result],
  };
}

export function Handler({ element }) {
  const [writer, { handlers }] = [useWriter(), catalogueOf()];
  const known = (type) => handlers.find((one) => one.value === type);
  const value = extensionOf(element, 'zeebe:TaskDefinition')?.get('type') ?? '';
  return OneOf({
    element, id: 'shenling-handler', label: 'Handler', options: handlers, value, description: known(value)?.help,
    onChange: (type) => {
      writeExtension(writer, element, 'zeebe:TaskDefinition', type ? { type } : null);
      const mapping = known(type) && mappingFor(writer.factory, element, known(type));
      if (mapping) writeExtension(writer, element, 'zeebe:IoMapping', mapping);
    },
  });
}

export function Decision({ element }) {
  const [writer, { decisions }] = [useWriter(), catalogueOf()];
  const called = extensionOf(element, 'zeebe:CalledDecision');
  return OneOf({
    element, id: 'shenling-decision', label: 'Decision table', options: decisions, value: called?.get('decisionId') ?? '',
    onChange: (decisionId) => {
      const resultVariable = called?.get('resultVariable') || decisions.find((one) => one.value === decisionId)?.result || decisionId;
      writeExtension(writer, element, 'zeebe:CalledDecision', decisionId ? { decisionId, resultVariable } : null);
    },
  });
}

export function DecisionResult({ element }) {
  const [translate, debounce, writer] = [useService('translate'), useService('debounceInput'), useWriter()];
  return TextFieldEntry({
    element, id: 'shenling-resultVariable', label: translate('Result variable'), debounce,
    getValue: () => extensionOf(element, 'zeebe:CalledDecision')?.get('resultVariable') ?? '',
    setValue: (resultVariable) => writeExtension(writer, element, 'zeebe:CalledDecision', { resultVariable }),
  });
}

export function NoMatch({ element }) {
  const [translate, modeling] = [useService('translate'), useService('modeling')];
  return OneOf({
    element, id: 'shenling-noMatch', label: 'When no rule matches',
    options: [{ value: 'null', label: translate('Go on with an empty result') }],
    value: getBusinessObject(element).get('shenling:noMatch') ?? '',
    description: 'Without a choice the process stops and an incident is raised.',
    onChange: (noMatch) => modeling.updateProperties(element, { 'shenling:noMatch': noMatch || undefined }),
  });
}

export function CalledProcess({ element }) {
  const [writer, { processes }] = [useWriter(), catalogueOf()];
  return OneOf({
    element, id: 'shenling-calledProcess', label: 'Called process', options: processes,
    value: extensionOf(element, 'zeebe:CalledElement')?.get('processId') ?? '',
    onChange: (processId) => writeExtension(writer, element, 'zeebe:CalledElement', processId ? { processId } : null),
  });
}

export function Milestone({ element }) {
  const writer = useWriter();
  return OneOf({
    element, id: 'shenling-milestone', label: 'Milestone', options: catalogueOf().milestones,
    value: extensionOf(element, 'shenling:Milestone')?.get('code') ?? '',
    onChange: (code) => writeExtension(writer, element, 'shenling:Milestone', code ? { code } : null),
  });
}

const textEntry = (lang, label) => function CitizenText({ element }) {
  const [translate, debounce, writer] = [useService('translate'), useService('debounceInput'), useWriter()];
  const sameLanguage = (text) => text.get('lang') === lang;
  return TextAreaEntry({
    element, id: `shenling-text-${lang}`, label: translate(label), debounce, rows: 2,
    getValue: () => extensionOf(element, 'shenling:Text', sameLanguage)?.get('body') ?? '',
    setValue: (body) => writeExtension(writer, element, 'shenling:Text', body ? { lang, body } : null, sameLanguage),
  });
};
// Made once: an entry with another function would be mounted anew on every keystroke and lose the focus.
export const TextZh = textEntry('zh', 'Chinese');
export const TextEn = textEntry('en', 'English');
