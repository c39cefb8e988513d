// Findings of both judges in one list: drawn on the canvas, told to the panel's fields, announced to the page.
import { lighthouse } from './rules.js';
import { drawBadges } from './badges.js';

class Findings {
  constructor(eventBus, bpmnjs, overlays, elementRegistry, selection, translate, catalogue) {
    Object.assign(this, { eventBus, bpmnjs, overlays, elementRegistry, selection, local: [], server: null });
    this.look = lighthouse(catalogue, translate);
    eventBus.on('selection.changed', () => this.tellPanel());
  }

  async check() {
    const definitions = this.bpmnjs.getDefinitions();
    if (!definitions) return;
    this.local = await this.look(definitions);
    this.publish();
  }

  setServer(findings) {
    this.server = findings;
    this.publish();
  }

  /** The server is the judge: where it speaks of an element, the light rules are silent. */
  all() {
    const judged = new Set((this.server ?? []).map(({ element_id: id }) => id));
    const found = [...(this.server ?? []), ...this.local.filter(({ element_id: id }) => !judged.has(id))];
    return found.sort((a, b) => (a.level === b.level ? 0 : a.level === 'error' ? -1 : 1));
  }

  publish() {
    const findings = this.all();
    drawBadges(this.overlays, this.elementRegistry, findings, (id) => this.show(id));
    this.tellPanel();
    this.eventBus.fire('shenling.findings', { findings });
  }

  show(id) {
    const element = this.elementRegistry.get(id);
    if (!element) return;
    document.activeElement?.blur?.(); // a pending field belongs to the element that was selected before
    this.bpmnjs.get('canvas').scrollToElement(element, 120);
    this.selection.select(element);
  }

  tellPanel() {
    const ids = this.selection.get().flatMap(({ businessObject }) => [businessObject?.id, businessObject?.processRef?.id]);
    const errors = Object.fromEntries(this.local
      .filter((finding) => finding.level === 'error' && ids.includes(finding.element_id))
      .flatMap((finding) => finding.entryIds.map((entry) => [entry, finding.message])));
    this.eventBus.fire('propertiesPanel.setErrors', { errors });
  }
}
Findings.$inject = ['eventBus', 'bpmnjs', 'overlays', 'elementRegistry', 'selection', 'translate', 'config.shenling'];

export default { __init__: ['findings'], findings: ['type', Findings] };
