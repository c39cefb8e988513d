// One dictionary for canvas, panel and light rules. Keys without Chinese are collected; the browser test wants none.
import canvas from 'bpmn-js-i18n/translations/zn.js';
import { language } from '../common/page.js';
import drawing from './zh-canvas.js';
import panel from './zh-panel.js';

export const missing = new Set();
const dictionary = language === 'zh' ? { ...canvas, ...drawing, ...panel } : {};
const values = new Set(Object.values(dictionary));

/** Catalogue labels come in the page's language already; they pass untouched. */
const isSpoken = (text) => values.has(text) || /[\u4e00-\u9fff]/.test(text);

function translate(template, replacements = {}) {
  if (language === 'zh' && !(template in dictionary) && !isSpoken(template)) missing.add(template);
  return (dictionary[template] ?? template).replace(/{([^}]+)}/g, (whole, key) => replacements[key] ?? whole);
}

export const translateModule = { translate: ['value', translate] };
