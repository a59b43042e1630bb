// A stand-in for api.chucknorris.io, for machines without internet: node scripts/jokes-server.mjs [port] [mode]
// prints its URL; API_BASE_URL=<that URL> npm start then fetches its jokes from here. Without a port it takes a
// free one; the modes are ok, error, hang, garbage and flood.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { PINNED_NODE } from './setup/paths.mjs';

const [port = '0', mode = 'ok'] = process.argv.slice(2);

if (process.features.typescript) await serve();
else runAgainWithPinnedNode();

async function serve() {
  const { MODES, startJokesServer } = await import('../test/support/jokes-server.ts');
  if (!MODES.includes(mode)) fail(`There is no mode "${mode}": choose one of ${MODES.join(', ')}.`);
  if (!/^\d{1,5}$/.test(port)) fail(`"${port}" is not a port: give a number, or 0 for a free one.`);
  const server = await startJokesServer(Number(port)).catch((error) =>
    fail(`Port ${port} cannot be used (${error.code}): give another one, or none for a free one.`),
  );
  server.mode = mode;
  console.log(server.url);
}

/** The machine's Node may be too old for TypeScript; the one that the project brings is not. */
function runAgainWithPinnedNode() {
  if (!existsSync(PINNED_NODE)) fail('Run "npm start" once, which installs the Node.js that this needs.');
  const child = spawn(PINNED_NODE, process.argv.slice(1), { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code) => process.exit(code ?? 0));
}

function fail(sentence) {
  console.error(sentence);
  process.exit(1);
}
