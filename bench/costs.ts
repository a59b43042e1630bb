import { parseArgs } from 'node:util';
import { fileURLToPath } from 'node:url';
import { type Result, measureSubject } from './round.js';
import { withServer } from './server.js';

/**
 * What a part of Roundhouse costs: the service with it beside the service without it, in pairs of which each comes first in
 * turn. Speed hangs on what else the machine does; the processor time of a job, of PostgreSQL and of the process together,
 * less so.
 */
const { values } = parseArgs({
  options: { of: { type: 'string', default: 'metrics' }, pairs: { type: 'string', default: '10' } },
});

const JOBS = 20_000;
const COMMANDS = ['submitSingly', 'submitInBulk', 'drain', 'serve'] as const;
const SPEEDS = ['http', 'single', 'bulk', 'drain'] as const;
const WORKS = ['single', 'bulk', 'drain'] as const;

const AS_SHIPPED = 'roundhouse';

/** By part: the subject that has it and the one that has not. */
const PARTS: Readonly<Record<string, readonly [with_: string, without: string]>> = {
  /** Scraped every five seconds; its listeners of jobs and requests off. */
  metrics: ['measured', 'unmeasured'],
  /** Every request and job traced, and sent to a receiver that answers at once. */
  tracing: ['traced', AS_SHIPPED],
  /** Each request counted against a limit that nobody reaches. */
  'rate-limit': ['limited', AS_SHIPPED],
};

const part = PARTS[values.of];
if (!part) throw new Error(`--of must be one of ${Object.keys(PARTS).join(', ')}, not "${values.of}"`);
const [having, lacking] = part.map((name) =>
  fileURLToPath(new URL(`subjects/${name}.js`, import.meta.url)),
) as [string, string];

const ratios = new Map<string, number[]>();
await withServer(async (server) => {
  const take = async (file: string) => {
    const place = { databaseUrl: await server.freshDatabase(), redisUrl: '', serverPid: server.pid };
    return measureSubject(file, COMMANDS, JOBS, place);
  };
  for (let pair = 1; pair <= Number(values.pairs); pair++) {
    const isFirst = pair % 2 === 0;
    const one = await take(isFirst ? having : lacking);
    const other = await take(isFirst ? lacking : having);
    const found = isFirst ? compare(one, other) : compare(other, one);
    for (const [figure, ratio] of found) ratios.set(figure, [...(ratios.get(figure) ?? []), ratio]);
    console.log(
      `pair ${pair}: ${found.map(([figure, ratio]) => `${figure} ${ratio.toFixed(3)}`).join(', ')}`,
    );
  }
});
for (const [figure, all] of ratios) {
  const sorted = all.toSorted((a, b) => a - b);
  const at = (share: number) => (sorted[Math.round(share * (sorted.length - 1))] ?? NaN).toFixed(3);
  console.log(
    `${figure}: with ${values.of} ÷ without, median of ${sorted.length} pairs ${at(0.5)} (quartiles ${at(0.25)} to ${at(0.75)})`,
  );
}

function compare(with_: Result, without: Result): [figure: string, ratio: number][] {
  const speeds = SPEEDS.map((figure): [string, number] => [
    `${figure} jobs/s`,
    (with_.figures[figure] ?? NaN) / (without.figures[figure] ?? NaN),
  ]);
  const works = WORKS.map((figure): [string, number] => [
    `${figure} µs`,
    cpuOf(with_, figure) / cpuOf(without, figure),
  ]);
  return [...speeds, ...works];
}

function cpuOf({ cpu }: Result, figure: (typeof WORKS)[number]): number {
  const { server, process } = cpu[figure] ?? { server: NaN, process: NaN };
  return server + process;
}
