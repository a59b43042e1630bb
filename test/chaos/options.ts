import { parseArgs } from 'node:util';

/** What a run is to be. */
export interface Options {
  readonly minutes: number;
  readonly seed: string;
  readonly workers: number;
  readonly apis: number;
  /** Jobs submitted a second. */
  readonly rate: number;
  /** Multiplies how often every fault strikes. */
  readonly intensity: number;
  /** Seconds all jobs may take to finish after the last fault. */
  readonly patience: number;
  /** STALLED_WORKER_TIMEOUT of every process. */
  readonly silence: number;
  readonly dryRun: boolean;
  /** Keep records, logs and the database also when all is well. */
  readonly keep: boolean;
  readonly json: string | undefined;
}

export const USAGE = `npm run chaos -- [options]

  --minutes N     how long faults strike (1)
  --seed S        which faults, and which jobs (one made of the time, printed)
  --rate N        jobs submitted a second (50)
  --workers N     worker processes (3)
  --apis N        API processes (2)
  --intensity X   multiplies how often every fault strikes (1)
  --silence N     seconds of silence after which a worker counts as dead (30)
  --patience N    seconds all jobs may take to finish after the last fault (180)
  --json FILE     write the figures there, too
  --keep          keep records, logs and the database also when all is well
  --dry-run       print the plan of faults and end
`;

/** @throws Error that says which argument makes no sense */
export function parseOptions(args: readonly string[]): Options | 'help' {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean', default: false } as const;
  const { values } = parseArgs({
    args: [...args],
    options: {
      minutes: { ...text, default: '1' },
      seed: { ...text, default: Date.now().toString(36) },
      rate: { ...text, default: '50' },
      workers: { ...text, default: '3' },
      apis: { ...text, default: '2' },
      intensity: { ...text, default: '1' },
      silence: { ...text, default: '30' },
      patience: { ...text, default: '180' },
      json: text,
      keep: flag,
      'dry-run': flag,
      help: flag,
    },
  });
  if (values.help) return 'help';
  return {
    minutes: positive('minutes', values.minutes),
    seed: values.seed,
    rate: positive('rate', values.rate),
    workers: positive('workers', values.workers),
    apis: positive('apis', values.apis),
    intensity: positive('intensity', values.intensity),
    silence: positive('silence', values.silence),
    patience: positive('patience', values.patience),
    dryRun: values['dry-run'],
    keep: values.keep,
    json: values.json,
  };
}

/** The command that does the same again. */
export function commandFor({ minutes, seed, ...given }: Options): string {
  const others = {
    rate: [given.rate, 50],
    workers: [given.workers, 3],
    apis: [given.apis, 2],
    intensity: [given.intensity, 1],
    silence: [given.silence, 30],
  };
  const changed = Object.entries(others).filter(([, [value, usual]]) => value !== usual);
  return [
    `npm run chaos -- --minutes ${minutes} --seed ${seed}`,
    ...changed.map(([name, [value]]) => `--${name} ${value}`),
  ].join(' ');
}

function positive(name: string, text: string): number {
  const number = Number(text);
  if (!(number > 0)) throw new Error(`--${name} must be a number above 0, not "${text}"`);
  return number;
}
