import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { listed } from '../common/index.js';
import { type Job, JobEvents } from '../queue/index.js';
import { JobRunner } from './job-runner.js';

const LOOK_EVERY_MS = 500;

/** A worker that hears nothing for this time (ms) is late for timeouts, cancels and signs of life. */
const LONG_MS = 1_000;

/** More jobs would not fit into a line that somebody reads. */
const MOST_NAMES = 10;

type Running = Pick<Job, 'id' | 'type'>;

/** Says which jobs ran when something kept the worker from doing anything else. */
@Injectable()
export class LoopWatch implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('Worker');
  private timer: NodeJS.Timeout | undefined;
  private lookedAt = 0;
  private cpu = process.cpuUsage();
  /** Jobs that have run since the last look: one that blocks the loop and ends at once would not be seen otherwise. */
  private readonly ran = new Map<string, Running>();

  constructor(
    private readonly runner: JobRunner,
    events: JobEvents,
  ) {
    events.on('claimed', (jobs) => jobs.forEach(({ id, type }) => this.ran.set(id, { id, type })));
  }

  onApplicationBootstrap(): void {
    this.lookedAt = performance.now();
    this.timer = setInterval(() => this.look(), LOOK_EVERY_MS).unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  private look(): void {
    const now = performance.now();
    const elapsed = now - this.lookedAt;
    const { user, system } = process.cpuUsage(this.cpu);
    if (elapsed - LOOK_EVERY_MS > LONG_MS) this.complain(elapsed, (user + system) / 1000);
    this.lookedAt = now;
    this.cpu = process.cpuUsage();
    this.ran.clear();
    for (const { id, type } of this.runner.runningJobs) this.ran.set(id, { id, type });
  }

  private complain(elapsedMs: number, busyMs: number): void {
    const seconds = ((elapsedMs - LOOK_EVERY_MS) / 1000).toFixed(1);
    const names = [...this.ran.values()].map(({ id, type }) => `${id} (${type})`);
    const jobs = listed(names, MOST_NAMES) || 'no job';
    this.logger.warn(
      `The event loop was blocked for ${seconds} s, ${(busyMs / 1000).toFixed(1)} s of it computing: no job of this worker could go on. Running meanwhile: ${jobs}. A type that computes for long should say isolate: true`,
    );
  }
}
