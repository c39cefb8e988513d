// Finds the page's buttons by their data attributes and gives them their act.
import { scopeOf } from '../common/page.js';
import { fitBesidePalette } from './fit.js';

const STEP = 1.25;

export function wireButtons(container, modeler, draft) {
  const page = scopeOf(container);
  const [canvas, stack] = [modeler.get('canvas'), modeler.get('commandStack')];
  const acts = {
    'studio-save': () => draft.save(),
    'studio-undo': () => stack.undo(),
    'studio-redo': () => stack.redo(),
    'studio-zoom-in': () => canvas.zoom(canvas.zoom() * STEP, 'auto'),
    'studio-zoom-out': () => canvas.zoom(canvas.zoom() / STEP, 'auto'),
    'studio-zoom-fit': () => fitBesidePalette(canvas),
    'studio-download': () => draft.download(),
  };
  const found = (name) => page.querySelectorAll(`[data-${name}]`);
  for (const [name, act] of Object.entries(acts)) for (const button of found(name)) button.addEventListener('click', act);
  const refresh = () => {
    for (const button of found('studio-undo')) button.setAttribute('aria-disabled', String(!stack.canUndo()));
    for (const button of found('studio-redo')) button.setAttribute('aria-disabled', String(!stack.canRedo()));
  };
  modeler.on(['commandStack.changed', 'import.done'], refresh);
  document.addEventListener('keydown', (event) => {
    if (event.isComposing || event.code !== 'KeyS' || !(event.ctrlKey || event.metaKey) || event.altKey) return;
    event.preventDefault();
    draft.save();
  });
}
