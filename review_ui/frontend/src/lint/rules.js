// Light rules while drawing: what the eye can see on the canvas. The server's lint is the judge.
import { Linter } from 'bpmnlint';
import { is } from 'bpmnlint-utils';
import endRequired from 'bpmnlint/rules/end-event-required';
import labelRequired from 'bpmnlint/rules/label-required';
import noDisconnected from 'bpmnlint/rules/no-disconnected';
import noDuplicateFlows from 'bpmnlint/rules/no-duplicate-sequence-flows';
import noJoinFork from 'bpmnlint/rules/no-gateway-join-fork';
import noImplicitSplit from 'bpmnlint/rules/no-implicit-split';
import singleBlankStart from 'bpmnlint/rules/single-blank-start-event';
import startRequired from 'bpmnlint/rules/start-event-required';

const DRAWING = {
  'end-event-required': ['error', endRequired], 'label-required': ['warn', labelRequired], 'no-disconnected': ['error', noDisconnected],
  'no-duplicate-sequence-flows': ['error', noDuplicateFlows], 'no-gateway-join-fork': ['error', noJoinFork],
  'no-implicit-split': ['error', noImplicitSplit], 'single-blank-start-event': ['error', singleBlankStart],
  'start-event-required': ['error', startRequired],
};
const extension = (node, type) => (node.get('extensionElements')?.get('values') ?? []).find((value) => is(value, type));
const at = (...entryIds) => ({ entryIds });

const own = ({ roles, handlers }) => ({
  'lane-role': (node, report) => {
    if (!is(node, 'bpmn:Lane') || node.get('childLaneSet')) return;
    const role = node.get('shenling:role');
    const isForPeople = node.get('flowNodeRef').some((one) => is(one, 'bpmn:UserTask'));
    if (!role && isForPeople) report(node.id, 'Lane has no role', at('shenling-role'));
    else if (role && roles.length && !roles.some(({ value }) => value === role)) report(node.id, 'Unknown role', at('shenling-role'));
  },
  'task-has-form': (node, report) => {
    if (is(node, 'bpmn:UserTask') && !extension(node, 'zeebe:FormDefinition')) report(node.id, 'User task has no form', at('shenling-form'));
  },
  'task-has-handler': (node, report) => {
    if (!is(node, 'bpmn:ServiceTask')) return;
    const type = extension(node, 'zeebe:TaskDefinition')?.get('type');
    if (!type) report(node.id, 'Service task has no handler', at('shenling-handler'));
    else if (handlers.length && !handlers.some(({ value }) => value === type)) report(node.id, 'Unknown handler', at('shenling-handler'));
  },
  'task-has-decision': (node, report) => {
    if (is(node, 'bpmn:BusinessRuleTask') && !extension(node, 'zeebe:CalledDecision') && !extension(node, 'zeebe:TaskDefinition'))
      report(node.id, 'Business rule task has no decision table', at('shenling-decision'));
  },
  'condition-is-feel': (node, report) => {
    const body = is(node, 'bpmn:SequenceFlow') && node.get('conditionExpression')?.get('body');
    if (body && !body.startsWith('=')) report(node.id, 'A condition is a FEEL expression and starts with "="', at('conditionExpression'));
  },
});

const asRule = (check) => () => ({ check: (node, reporter) => check(node, reporter.report.bind(reporter)) });

/** A function from the parsed definitions to findings in the shape of the server's. */
export function lighthouse(catalogue, translate) {
  const ours = own(catalogue);
  const resolver = {
    resolveRule: (_, name) => (ours[name] ? asRule(ours[name]) : DRAWING[name][1]),
    resolveConfig() { throw new Error('rules are listed one by one'); },
  };
  const rules = {
    ...Object.fromEntries(Object.entries(DRAWING).map(([name, [level]]) => [name, level])),
    ...Object.fromEntries(Object.keys(ours).map((name) => [`shenling/${name}`, 'error'])),
  };
  return async (definitions) => {
    // A rule may keep state in its closure: every run gets a linter of its own.
    const found = await new Linter({ config: { rules }, resolver }).lint(definitions);
    return Object.entries(found).flatMap(([code, reports]) => reports.map((report) => ({
      level: report.category === 'warn' ? 'warning' : 'error', code, element_id: report.id,
      message: translate(report.message), remedy: '', entryIds: report.entryIds ?? [],
    })));
  };
}
