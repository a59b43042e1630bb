// The whole test suite over and over, in random order and at full size (ten times as many random sequences of a job's
// life, 100,000 requests made from the OpenAPI document, 10,000 jobs on locks), until the time is up: finds what fails once in a hundred.
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';

const { values } = parseArgs({ options: { minutes: { type: 'string', default: '60' } } });
const deadline = Date.now() + Number(values.minutes) * 60_000;
const jest = [
  '--experimental-vm-modules',
  '--disable-warning=ExperimentalWarning',
  'node_modules/jest/bin/jest.js',
];

for (let run = 1; run === 1 || Date.now() < deadline; run++) {
  const seed = Math.floor(Math.random() * 2 ** 31);
  console.log(`Run ${run}, --seed ${seed}`);
  const { status } = spawnSync(process.execPath, [...jest, '--randomize', `--seed=${seed}`], {
    stdio: 'inherit',
    // Tests that have a full size have it here.
    env: { PROPERTY_RUNS: '5000', FUZZ_REQUESTS: '100000', TEST_LONG: '1', ...process.env },
  });
  if (status !== 0) process.exit(status ?? 1);
}
