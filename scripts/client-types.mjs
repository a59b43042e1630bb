// Makes the types of the TypeScript client from openapi.json. With --check nothing is written, and types that are out of date
// are a fault.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import openapiTS, { astToString } from 'openapi-typescript';

const TYPES = 'clients/typescript/src/generated/api.ts';

const { values } = parseArgs({ options: { check: { type: 'boolean' } } });
const document = JSON.parse(readFileSync('openapi.json', 'utf8'));
for (const path of Object.values(document.paths)) Object.values(path).forEach(forgetRefusals);
delete document.components.responses;
// What has a default may be left out.
const made = await openapiTS(document, { defaultNonNullable: false, silent: true });
const types = `// Made from openapi.json by "npm run client:types": change nothing here.\n\n${astToString(made)}`;

if (!values.check) writeFileSync(TYPES, types);
else if (!existsSync(TYPES) || readFileSync(TYPES, 'utf8') !== types) {
  console.error(`${TYPES} is out of date: run "npm run client:types".`);
  process.exitCode = 1;
}

/** They are problems (RFC 9457), all of one type, and half of the text. */
function forgetRefusals({ responses }) {
  for (const status of Object.keys(responses)) if (status >= '400') delete responses[status];
}
