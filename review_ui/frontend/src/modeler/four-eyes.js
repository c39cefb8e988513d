// Keeps four-eyes rules true while the diagram changes: a renamed task is followed, a deleted one leaves the rule.
import CommandInterceptor from 'diagram-js/lib/command/CommandInterceptor';
import { getBusinessObject, is } from 'bpmn-js/lib/util/ModelUtil';

const ruleOf = (bo) => (bo.get('extensionElements')?.get('values') ?? []).find((value) => is(value, 'shenling:FourEyes'));

class FourEyesBehavior extends CommandInterceptor {
  constructor(eventBus, elementRegistry, modeling) {
    super(eventBus);
    const replace = (id, by) => elementRegistry.filter((element) => is(element, 'bpmn:UserTask') && !element.labelTarget)
      .forEach((element) => {
        const rule = ruleOf(getBusinessObject(element));
        const ids = (rule?.get('notSameAs') ?? '').split(/\s+/).filter(Boolean);
        if (element.id === id || !ids.includes(id)) return;
        const notSameAs = ids.flatMap((one) => (one === id ? by : one)).join(' ');
        if (notSameAs) { modeling.updateModdleProperties(element, rule, { notSameAs }); return; }
        const holder = getBusinessObject(element).get('extensionElements');
        modeling.updateModdleProperties(element, holder, { values: holder.get('values').filter((value) => value !== rule) });
      });
    this.preExecute('element.updateProperties', ({ element, properties }) => {
      if (is(element, 'bpmn:UserTask') && properties.id && properties.id !== element.id) replace(element.id, properties.id);
    }, true);
    this.preExecute('shape.delete', ({ shape }) => {
      // A change of type replaces the shape: only a task that is really gone leaves the rules.
      if (is(shape, 'bpmn:UserTask') && !shape.labelTarget) this.gone = shape.id;
    }, true);
    this.postExecuted('shape.delete', ({ shape }) => {
      if (this.gone === shape.id && !elementRegistry.get(shape.id)) replace(shape.id, []);
    }, true);
  }
}
FourEyesBehavior.$inject = ['eventBus', 'elementRegistry', 'modeling'];

export default { __init__: ['fourEyesBehavior'], fourEyesBehavior: ['type', FourEyesBehavior] };
