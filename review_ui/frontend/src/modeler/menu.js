// Takes out of the change menu what a deployment would refuse in any case.
const REFUSED = /ad-hoc|instantiate-gateway|complex-gateway|participant-multiplicity/;
const REFUSED_STARTS = /^replace-with-(timer|signal|conditional)-start$/;

class MenuFilter {
  constructor(popupMenu) {
    popupMenu.registerProvider('bpmn-replace', 400, this);
  }

  getPopupMenuEntries(target) {
    const inEventSubprocess = Boolean(target.parent?.businessObject?.get?.('triggeredByEvent'));
    return (entries) => Object.fromEntries(Object.entries(entries)
      .filter(([id]) => !REFUSED.test(id) && (inEventSubprocess || !REFUSED_STARTS.test(id))));
  }

  getPopupMenuHeaderEntries() {
    return ({ 'toggle-participant-multiplicity': _, ...entries }) => entries;
  }
}
MenuFilter.$inject = ['popupMenu'];

export default { __init__: ['menuFilter'], menuFilter: ['type', MenuFilter] };
