// Builds the three entries, each into one script and one sheet that need no other script: Django's manifest storage
// renames files by hash and does not rewrite imports inside JavaScript.
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { noticesOf } from './notices.mjs';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const ENTRIES = ['viewer', 'modeler', 'tables'];

const bundle = (name, outDir, seen) => build({
  root: here('.'),
  configFile: false,
  logLevel: 'warn',
  base: './',
  publicDir: false,
  plugins: [{
    name: 'list-bundled-packages',
    generateBundle(_, output) {
      for (const chunk of Object.values(output)) for (const id of chunk.moduleIds ?? []) seen.add(id);
    },
  }],
  build: {
    outDir,
    emptyOutDir: false,
    cssCodeSplit: false, // one sheet per entry; split, Vite would write the styles into the script
    assetsInlineLimit: 0, // no data: fonts, so that font-src stays 'self'
    modulePreload: { polyfill: false }, // the polyfill is an inline script
    chunkSizeWarningLimit: 4000,
    target: 'es2022',
    rollupOptions: {
      input: { [name]: here(`src/${name}/index.js`) },
      output: {
        format: 'iife',
        entryFileNames: '[name].js',
        // Names carry no hash: the files are committed and must be the same bytes after every rebuild.
        assetFileNames: (asset) => (asset.names[0]?.endsWith('.css') ? `${name}.css` : 'assets/[name][extname]'),
      },
    },
  },
});

/** Write the three bundles to `outDir`; returns the ids of all modules that they hold. */
export async function buildStudio(outDir) {
  rmSync(outDir, { recursive: true, force: true });
  const seen = new Set();
  for (const name of ENTRIES) await bundle(name, outDir, seen);
  return seen;
}

/** Bootstrap without its map comment: the manifest storage refuses a sheet that names a file which is not there. */
export const bootstrapSheet = () => readFileSync(here('node_modules/bootstrap/dist/css/bootstrap.min.css'), 'utf8')
  .replace(/\n?\/\*# sourceMappingURL=.*?\*\/\s*$/, '\n');

async function main() {
  const seen = await buildStudio(here('../static/studio'));
  mkdirSync(here('../static/vendor'), { recursive: true });
  writeFileSync(here('../static/vendor/bootstrap.min.css'), bootstrapSheet());
  mkdirSync(here('../../tests/browser'), { recursive: true });
  copyFileSync(here('node_modules/axe-core/axe.min.js'), here('../../tests/browser/axe.min.js'));
  writeFileSync(here('../../THIRD_PARTY_NOTICES.md'), noticesOf(seen, here('node_modules')));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
