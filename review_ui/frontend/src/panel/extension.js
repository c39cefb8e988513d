// Reads and writes extension elements of one diagram element, always through the command stack so that undo works.
import { getBusinessObject, is } from 'bpmn-js/lib/util/ModelUtil';
import { useService } from 'bpmn-js-properties-panel';

const anyOne = () => true;
const valuesOf = (bo) => bo.get('extensionElements')?.get('values') ?? [];

export const extensionOf = (element, type, match = anyOne) =>
  valuesOf(getBusinessObject(element)).find((value) => is(value, type) && match(value));

export function useWriter() {
  const [factory, commandStack] = [useService('bpmnFactory'), useService('commandStack')];
  return { factory, commandStack };
}

/** Sets properties of the extension element, creates it, or removes it when `properties` is null. */
export function writeExtension({ factory, commandStack }, element, type, properties, match = anyOne) {
  const bo = getBusinessObject(element);
  const set = (moddleElement, changed) =>
    commandStack.execute('element.updateModdleProperties', { element, moddleElement, properties: changed });
  const holder = bo.get('extensionElements');
  const found = extensionOf(element, type, match);
  if (!properties) {
    if (found) set(holder, { values: valuesOf(bo).filter((value) => value !== found) });
    return;
  }
  if (found) { set(found, properties); return; }
  const child = factory.create(type, properties);
  if (holder) {
    child.$parent = holder;
    set(holder, { values: [...valuesOf(bo), child] });
    return;
  }
  const made = factory.create('bpmn:ExtensionElements', { values: [child] });
  child.$parent = made;
  made.$parent = bo;
  set(bo, { extensionElements: made });
}
