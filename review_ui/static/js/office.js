// Keys, the row under the hand and small comforts of the officer's pages. Every key has a visible
// control that works without this file.
'use strict';

const typing = (target) => target.closest('input:not([type=radio]):not([type=checkbox]), textarea, select, [contenteditable]');

function rows() {
  return [...document.querySelectorAll('[data-rows] [data-row]')];
}

function moveRow(step) {
  const all = rows();
  if (!all.length) return;
  const now = all.findIndex((row) => row.classList.contains('is-current'));
  const next = all[Math.min(all.length - 1, Math.max(0, now + step))];
  all.forEach((row) => row.classList.toggle('is-current', row === next));
  const link = next.querySelector('a');
  if (link) link.focus();
  next.scrollIntoView({ block: 'nearest' });
}

function press(key) {
  const control = document.querySelector(`[data-key="${key}"]`);
  if (!control) return false;
  if (control.matches('textarea, input:not([type=radio])')) control.focus();
  else control.click();
  return true;
}

// `event.code`, because a Chinese input method may be on; nothing while it composes.
const CODES = {
  KeyN: 'n', KeyA: 'a', KeyU: 'u', KeyF: 'f', KeyW: 'w', KeyE: 'e', KeyM: 'm', KeyD: 'd', KeyH: 'h',
  KeyV: 'v', KeyR: 'r', KeyC: 'c', KeyO: 'o', KeyS: 's', Digit1: '1', Digit2: '2', Digit3: '3',
  Digit4: '4', Digit0: '0', Equal: 'plus', Minus: 'minus', BracketLeft: 'prev', BracketRight: 'next',
};

document.addEventListener('keydown', (event) => {
  if (event.isComposing || event.altKey) return;
  if (event.code === 'Enter' && (event.ctrlKey || event.metaKey)) {
    const form = document.querySelector('form[data-conclude]');
    if (form) { event.preventDefault(); form.requestSubmit(); }
    return;
  }
  if (event.ctrlKey || event.metaKey || typing(event.target)) return;
  if (event.code === 'Slash' && !event.shiftKey) {
    const search = document.getElementById('q');
    if (search) { event.preventDefault(); search.focus(); }
    return;
  }
  if (event.code === 'KeyJ' || event.code === 'KeyK') {
    moveRow(event.code === 'KeyJ' ? 1 : -1);
    return;
  }
  const key = CODES[event.code];
  if (key && press(key)) event.preventDefault();
});

// The picture under the glass: zoom, rotation and contrast per file, never stored.
function viewer(box) {
  const picture = box.querySelector('[data-picture]');
  if (!picture) return;
  const view = { zoom: 1, turn: 0, contrast: false };
  const draw = () => {
    picture.style.transform = `scale(${view.zoom}) rotate(${view.turn}deg)`;
    picture.style.filter = view.contrast ? 'contrast(1.7) grayscale(1)' : '';
  };
  const acts = {
    plus: () => { view.zoom = Math.min(4, view.zoom * 1.25); },
    minus: () => { view.zoom = Math.max(0.5, view.zoom / 1.25); },
    rotate: () => { view.turn = (view.turn + 90) % 360; },
    contrast: () => { view.contrast = !view.contrast; },
    reset: () => { Object.assign(view, { zoom: 1, turn: 0, contrast: false }); },
  };
  box.addEventListener('click', (event) => {
    const button = event.target.closest('[data-view]');
    if (button && acts[button.dataset.view]) { acts[button.dataset.view](); draw(); }
    const thumb = event.target.closest('[data-thumb]');
    if (thumb) {
      event.preventDefault();
      picture.src = thumb.href;
      picture.alt = thumb.dataset.label;
      box.querySelectorAll('[data-thumb]').forEach((t) => t.removeAttribute('aria-current'));
      thumb.setAttribute('aria-current', 'true');
      const title = box.querySelector('[data-picture-title]');
      if (title) title.textContent = thumb.dataset.label;
      acts.reset();
      draw();
    }
  });
}

// Reasons are shown in the words the applicant will read; outcomes say what they need.
function conclusion(form) {
  const button = form.querySelector('button[data-go]');
  const update = () => {
    const chosen = form.querySelector('input[name=outcome]:checked');
    document.querySelectorAll('[data-for-outcome]').forEach((part) => {
      part.hidden = !chosen || !part.dataset.forOutcome.split(' ').includes(chosen.value);
    });
    const word = button && button.querySelector('[data-go-word]');
    if (word && chosen && chosen.dataset.go) word.textContent = chosen.dataset.go;
    const texts = [...document.querySelectorAll('input[name=reasons]:checked')].map((r) => r.dataset.citizen);
    const preview = document.querySelector('[data-citizen-preview]');
    if (preview) preview.textContent = texts.join(' ');
  };
  document.addEventListener('change', update);
  form.addEventListener('submit', () => { if (button) button.setAttribute('aria-busy', 'true'); });
  update();
}

document.addEventListener('DOMContentLoaded', () => {
  document.querySelectorAll('[data-viewer]').forEach(viewer);
  document.querySelectorAll('form[data-conclude]').forEach(conclusion);
  const focus = document.querySelector('[data-focus]');
  if (focus) focus.focus();
  document.querySelectorAll('[data-print]').forEach((b) => b.addEventListener('click', () => window.print()));
});
