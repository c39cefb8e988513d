// One sentence about the draft, in the page's live region; a conflict adds what can be done about it.
import { node, say } from '../common/page.js';

export const filled = (text, values) => say(text).replace(/{(\w+)}/g, (whole, key) => values[key] ?? whole);

export function createStatus(box) {
  return (text, values = {}, acts = []) => {
    if (!box) return;
    const buttons = acts.map(([label, act]) => {
      const button = node('button', 'btn btn-plain', say(label));
      button.type = 'button';
      button.addEventListener('click', act);
      return button;
    });
    box.classList.toggle('is-conflict', buttons.length > 0);
    box.replaceChildren(node('span', '', filled(text, values)), ...buttons);
  };
}

export const clockTime = (at = new Date()) =>
  `${String(at.getHours()).padStart(2, '0')}:${String(at.getMinutes()).padStart(2, '0')}`;
