// Draws the state of one instance, or counts over many, onto a diagram.
import { node, say } from '../common/page.js';
import { STATES, TEXT } from './words.js';

const TOKEN = { bottom: 12, right: 12 };
const families = { you: 'you', office: 'office' };
const count = (text, n) => say(text).replace('{n}', n);

function token({ state, count: n = 1, holder }) {
  const bullet = node('span', `sl-bpmn-token is-${state === 'incident' ? 'bad' : families[holder] ?? 'office'}`);
  bullet.title = state === 'incident' ? say(STATES.incident) : count(TEXT.tokens, n);
  bullet.textContent = state === 'incident' && n < 2 ? '!' : String(n);
  return bullet;
}

function passes(n) {
  const pill = node('span', 'sl-bpmn-passes', `×${n}`);
  pill.title = count(TEXT.passes, n);
  return pill;
}

function markElement(canvas, overlays, id, entry) {
  canvas.addMarker(id, `sl-is-${entry.state}`);
  if (entry.state === 'active') canvas.addMarker(id, `sl-with-${families[entry.holder] ?? 'office'}`);
  if (entry.state === 'active' || entry.state === 'incident') overlays.add(id, 'state', { position: TOKEN, html: token(entry) });
  else if (entry.state === 'completed' && entry.count > 1) overlays.add(id, 'state', { position: TOKEN, html: passes(entry.count) });
}

/** Applies `{elements, flows}`; ids that the diagram lacks are passed over, since a state may span several diagrams. */
export function mark(viewer, state) {
  const [canvas, overlays, registry] = ['canvas', 'overlays', 'elementRegistry'].map((name) => viewer.get(name));
  for (const [id, entry] of Object.entries(state.elements ?? {})) if (registry.get(id)) markElement(canvas, overlays, id, entry);
  for (const id of state.flows ?? []) {
    const flow = registry.get(id);
    if (!flow) continue;
    canvas.addMarker(flow, 'sl-is-visited');
    const layer = registry.getGraphics(flow).parentNode;
    layer.parentNode.appendChild(layer); // a visited flow lies over the ones that cross it
  }
}

/** The element that the reader looks for first. */
export const firstToken = (state) => Object.entries(state.elements ?? {})
  .find(([, { state: kind }]) => kind === 'active' || kind === 'incident')?.[0];
