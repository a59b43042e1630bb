import { randomUUID } from 'node:crypto';
import { statSync } from 'node:fs';
import type { Extras } from '../../command.js';
import { CliError } from '../../cli.error.js';
import { jobsOf } from '../../output/counted.js';
import { ProgressBar } from '../../output/progress-bar.js';
import { terminal } from '../../output/terminal.js';
import { interruptible } from '../../service/interruption.js';
import { countFrom } from '../../service/pages.js';
import { patiently } from '../../service/patiently.js';
import { RefusedError } from '../../service/refused.error.js';
import type { Service } from '../../service/service.js';
import { type Batch, batchesOf, fingerprintOf, nameOf } from './job-lines.js';

const USUAL_BATCH = 500;

/** A request takes 1 MiB unless the service is told otherwise; keys and commas need some of it. */
const BATCH_BYTES = 700_000;

interface Accepted {
  readonly job_id: string;
  readonly created: boolean;
}

/** Submits the jobs of a file, batch by batch, each at most once however often it is asked for. @returns the exit code */
export async function submitMany(service: Service, file: string, extras: Extras): Promise<number> {
  const most = countFrom(extras.batch, '--batch') ?? USUAL_BATCH;
  const key = extras.key ?? (file === '-' ? randomUUID() : await fingerprintOf(file));
  const submission = new Submission(service, file, key, extras.json !== undefined);
  const parting = () => submission.partingWords(extras.key !== undefined);
  await interruptible(parting, async () => {
    try {
      for await (const batch of batchesOf(file, { most, bytes: BATCH_BYTES })) await submission.send(batch);
    } catch (error) {
      parting();
      throw error;
    }
  });
  submission.end();
  return 0;
}

/** How far it is. */
class Submission {
  private readonly bar = new ProgressBar();
  private readonly size: number | undefined;
  private sentBytes = 0;
  private accepted = 0;
  private known = 0;

  constructor(
    private readonly service: Service,
    private readonly file: string,
    private readonly key: string,
    private readonly asJson: boolean,
  ) {
    this.size = file === '-' ? undefined : statSync(file).size;
  }

  /** @throws CliError naming the lines that were refused; of a refused batch no job is there */
  async send(batch: Batch): Promise<void> {
    const jobs = batch.map(({ job, number }) => ({ idempotency_key: `${this.key}:${number}`, ...job }));
    const told = () => this.bar.above(() => terminal.note('The service does not answer. Trying again …'));
    try {
      const ask = () => this.service.post<{ jobs: Accepted[] }>('/jobs/batch', { jobs });
      this.note(batch, (await patiently(ask, { told })).jobs);
    } catch (error) {
      if (!(error instanceof RefusedError)) throw error;
      if (error.status !== 413 || batch.length === 1) throw this.atLines(error, batch);
      const middle = Math.ceil(batch.length / 2);
      await this.send(batch.slice(0, middle));
      await this.send(batch.slice(middle));
    }
  }

  end(): void {
    this.bar.end();
    if (this.asJson) terminal.note(this.sum);
    else terminal.print(this.sum);
  }

  /** What somebody wants to know who has to stop in the middle. */
  partingWords(isNamed: boolean): void {
    this.bar.end();
    const how = this.file === '-' && !isNamed ? `the same input with --key ${this.key}` : 'the same command';
    terminal.note(`${this.sum} To go on, give ${how}: no job will be there twice.`);
  }

  private get sum(): string {
    const known = this.known > 0 ? `, ${this.known} were there already` : '';
    return `${jobsOf(this.accepted)} accepted${known}.`;
  }

  private note(batch: Batch, answers: readonly Accepted[]): void {
    for (const { created } of answers) {
      if (created) this.accepted += 1;
      else this.known += 1;
    }
    for (const { bytes } of batch) this.sentBytes += bytes + 1;
    if (this.asJson) this.bar.above(() => answers.forEach((answer) => terminal.printJsonLine(answer)));
    this.bar.show({
      share: this.size === undefined ? undefined : this.sentBytes / this.size,
      says: this.sum,
    });
  }

  /** Faults are told by their places in a batch that nobody has seen: the lines of the file are what helps. */
  private atLines(error: RefusedError, batch: Batch): CliError {
    const first = `${nameOf(this.file)}:${batch[0]?.number}`;
    if (error.faults.length === 0) return new CliError(error.exitCode, `From ${first} on: ${error.message}`);
    const lines = error.faults.map(({ pointer, detail }) => {
      const [, at, rest] = /^\/jobs\/(\d+)(.*)$/.exec(pointer) ?? [];
      const line = at === undefined ? undefined : batch[Number(at)]?.number;
      return `${nameOf(this.file)}:${line ?? batch[0]?.number}: ${rest ? `${rest}: ` : ''}${detail}`;
    });
    return new CliError(error.exitCode, lines.join('\n'));
  }
}
