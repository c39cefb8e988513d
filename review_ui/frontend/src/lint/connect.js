// Runs the light rules soon after a change and asks the server a little later; keeps list, counts and gate of the page.
import { scopeOf } from '../common/page.js';
import { fillList, summaryOf } from './list.js';
import { ServerLint } from './server.js';

const SOON = 250;
const LATER = 900;

function debounced(act, pause) {
  let timer = 0;
  return () => { clearTimeout(timer); timer = setTimeout(act, pause); };
}

export function connectLint(modeler, container) {
  const page = scopeOf(container);
  const [findings, registry] = [modeler.get('findings'), modeler.get('elementRegistry')];
  const [box, summary] = ['[data-lint-list]', '[data-lint-summary]'].map((name) => page.querySelector(name));
  const server = container.dataset.lintUrl ? new ServerLint(container.dataset) : null;
  const nameOf = (id) => { const found = id && registry.get(id); return found ? found.businessObject.name || id : ''; };
  let state = server ? 'running' : 'none';

  const announce = () => {
    const all = findings.all();
    const text = summaryOf(all, state);
    if (summary && summary.textContent !== text) summary.textContent = text;
    container.dispatchEvent(new CustomEvent('studio:findings', { bubbles: true, detail: { findings: all, server: state } }));
  };
  modeler.on('shenling.findings', ({ findings: all }) => {
    fillList(box, all, nameOf, (id) => findings.show(id));
    announce();
  });

  const ask = async () => {
    try {
      const { xml } = await modeler.saveXML({ format: true });
      const answer = await server.ask(xml);
      state = 'done';
      findings.setServer(answer);
    } catch (error) {
      if (error.name === 'AbortError') return;
      console.warn('server check', error);
      state = 'offline';
      findings.setServer(null);
    }
  };
  const [soon, later] = [debounced(() => findings.check(), SOON), debounced(ask, LATER)];
  modeler.on(['import.done', 'commandStack.changed'], () => {
    soon();
    if (server) later();
  });
}
