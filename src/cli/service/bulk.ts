import { createInterface } from 'node:readline/promises';
import type { Extra, Extras } from '../command.js';
import { EXIT_CODES } from '../exit-codes.js';
import { jobsOf } from '../output/counted.js';
import { terminal } from '../output/terminal.js';
import { UsageError } from '../usage.error.js';
import type { DryRunAnswer, OperationAnswer } from './answers.js';
import { followOperation } from './follow-operation.js';
import { countFrom } from './pages.js';
import type { Service } from './service.js';

/** What every change of many jobs takes. */
export const bulkOptions = {
  'dry-run': { says: 'Only say how many it would be.' },
  yes: { says: 'Do not ask whether it is meant.' },
  limit: { value: 'N', says: 'No more than so many.' },
  'per-second': { value: 'N', says: 'No faster than so many a second.' },
} as const satisfies Record<string, Extra>;

/** What is to be done, and how it is called when somebody is asked. */
interface Wanted {
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>>;
  /** `cancel`, as in "cancel 12 jobs". */
  readonly verb: string;
}

/** Changes many jobs in the background of the service, after asking, and shows how far it is. @returns the exit code */
export async function changeMany(
  service: Service,
  { path, body, verb }: Wanted,
  extras: Extras,
): Promise<number> {
  const asJson = extras.json !== undefined;
  const request = { ...body, ...paceOf(extras) };
  const dryRun = await service.post<DryRunAnswer>(path, { ...request, dry_run: true });
  const atLeast = dryRun.matched_is_exact ? '' : 'at least ';
  const what = `${verb} ${atLeast}${jobsOf(dryRun.would_change)}`;
  if (extras['dry-run'] !== undefined) {
    if (asJson) terminal.printJson(dryRun);
    else terminal.print(`This would ${what}.`);
    return EXIT_CODES.done;
  }
  if (extras.yes === undefined && !(await isMeant(`${capital(what)}?`))) {
    terminal.note('Nothing was changed.');
    return EXIT_CODES.failed;
  }
  return followOperation(service, await service.post<OperationAnswer>(path, request), { asJson });
}

/**
 * Asks a person. @returns whether the answer was yes
 * @throws UsageError when nobody is there to ask
 */
export async function isMeant(question: string): Promise<boolean> {
  if (!process.stdin.isTTY) throw new UsageError(`${question} Say so with --yes: there is nobody to ask.`);
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  lines.once('SIGINT', () => process.exit(EXIT_CODES.interrupted));
  try {
    return /^y(es)?$/i.test((await lines.question(`${question} [y/N] `)).trim());
  } finally {
    lines.close();
  }
}

function paceOf(extras: Extras): Record<string, number> {
  const limit = countFrom(extras.limit, '--limit');
  const text = extras['per-second'];
  const perSecond = text === undefined ? undefined : Number(text);
  if (perSecond !== undefined && !(perSecond > 0))
    throw new UsageError(`--per-second takes a number above 0, not "${text}".`);
  return {
    ...(limit === undefined ? {} : { limit }),
    ...(perSecond === undefined ? {} : { per_second: perSecond }),
  };
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
