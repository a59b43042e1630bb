import { randomUUID } from 'node:crypto';
import type { Extras } from '../../command.js';
import { EXIT_CODES } from '../../exit-codes.js';
import { terminal } from '../../output/terminal.js';
import type { JobAnswer } from '../../service/answers.js';
import { jsonFrom } from '../../service/json-input.js';
import { exitCodeOf } from '../../service/outcome.js';
import { countFrom } from '../../service/pages.js';
import { patiently } from '../../service/patiently.js';
import { type Service, pathOf } from '../../service/service.js';
import { watchJob } from '../../service/watch-job.js';
import { fieldsFrom } from './job-options.js';

/** How long (s) the service holds an answer back at most. */
const LONGEST_WAIT = 60;

/** For how long (ms) a service is asked again that does not answer: somebody waits for the prompt. */
const PATIENCE_MS = 5_000;

/** Submits a job, and waits for it if wanted. @returns the exit code */
export async function submitOne(
  service: Service,
  [type, payload]: readonly [type: string, payload: string | undefined],
  extras: Extras,
): Promise<number> {
  const asJson = extras.json !== undefined;
  const seconds = countFrom(extras.wait, '--wait');
  const content = payload === undefined ? {} : jsonFrom(payload, 'The payload');
  const body = { type, payload: content, ...fieldsFrom(extras) };
  // Asked again after a cut, the service gives back the job that it has accepted already.
  const headers = { 'Idempotency-Key': extras['idempotency-key'] ?? randomUUID() };
  const told = () => terminal.note('The service does not answer. Trying again …');
  const job = await patiently(() => service.post<JobAnswer>('/jobs', body, { headers }), {
    ms: PATIENCE_MS,
    told,
  });
  if (seconds !== undefined) return printResult(service, job, { seconds, asJson });
  if (extras.watch === undefined) {
    if (asJson) terminal.printJson(job);
    else terminal.print(job.job_id);
    return EXIT_CODES.done;
  }
  terminal.note(job.job_id);
  return watchJob(service, job.job_id, { asJson });
}

async function printResult(
  service: Service,
  submitted: JobAnswer,
  { seconds, asJson }: { seconds: number; asJson: boolean },
): Promise<number> {
  const until = performance.now() + seconds * 1000;
  let job = submitted;
  for (let left = seconds; job.finished_at === null && left > 0; left = (until - performance.now()) / 1000) {
    const wait = Math.min(LONGEST_WAIT, Math.max(1, Math.round(left)));
    const options = { headers: { Prefer: `wait=${wait}` }, patienceMs: (wait + 30) * 1000 };
    job = await patiently(() => service.get<JobAnswer>(pathOf`/jobs/${job.job_id}`, options));
  }
  if (asJson) terminal.printJson(job);
  else if (job.status === 'COMPLETED') terminal.printJson(job.result);
  else
    terminal.note(
      `${job.job_id} is ${job.status}${job.error_message === null ? '' : `: ${job.error_message}`}`,
    );
  return job.finished_at === null ? EXIT_CODES.late : exitCodeOf(job.status);
}
