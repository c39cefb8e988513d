// A badge with a count on every element that has findings.
import { node } from '../common/page.js';

const TYPE = 'shenling-lint';

function badge(findings, onClick) {
  const worst = findings.some(({ level }) => level === 'error') ? 'error' : 'warning';
  const button = node('button', `sl-lint-badge is-${worst}`, String(findings.length));
  button.type = 'button';
  button.tabIndex = -1; // the list below the canvas is the way by keyboard
  button.title = findings.map(({ message, remedy }) => [message, remedy].filter(Boolean).join('\n')).join('\n\n');
  button.addEventListener('click', onClick);
  return button;
}

export function drawBadges(overlays, registry, findings, show) {
  overlays.remove({ type: TYPE });
  for (const [id, own] of Map.groupBy(findings, ({ element_id: elementId }) => elementId)) {
    const element = id && registry.get(id);
    if (!element || element === registry.getAll()[0]) continue;
    const position = element.waypoints ? { top: -11, left: 4 } : { top: -11, left: -11 };
    overlays.add(id, TYPE, { position, html: badge(own, () => show(id)), show: { minZoom: 0.3 } });
  }
}
