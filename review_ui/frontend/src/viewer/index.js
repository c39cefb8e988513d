// Entry: shows a diagram and the state of an instance in every `<div data-bpmn-viewer>`. Contract: docs/reference/studio.md.
import 'bpmn-js/dist/assets/diagram-js.css';
import 'bpmn-js/dist/assets/bpmn-js.css';
import '../common/canvas.css';
import './viewer.css';
import NavigatedViewer from 'bpmn-js/lib/NavigatedViewer';
import { fetchJson, fetchText, jsonBlock, language, say, showFailure } from '../common/page.js';
import { theme } from '../common/theme.js';
import shenling from '../shenling.json';
import { listen } from './detail.js';
import { firstToken, mark } from './marks.js';
import { speak } from './names.js';
import { fit, outline, touch, wheel, zoomButtons } from './view.js';
import { TEXT } from './words.js';

async function stateOf({ state, stateUrl }) {
  if (stateUrl) return fetchJson(stateUrl);
  return jsonBlock(state) ?? {};
}

async function show(container) {
  const [xml, state] = await Promise.all([fetchText(container.dataset.xmlUrl), stateOf(container.dataset)]);
  const viewer = new NavigatedViewer({ container, moddleExtensions: { shenling }, ...theme });
  speak(viewer.get('eventBus'), language);
  await viewer.importXML(xml);
  const [canvas, registry] = [viewer.get('canvas'), viewer.get('elementRegistry')];
  const refit = () => fit(canvas, registry, firstToken(state));
  mark(viewer, state);
  refit();
  zoomButtons(container, canvas, refit);
  touch(container, canvas);
  wheel(container, viewer.get('zoomScroll'));
  outline(container, canvas, registry, listen(viewer, container, state));
}

/** Shows the diagram that the element's data attributes name; returns when it is drawn or the failure is said. */
export async function mount(container) {
  container.classList.add('sl-bpmn', 'sl-bpmn-viewer');
  container.setAttribute('aria-busy', 'true');
  try {
    await show(container);
  } catch (error) {
    showFailure(container, say(TEXT.failed));
    console.warn('diagram', error);
  }
  container.removeAttribute('aria-busy');
  container.dispatchEvent(new CustomEvent('bpmn:ready', { bubbles: true }));
}

for (const container of document.querySelectorAll('[data-bpmn-viewer]')) mount(container);
