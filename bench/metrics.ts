import { parseArgs } from 'node:util';
import { fileURLToPath } from 'node:url';
import { measureSubject } from './round.js';
import { withServer } from './server.js';

/**
 * What metrics cost: Roundhouse as shipped and scraped every five seconds, beside Roundhouse whose listeners of jobs and requests
 * are off and which nobody scrapes, in pairs of which each comes first in turn.
 */
const { values } = parseArgs({ options: { pairs: { type: 'string', default: '10' } } });

const JOBS = 20_000;
const COMMANDS = ['submitSingly', 'submitInBulk', 'drain', 'serve'] as const;
const FIGURES = ['http', 'single', 'bulk', 'drain'] as const;

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const MEASURED = here('subjects/measured.js');
const UNMEASURED = here('subjects/unmeasured.js');

const ratios = new Map<string, number[]>(FIGURES.map((figure) => [figure, []]));
await withServer(async (server) => {
  const take = async (file: string) => {
    const place = { databaseUrl: await server.freshDatabase(), redisUrl: '', serverPid: server.pid };
    return (await measureSubject(file, COMMANDS, JOBS, place)).figures;
  };
  for (let pair = 0; pair < Number(values.pairs); pair++) {
    const first = pair % 2 === 0 ? MEASURED : UNMEASURED;
    const one = await take(first);
    const other = await take(first === MEASURED ? UNMEASURED : MEASURED);
    const [measured, unmeasured] = first === MEASURED ? [one, other] : [other, one];
    const line = FIGURES.map((figure) => {
      const ratio = (measured[figure] ?? NaN) / (unmeasured[figure] ?? NaN);
      ratios.get(figure)?.push(ratio);
      return `${figure} ${Math.round(measured[figure] ?? 0)}/${Math.round(unmeasured[figure] ?? 0)} = ${ratio.toFixed(3)}`;
    });
    console.log(`pair ${pair + 1}: ${line.join(', ')}`);
  }
});
for (const [figure, all] of ratios) {
  const sorted = all.toSorted((a, b) => a - b);
  const at = (share: number) => (sorted[Math.round(share * (sorted.length - 1))] ?? NaN).toFixed(3);
  console.log(
    `${figure}: with metrics ÷ without, median of ${sorted.length} pairs ${at(0.5)} (quartiles ${at(0.25)} to ${at(0.75)})`,
  );
}
