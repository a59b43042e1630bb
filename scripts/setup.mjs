// Brings a fresh clone to where it can run: installs and builds what is missing or out of date, and says
// nothing when all is well. Plain Node without dependencies, since it runs before there are any.
const OLDEST_NODE = [20, 19];

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1])) {
  console.error(
    `Roundhouse needs Node.js ${OLDEST_NODE.join('.')} or newer and this is ${process.version}: install a newer one from https://nodejs.org and run the command again.`,
  );
  process.exit(78);
}

// Loaded after the check, so that an old Node gets the sentence above and not a syntax error.
const { setUp } = await import('./setup/set-up.mjs');
process.exit(await setUp({ forceBuild: process.argv.includes('--force-build') }));
