import { Inject, Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { withLogFields } from '../common/index.js';
import { CONFIG, type Config } from '../config/index.js';
import {
  type ClaimedJob,
  type EndedAttempt,
  type Job,
  type JobError,
  JobEvents,
  type Outcome,
  isFault,
} from '../queue/index.js';

/** Levels at which every step of every job is told; above, only what went wrong. */
const TALKATIVE: ReadonlySet<string> = new Set(['trace', 'debug']);

/** Tells the log what happens to jobs. Of errors only their names: their messages may say what is nobody's business. */
@Injectable()
export class JobLogListener implements OnModuleInit {
  private readonly logger = new Logger('Jobs');

  constructor(
    private readonly events: JobEvents,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  onModuleInit(): void {
    this.events.on('settled', (job, outcome, error) => this.onSettled(job, outcome, error));
    this.events.on('refused', (id, attempt, outcome) => this.onRefused(id, attempt, outcome));
    if (!this.isTalkative) return;
    this.events.on('enqueued', (jobs) => jobs.forEach((job) => this.onEnqueued(job)));
    this.events.on('claimed', (jobs) => jobs.forEach((job) => this.onClaimed(job)));
  }

  private get isTalkative(): boolean {
    return TALKATIVE.has(this.config.logLevel);
  }

  private onEnqueued({ id, type, queue }: Job): void {
    withLogFields({ job_id: id, job_type: type }, () => this.logger.debug(`Job ${id}: accepted in ${queue}`));
  }

  private onClaimed({ id, type, attempts, maxAttempts }: ClaimedJob): void {
    const words = `Job ${id}: attempt ${attempts}/${maxAttempts ?? 'unlimited'} starts`;
    withLogFields({ job_id: id, job_type: type, attempt: attempts }, () => this.logger.debug(words));
  }

  private onSettled(job: EndedAttempt, outcome: Outcome['kind'], error: JobError | null): void {
    const wentWrong = isFault(outcome);
    if (!wentWrong && !this.isTalkative) return;
    const { id, type, attempts, status } = job;
    const words = `Job ${id}: attempt ${attempts} ${wordsFor(outcome)}${error ? ` (${error.name})` : ''}, the job is ${status}`;
    withLogFields({ job_id: id, job_type: type, attempt: attempts }, () =>
      wentWrong ? this.logger.warn(words) : this.logger.debug(words),
    );
  }

  private onRefused(id: string, attempt: number, outcome: Outcome['kind']): void {
    withLogFields({ job_id: id, attempt }, () =>
      this.logger.warn(`Job ${id}: attempt ${attempt} had lost its claim, and "${outcome}" came too late`),
    );
  }
}

function wordsFor(outcome: Outcome['kind']): string {
  return outcome === 'failed' ? 'has failed' : `ended as ${outcome.replace('_', ' ')}`;
}
