// Asks the registry for known weaknesses of what Roundhouse is delivered with; high and critical ones are a fault. A registry
// that answers no such questions is a warning, since it says nothing about the packages.
import { spawnSync } from 'node:child_process';

const NO_ANSWER =
  /ENOAUDIT|ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|audit endpoint|"(404|405|410|5\d\d) [A-Z]/;

const { stdout, stderr, error } = spawnSync('npm', ['audit', '--omit=dev', '--json'], { encoding: 'utf8' });
if (error) throw error;
const answer = parse(stdout);
if (answer?.metadata) process.exit(judge(answer));
if (NO_ANSWER.test(`${stdout}${stderr}`)) {
  console.warn(
    'Warning: the npm registry in use answers no audits; ask one that does with "npm run audit:packages".',
  );
  process.exit(0);
}
console.error(`npm audit has failed, for the reason above:\n${stderr}${stdout}`);
process.exit(1);

function judge({ metadata, vulnerabilities }) {
  const { high, critical, total } = metadata.vulnerabilities;
  const grave = Object.values(vulnerabilities).filter(({ severity }) =>
    ['high', 'critical'].includes(severity),
  );
  for (const { name, severity, range } of grave)
    console.error(`${name} ${range} has a ${severity} weakness: update it ("npm audit" says to what).`);
  console.log(`npm audit: ${total} weaknesses known, ${high + critical} of them high or critical`);
  return grave.length === 0 ? 0 : 1;
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
