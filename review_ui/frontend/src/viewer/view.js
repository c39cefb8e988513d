// Where the reader looks: fit, zoom buttons, panning by finger, focus on one element.
import { scopeOf } from '../common/page.js';

const READABLE = 0.55; // below this scale a 12 px label cannot be read
const STEP = 1.25;

export function centre(canvas, element, scale) {
  const box = canvas.viewbox();
  const zoom = scale ?? box.scale;
  const middle = element.waypoints
    ? element.waypoints[Math.floor(element.waypoints.length / 2)]
    : { x: element.x + element.width / 2, y: element.y + element.height / 2 };
  const { width, height } = canvas.getSize();
  canvas.viewbox({ x: middle.x - width / zoom / 2, y: middle.y - height / zoom / 2, width: width / zoom, height: height / zoom });
}

/** Whole diagram if its labels stay readable, else the token at a readable size. */
export function fit(canvas, registry, tokenId) {
  if (canvas.zoom('fit-viewport', 'auto') >= READABLE) return;
  const element = tokenId && registry.get(tokenId);
  if (element) { centre(canvas, element, READABLE * 1.3); return; }
  const { inner } = canvas.viewbox();
  const { width, height } = canvas.getSize();
  const scale = Math.min(READABLE * 1.3, Math.max(READABLE, height / (inner.height + 20)));
  canvas.viewbox({ x: inner.x - 10, y: inner.y + inner.height / 2 - height / scale / 2, width: width / scale, height: height / scale });
}

export function zoomButtons(container, canvas, refit) {
  const act = { in: () => canvas.zoom(canvas.zoom() * STEP), out: () => canvas.zoom(canvas.zoom() / STEP), fit: refit };
  for (const button of scopeOf(container).querySelectorAll('[data-bpmn-zoom]'))
    button.addEventListener('click', () => act[button.dataset.bpmnZoom]?.());
}

/** One finger moves the drawing sideways; up and down stays with the page (`touch-action: pan-y`). */
export function touch(container, canvas) {
  let last = null;
  container.addEventListener('pointerdown', (event) => { last = event.pointerType === 'touch' ? event : null; });
  container.addEventListener('pointermove', (event) => {
    if (!last || event.pointerId !== last.pointerId) return;
    canvas.scroll({ dx: event.clientX - last.clientX, dy: event.clientY - last.clientY });
    last = event;
  });
  for (const end of ['pointerup', 'pointercancel']) container.addEventListener(end, () => { last = null; });
}

/** The wheel belongs to the page until the reader has clicked into the drawing. */
export function wheel(container, zoomScroll) {
  zoomScroll.toggle(false);
  container.addEventListener('focusin', () => zoomScroll.toggle(true));
  container.addEventListener('focusout', () => zoomScroll.toggle(false));
}

/** Buttons of an outline: `data-bpmn-focus="<element id>"` shows that element. */
export function outline(container, canvas, registry, choose) {
  scopeOf(container).addEventListener('click', (event) => {
    const id = event.target.closest?.('[data-bpmn-focus]')?.dataset.bpmnFocus;
    const element = id && registry.get(id);
    if (!element) return;
    event.preventDefault();
    centre(canvas, element);
    choose(element);
  });
}
