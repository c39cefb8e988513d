// Entry: shows the decision tables of a DMN file in every `<div data-dmn-viewer>`. Contract: docs/reference/studio.md.
import 'dmn-js/dist/assets/diagram-js.css';
import 'dmn-js/dist/assets/dmn-js-shared.css';
import 'dmn-js/dist/assets/dmn-js-drd.css';
import 'dmn-js/dist/assets/dmn-js-decision-table.css';
import 'dmn-js/dist/assets/dmn-js-literal-expression.css';
import './tables.css';
import Viewer from 'dmn-js/lib/NavigatedViewer';
import { fetchText, node, say, scopeOf, showFailure } from '../common/page.js';
import { theme } from '../common/theme.js';
import { TEXT, speakTypes, translateModule } from './words.js';

const nameOf = (view) => view.name || view.element.name || view.id;

/** One button per table of the file; the drawn requirements come first. */
function tabs(container, viewer) {
  const bar = node('div', 'sl-dmn-tabs');
  bar.setAttribute('role', 'group');
  bar.setAttribute('aria-label', say(TEXT.tables));
  const buttons = viewer.getViews().filter((view) => view.type !== 'boxedExpression').map((view) => {
    const button = node('button', 'btn btn-quiet', view.type === 'drd' ? say(TEXT.drd) : nameOf(view));
    button.type = 'button';
    button.addEventListener('click', () => viewer.open(view));
    return [view, button];
  });
  const mark = () => {
    const active = viewer.getActiveView();
    for (const [view, button] of buttons) button.setAttribute('aria-pressed', String(view.element === active?.element));
  };
  viewer.on('views.changed', mark);
  mark();
  bar.append(...buttons.map(([, button]) => button));
  if (buttons.length > 1) container.before(bar);
}

/** dmn-js leaves the head of the rule numbers empty; a reader by ear needs a word there. */
function headIndex(container) {
  const head = container.querySelector('th.index-column');
  if (head && !head.textContent) head.append(node('span', 'visually-hidden', say(TEXT.number)));
}

/** A wide table scrolls sideways: the keyboard must get into it, and a reader by ear hears what it is. */
function letKeysIn(container, viewer) {
  for (const table of container.querySelectorAll('.tjs-table-container')) {
    table.tabIndex = 0;
    table.setAttribute('role', 'region');
    table.setAttribute('aria-label', nameOf(viewer.getActiveView()));
  }
}

async function show(container) {
  const xml = await fetchText(container.dataset.xmlUrl);
  const additionalModules = [translateModule];
  const viewer = new Viewer({
    container,
    common: { additionalModules },
    drd: { drdRenderer: theme.bpmnRenderer, textRenderer: theme.textRenderer, additionalModules },
    decisionTable: { additionalModules },
    literalExpression: { additionalModules },
  });
  await viewer.importXML(xml, { open: false });
  const wanted = container.dataset.decision;
  const views = viewer.getViews();
  for (const { element, type } of views) if (type === 'decisionTable') speakTypes(element.decisionLogic);
  const first = views.find((view) => view.element.id === wanted)
    ?? views.find((view) => view.type === 'decisionTable') ?? views[0];
  if (!first) throw new Error('the file holds no decision');
  tabs(container, viewer);
  const finish = () => {
    headIndex(container);
    letKeysIn(container, viewer);
  };
  viewer.on('views.changed', finish);
  await viewer.open(first);
  finish();
}

/** Shows the decision tables that the element's data attributes name. */
export async function mount(container) {
  container.classList.add('sl-dmn');
  container.setAttribute('aria-busy', 'true');
  try {
    await show(container);
  } catch (error) {
    showFailure(container, say(TEXT.failed));
    console.warn('decision table', error);
  }
  container.removeAttribute('aria-busy');
  scopeOf(container).dispatchEvent(new CustomEvent('dmn:ready'));
}

for (const container of document.querySelectorAll('[data-dmn-viewer]')) mount(container);
