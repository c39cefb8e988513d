// What every entry needs from the page around it: language, scope, files and JSON blocks. No inline script on any page.

/** 'zh' or 'en', by the page's own language. */
export const language = document.documentElement.lang.toLowerCase().startsWith('en') ? 'en' : 'zh';

/** Picks from a pair of texts; a plain string passes. */
export const say = (text) => (text && typeof text === 'object' ? text[language] ?? text.zh ?? '' : text ?? '');

/** The part of the page that belongs to a canvas: several canvases on one page each stand in a `data-bpmn-scope`. */
export const scopeOf = (element) => element.closest('[data-bpmn-scope]') ?? document;

export function jsonBlock(id) {
  const block = id && document.getElementById(id);
  return block ? JSON.parse(block.textContent) : null;
}

export async function fetchOk(url, options = {}) {
  const response = await fetch(url, { credentials: 'same-origin', ...options });
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
  return response;
}

export const fetchText = async (url) => (await fetchOk(url)).text();
export const fetchJson = async (url) => (await fetchOk(url, { headers: { Accept: 'application/json' } })).json();

/** An element with a class and text, never HTML. */
export function node(tag, className = '', text = '') {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}

/** Replaces the canvas by a sentence when its file could not be read. */
export function showFailure(container, sentence) {
  const alert = node('p', 'sl-bpmn-failure', sentence);
  alert.setAttribute('role', 'alert');
  container.replaceChildren(alert);
}
