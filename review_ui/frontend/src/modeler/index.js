// Entry: the diagram editor in `<div data-bpmn-modeler>`. Contract: docs/reference/studio.md.
import 'bpmn-js/dist/assets/diagram-js.css';
import 'bpmn-js/dist/assets/bpmn-js.css';
import 'bpmn-js/dist/assets/bpmn-font/css/bpmn.css';
import '@bpmn-io/properties-panel/dist/assets/properties-panel.css';
import '../common/canvas.css';
import './modeler.css';
import './panel.css';
import { fetchText, say, scopeOf, showFailure } from '../common/page.js';
import { missing } from '../i18n/translate.js';
import { connectLint } from '../lint/connect.js';
import { wireButtons } from './buttons.js';
import { readCatalogue } from './catalogue.js';
import { createModeler } from './create.js';
import { Draft } from './draft.js';
import { onUpload } from './files.js';
import { fitBesidePalette } from './fit.js';
import { lendNonce } from './nonce.js';
import { createStatus } from './status.js';
import { TEXT } from './words.js';

async function open(modeler, xml, status) {
  const { warnings } = await modeler.importXML(xml);
  fitBesidePalette(modeler.get('canvas'));
  if (warnings.length) status(TEXT.warnings, { n: warnings.length });
  return warnings.length;
}

/** A broken file must not cost the reader what is on the canvas: it is put back. */
async function replaceBy(modeler, draft, status, text, name) {
  const before = await draft.xml();
  try {
    const unread = await open(modeler, text, status);
    draft.opened({ dirty: true });
    if (!unread) status(TEXT.imported, { name });
  } catch (error) {
    console.warn('upload', error);
    await open(modeler, before, status);
    draft.opened({ dirty: true });
    status(TEXT.unreadable);
  }
}

async function start(container) {
  const { dataset } = container;
  const page = scopeOf(container);
  const status = createStatus(page.querySelector('[data-studio-status]'));
  lendNonce(dataset.nonce);
  const modeler = createModeler({
    container, panelParent: page.querySelector('[data-studio-panel]'),
    catalogue: readCatalogue(dataset.catalogue, 'expert' in dataset),
  });
  const draft = new Draft(modeler, dataset, status);
  connectLint(modeler, container, draft);
  wireButtons(container, modeler, draft);
  onUpload(page.querySelector('[data-studio-upload]'), (text, name) => replaceBy(modeler, draft, status, text, name));
  await open(modeler, await fetchText(dataset.xmlUrl), status);
  draft.opened();
  return modeler;
}

export async function mount(container) {
  container.classList.add('sl-bpmn', 'sl-bpmn-modeler');
  container.setAttribute('aria-busy', 'true');
  try {
    const modeler = await start(container);
    window.shenlingStudio = { modeler }; // for the browser tests and for scripts of the page
  } catch (error) {
    showFailure(container, say(TEXT.failed));
    console.warn('studio', error);
  }
  container.removeAttribute('aria-busy');
  container.dispatchEvent(new CustomEvent('studio:ready', { bubbles: true }));
}

window.__studioMissing = missing;
for (const container of document.querySelectorAll('[data-bpmn-modeler]')) mount(container);
