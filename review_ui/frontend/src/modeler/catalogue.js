// The server's lists, in the page's language and complete: an absent list is an empty one.
import { jsonBlock, say } from '../common/page.js';

const LISTS = ['roles', 'handlers', 'decisions', 'forms', 'milestones', 'processes', 'variables', 'builtins'];
const spoken = (entry) => ({
  ...entry,
  ...(entry.value === undefined ? {} : { label: say(entry.label) || entry.value }),
  ...(entry.help ? { help: say(entry.help) } : {}),
});

export function readCatalogue(id, expert) {
  const block = jsonBlock(id) ?? {};
  return { ...Object.fromEntries(LISTS.map((name) => [name, (block[name] ?? []).map(spoken)])), expert };
}
