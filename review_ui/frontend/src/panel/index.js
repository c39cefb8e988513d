// Our groups of the properties panel, beside what the allow-list leaves of the library's.
import { Group, isFeelEntryEdited, isSelectEntryEdited, isTextAreaEntryEdited, isTextFieldEntryEdited } from '@bpmn-io/properties-panel';
import { is } from 'bpmn-js/lib/util/ModelUtil';
import { feelSpeaker } from './feel.js';
import { shownGroups } from './shown.js';
import { CandidateGroups, Form, LaneRole, NotSameAs, WorkingDays, groupsOf, isFormula } from './task-entries.js';
import { CalledProcess, Decision, DecisionResult, Handler, Milestone, NoMatch, TextEn, TextZh } from './work-entries.js';
import { extensionOf } from './extension.js';

const anyTicked = (box) => Boolean(box?.querySelector('input:checked'));
const entry = (id, component, isEdited) => ({ id: `shenling-${id}`, component, isEdited });
const select = (id, component) => entry(id, component, isSelectEntryEdited);
const isTimer = (element) => (element.businessObject.get('eventDefinitions') ?? []).some((one) => is(one, 'bpmn:TimerEventDefinition'));

function userTaskRules(element) {
  return [
    ...(isFormula(groupsOf(element)) ? [] : [entry('candidateGroups', CandidateGroups, anyTicked)]),
    select('form', Form),
    entry('workingDays', WorkingDays, isFeelEntryEdited),
    entry('notSameAs', NotSameAs, anyTicked),
  ];
}

function decisionRules(element) {
  const chosen = extensionOf(element, 'zeebe:CalledDecision');
  return [
    select('decision', Decision),
    ...(chosen ? [entry('resultVariable', DecisionResult, isTextFieldEntryEdited)] : []),
    select('noMatch', NoMatch),
  ];
}

function rules(element, catalogue) {
  const own = [];
  if (is(element, 'bpmn:Lane')) own.push(select('role', LaneRole));
  if (is(element, 'bpmn:ServiceTask') || is(element, 'bpmn:SendTask')) own.push(select('handler', Handler));
  if (is(element, 'bpmn:BusinessRuleTask')) own.push(...decisionRules(element));
  if (is(element, 'bpmn:UserTask')) own.push(...userTaskRules(element));
  if (is(element, 'bpmn:CallActivity') && catalogue.processes.length) own.push(select('calledProcess', CalledProcess));
  if (is(element, 'bpmn:CatchEvent') && isTimer(element)) own.push(entry('workingDays', WorkingDays, isFeelEntryEdited));
  if (is(element, 'bpmn:FlowNode')) own.push(select('milestone', Milestone));
  return own;
}

const TEXTS = [entry('text-zh', TextZh, isTextAreaEntryEdited), entry('text-en', TextEn, isTextAreaEntryEdited)];
const speaksToCitizens = (element) => ['FlowNode', 'SequenceFlow', 'Process', 'Participant', 'Lane'].some((type) => is(element, `bpmn:${type}`));

class ShenlingPanel {
  constructor(propertiesPanel, translate, catalogue) {
    this.translate = translate;
    this.catalogue = catalogue;
    this.speaking = feelSpeaker(catalogue.builtins);
    propertiesPanel.registerProvider(100, this); // after the libraries' providers, so that it can filter theirs
  }

  ownGroups(element) {
    const own = rules(element, this.catalogue);
    const groups = [];
    if (own.length) groups.push({ id: 'shenling-rules', label: this.translate('Approval rules'), component: Group, entries: own, shouldOpen: true });
    if (speaksToCitizens(element))
      groups.push({ id: 'shenling-texts', label: this.translate('Text shown to the citizen'), component: Group, entries: TEXTS });
    return groups;
  }

  getGroups(element) {
    return (groups) => {
      const kept = this.catalogue.expert ? [...groups] : shownGroups(groups, element, this.catalogue);
      kept.splice(1, 0, ...this.ownGroups(element));
      return kept.map(this.speaking);
    };
  }
}
ShenlingPanel.$inject = ['propertiesPanel', 'translate', 'config.shenling'];

export default { __init__: ['shenlingPanel'], shenlingPanel: ['type', ShenlingPanel] };
