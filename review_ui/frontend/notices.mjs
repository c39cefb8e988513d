// Writes THIRD_PARTY_NOTICES.md: every package that stands in a bundle or is copied into the tree, with its licence text.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const COPIED = ['bootstrap', 'axe-core'];
const WHERE = {
  bootstrap: '`review_ui/static/vendor/bootstrap.min.css`',
  'axe-core': '`tests/browser/axe.min.js`, used by tests only, never served',
};
// Packages whose archive names its licence elsewhere than in the licence field.
const BY_HAND = {
  'component-props': 'MIT (stated in the readme of its repository; the archive holds no licence file)',
};

function packageOf(id) {
  const at = id.lastIndexOf('/node_modules/');
  if (at < 0) return null;
  const [first, second] = id.slice(at + '/node_modules/'.length).split('/');
  const name = first.startsWith('@') ? `${first}/${second}` : first;
  return id.slice(0, at) + `/node_modules/${name}`;
}

function describe(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const file = readdirSync(folder).sort().find((entry) => /^(licen[cs]e|copying)/i.test(entry));
  return {
    name, version,
    licence: BY_HAND[name] ?? license ?? 'no licence field',
    text: file && existsSync(join(folder, file)) ? readFileSync(join(folder, file), 'utf8').replace(/\r/g, '').trim() : '',
  };
}

const byName = (a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.version < b.version ? -1 : 1);

/** The whole document; packages with the same licence text share one block. */
export function noticesOf(moduleIds, modules) {
  const folders = new Set([...moduleIds].map((id) => packageOf(id.replaceAll('\\', '/').split('?')[0])).filter(Boolean));
  for (const name of COPIED) folders.add(join(modules, name));
  const packages = [...folders].filter((folder) => existsSync(join(folder, 'package.json'))).map(describe).sort(byName);
  const unique = packages.filter((p, i) => !i || p.name !== packages[i - 1].name || p.version !== packages[i - 1].version);
  const rows = unique.map((p) => `| ${p.name} | ${p.version} | ${p.licence} | ${WHERE[p.name] ?? '`review_ui/static/studio/`'} |`);
  const blocks = new Map();
  for (const p of unique.filter((one) => one.text)) blocks.set(p.text, [...(blocks.get(p.text) ?? []), `${p.name} ${p.version}`]);
  const texts = [...blocks].map(([text, names]) => `### ${names.join(', ')}\n\n\`\`\`text\n${text.replaceAll('```', "'''")}\n\`\`\`\n`);
  return `# Third-party notices

Files of other projects that this repository carries. Written by \`npm run build\` in \`review_ui/frontend\`; do not edit by hand.
Python packages are not carried: \`requirements.txt\` names them.

bpmn-js and the dmn-js family stand under the bpmn.io licence: MIT, with the condition that the bpmn.io logo stays fully
visible in every page that shows a diagram or a table. A browser test asserts that.

| package | version | licence | where |
|---|---|---|---|
${rows.join('\n')}

## Licence texts

${texts.join('\n')}`;
}
