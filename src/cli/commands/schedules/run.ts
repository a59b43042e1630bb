import { randomUUID } from 'node:crypto';
import type { Command } from '../../command.js';
import { terminal } from '../../output/terminal.js';
import { serviceFor, serviceOptions } from '../../service/options.js';
import { patiently } from '../../service/patiently.js';
import { pathOf } from '../../service/service.js';

/** For how long (ms) a service is asked again that does not answer. */
const PATIENCE_MS = 5_000;

export const run: Command = {
  operands: ['NAME'],
  source: 'schedules',
  extras: serviceOptions,
  details: 'Also while it is paused. Its times stay as they are.',
  examples: [{ line: 'roundhouse schedules run weekday-report', says: 'Once more, now.' }],
  async run(_settings, extras, [name = '']) {
    const service = serviceFor(extras);
    const headers = { 'Idempotency-Key': randomUUID() };
    const path = pathOf`/schedules/${name}/run`;
    const ask = () => service.post<{ job_id?: string; workflow_id?: string }>(path, undefined, { headers });
    const started = await patiently(ask, { ms: PATIENCE_MS });
    if (extras.json !== undefined) terminal.printJson(started);
    else terminal.print(started.job_id ?? started.workflow_id ?? '');
    return 0;
  },
};
