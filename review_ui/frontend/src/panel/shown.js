// What of the library's panel an office administrator sees. An allow-list: a group that a later release adds stays hidden
// until the engine runs what it edits.
import { is } from 'bpmn-js/lib/util/ModelUtil';
import { groupsOf, isFormula } from './task-entries.js';

const GROUPS = new Set([
  'general', 'documentation', 'multiInstance', 'message', 'signal', 'error', 'escalation', 'timer', 'link',
  'assignmentDefinition', 'condition', 'event-condition', 'calledElement', 'script', 'inputs', 'outputs', 'Zeebe__ExtensionProperties',
]);
const HIDDEN = {
  general: new Set(['versionTag', 'isExecutable']),
  calledElement: new Set(['bindingType', 'versionTag', 'businessId']),
  assignmentDefinition: new Set([
    'assignmentDefinitionCandidateUsers', 'priorityDefinitionPriority', 'taskScheduleFollowUpDate', 'taskScheduleDueDate',
  ]),
};
const isMapped = (element) => is(element, 'bpmn:Activity') || (is(element, 'bpmn:CatchEvent') && !is(element, 'bpmn:StartEvent'));

function isGroupShown(id, element, catalogue) {
  if (!GROUPS.has(id)) return false;
  if (id === 'inputs' || id === 'outputs') return isMapped(element);
  if (id === 'calledElement') return !catalogue.processes.length;
  if (id === 'Zeebe__ExtensionProperties') return !is(element, 'bpmn:Lane') && !is(element, 'bpmn:SequenceFlow');
  return true;
}

function isEntryShown(group, entry, element) {
  // Roles are ticked in a list; the text field stays where the roles come from an expression.
  if (entry === 'assignmentDefinitionCandidateGroups') return isFormula(groupsOf(element));
  return !HIDDEN[group]?.has(entry);
}

export function shownGroups(groups, element, catalogue) {
  return groups.filter((group) => isGroupShown(group.id, element, catalogue))
    .map((group) => (group.entries ? { ...group, entries: group.entries.filter((entry) => isEntryShown(group.id, entry.id, element)) } : group))
    .filter((group) => !group.entries || group.entries.length);
}
