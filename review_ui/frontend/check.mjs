// What CI asks of the studio: short files, complete Chinese, a namespace that survives reading and writing, and committed
// bundles that are what the sources give.
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BpmnModdle } from 'bpmn-moddle';
import zeebe from 'zeebe-bpmn-moddle/resources/zeebe.json' with { type: 'json' };
import { bootstrapSheet, buildStudio } from './build.mjs';
import { noticesOf } from './notices.mjs';
import canvas from './src/i18n/zh-canvas.js';
import panel from './src/i18n/zh-panel.js';
import shenling from './src/shenling.json' with { type: 'json' };

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const LONGEST = 300;
const failures = [];
const files = (folder) => readdirSync(folder).flatMap((name) => {
  const path = join(folder, name);
  return statSync(path).isDirectory() ? files(path) : [path];
});

function checkLength(paths) {
  for (const path of paths) {
    const lines = readFileSync(path, 'utf8').split('\n').length - 1;
    if (lines > LONGEST) failures.push(`${relative(here('.'), path)}: ${lines} lines, at most ${LONGEST}`);
  }
}

/** Keys that our own entries and rules hand to `translate`. */
function checkDictionary(paths) {
  const pattern = /(?:translate\(|label: |description: |empty: |report\(node\.id, |Entry\('\w\w', )'([^']+)'/g;
  for (const path of paths.filter((one) => /src\/(panel|lint)\//.test(one)))
    for (const [, key] of readFileSync(path, 'utf8').matchAll(pattern))
      if (/[a-z]/i.test(key) && !(key in panel) && !(key in canvas)) failures.push(`${relative(here('.'), path)}: no Chinese for "${key}"`);
}

const SAMPLE = `<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:shenling="urn:shenling:bpmn:1" id="d" targetNamespace="urn:x">
  <bpmn:process id="p">
    <bpmn:laneSet id="s"><bpmn:lane id="l" shenling:role="reviewer" /></bpmn:laneSet>
    <bpmn:userTask id="a"><bpmn:extensionElements>
      <shenling:deadline workingDays="5" /><shenling:fourEyes notSameAs="b c" /><shenling:milestone code="approved" />
      <shenling:text lang="en">Second review</shenling:text>
    </bpmn:extensionElements></bpmn:userTask>
    <bpmn:businessRuleTask id="r" shenling:noMatch="null" />
  </bpmn:process>
</bpmn:definitions>`;
const SURVIVES = [
  'shenling:role="reviewer"', '<shenling:deadline workingDays="5" />', '<shenling:fourEyes notSameAs="b c" />',
  '<shenling:milestone code="approved" />', '<shenling:text lang="en">Second review</shenling:text>', 'shenling:noMatch="null"',
];

async function checkNamespace() {
  const moddle = new BpmnModdle({ zeebe, shenling });
  const { rootElement, warnings } = await moddle.fromXML(SAMPLE);
  const { xml } = await moddle.toXML(rootElement);
  for (const warning of warnings) failures.push(`shenling.json: ${warning.message}`);
  for (const part of SURVIVES) if (!xml.includes(part)) failures.push(`shenling.json: lost ${part}`);
}

function compare(name, expected, path) {
  let found = null;
  try { found = readFileSync(path); } catch { /* reported below */ }
  if (!found?.equals(Buffer.from(expected))) failures.push(`${name} is not what the sources give: run npm run build and commit`);
}

async function checkBundles() {
  const out = mkdtempSync(join(tmpdir(), 'studio-'));
  const seen = await buildStudio(out);
  const built = files(out).map((path) => relative(out, path)).sort();
  const kept = files(here('../static/studio')).map((path) => relative(here('../static/studio'), path)).sort();
  for (const name of kept.filter((one) => !built.includes(one))) failures.push(`static/studio/${name} is not built by anything`);
  for (const name of built) compare(`static/studio/${name}`, readFileSync(join(out, name)), here(`../static/studio/${name}`));
  compare('static/vendor/bootstrap.min.css', bootstrapSheet(), here('../static/vendor/bootstrap.min.css'));
  compare('THIRD_PARTY_NOTICES.md', noticesOf(seen, here('node_modules')), here('../../THIRD_PARTY_NOTICES.md'));
  rmSync(out, { recursive: true });
}

const sources = [...files(here('src')), here('build.mjs'), here('check.mjs'), here('notices.mjs')].filter((path) => /\.m?js$/.test(path));
checkLength(sources);
checkDictionary(sources);
await checkNamespace();
await checkBundles();
for (const failure of failures) console.error(failure);
console.log(failures.length ? `${failures.length} failures` : `${sources.length} files, bundles up to date`);
process.exitCode = failures.length ? 1 : 0;
