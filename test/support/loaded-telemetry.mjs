import { registerHooks } from 'node:module';

// To be imported before a program: says on its standard error what it loads of the libraries that only some need: those
// that send traces and faults, and those that read access tokens.
const LIBRARY = /node_modules\/(@opentelemetry\/(?!api\/)[\w-]+|@sentry\/[\w-]+|jose)\//;
const seen = new Set();

registerHooks({
  load(url, context, nextLoad) {
    const name = LIBRARY.exec(url)?.[1];
    if (name && !seen.has(name)) process.stderr.write(`Loaded ${name}\n`);
    if (name) seen.add(name);
    return nextLoad(url, context);
  },
});
