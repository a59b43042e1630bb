// Takes out of node_modules what no running Roundhouse reads, and says how much that was. Licences stay.
import { lstatSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const MODULES = 'node_modules';

/** The page at /redoc is one bundled file; what that was made from is a hundred packages. */
const BUNDLED = ['node_modules/redoc'];

/** The headers of Node.js, and its program a second time. */
const DOUBLE = ['node_modules/node/node_modules'];

const READ_BY_NOBODY = /\.(map|d\.[cm]?ts|md|markdown|flow)$/i;
const LICENCE = /licen[cs]e|notice|copying|copyright/i;

const before = sizeOf(MODULES);
const { packages } = JSON.parse(readFileSync(join(MODULES, '.package-lock.json'), 'utf8'));
const needed = reachable();
for (const path of Object.keys(packages)) if (!needed.has(path)) remove(path);
for (const path of DOUBLE) remove(path);
for (const entry of readdirSync(MODULES, { recursive: true, withFileTypes: true })) {
  if (entry.isDirectory() || LICENCE.test(entry.name) || !READ_BY_NOBODY.test(entry.name)) continue;
  remove(join(entry.parentPath, entry.name));
}
console.log(`node_modules: ${inMegabytes(before)} before, ${inMegabytes(sizeOf(MODULES))} now`);

/** The packages that those of package.json lead to, as npm looks for them. */
function reachable() {
  const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8'));
  const found = new Set();
  const visit = (names, from) => {
    for (const name of names) {
      const path = locate(name, from);
      if (path === undefined || found.has(path)) continue;
      found.add(path);
      if (BUNDLED.includes(path)) continue;
      const { dependencies, optionalDependencies, peerDependencies } = packages[path];
      visit(Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies }), path);
    }
  };
  visit(Object.keys(dependencies), '');
  return found;
}

function locate(name, from) {
  const path = from === '' ? `node_modules/${name}` : `${from}/node_modules/${name}`;
  if (path in packages) return path;
  const above = from.slice(0, Math.max(0, from.lastIndexOf('/node_modules/')));
  return from === '' ? undefined : locate(name, above);
}

function remove(path) {
  rmSync(path, { recursive: true, force: true });
}

function sizeOf(folder) {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries.reduce((sum, { parentPath, name }) => sum + lstatSync(join(parentPath, name)).size, 0);
}

function inMegabytes(bytes) {
  return `${(bytes / 2 ** 20).toFixed(0)} MB`;
}
