import { readFileSync, writeFileSync } from 'node:fs';
import { createApi } from './api-application.js';
import { resolveConfig } from './config/index.js';
import { buildOpenApi, writeOpenApi } from './docs.js';

/** Where the document is committed, seen from the project's folder, in which npm runs its scripts. */
const FILE = 'openapi.json';

const config = resolveConfig({});
const app = await createApi(config, { preview: true });
const document = writeOpenApi(buildOpenApi(app, config));
process.exit(process.argv.includes('--check') ? check() : write());

function write(): number {
  writeFileSync(FILE, document);
  process.stdout.write(`Wrote ${FILE}.\n`);
  return 0;
}

function check(): number {
  if (readFileSync(FILE, 'utf8') === document) return 0;
  process.stderr.write(`${FILE} is not what the code says: run "npm run openapi" and commit the result.\n`);
  return 1;
}
