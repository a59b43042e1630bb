import autocannon from 'autocannon';
import type { Command, Subject, Work } from './commands.js';
import type { Figures } from './measures.js';
import { RemoteSubject } from './remote-subject.js';
import { serverCpuMs } from './usage.js';
import { SUBJECTS, type SubjectInfo, type SubjectName } from './subjects.js';

const SINGLE_MS = 1_500;
const HTTP_SECONDS = 3;

/** Code is compiled after it has run for a while: seconds of requests, and a share of the jobs, that do not count. */
const HTTP_WARM_UP_SECONDS = 5;
const WARM_UP_SHARE = 4;

const STARTS = 120;
const CALLERS = 32;
const CONNECTIONS = 64;

/** Where a round takes place. */
export interface Place {
  /** An empty database. */
  readonly databaseUrl: string;
  readonly redisUrl: string;
  /** The process whose children serve the subject. */
  readonly serverPid: number;
}

/** Processor time (µs) that one job takes in the server and in the process that asks it. */
export interface Cpu {
  readonly server: number;
  readonly process: number;
}

export interface Result {
  readonly figures: Figures;
  readonly cpu: Partial<Record<keyof Figures, Cpu>>;
}

/** What each subject can do. */
const CAN: Record<SubjectName, readonly Command[]> = {
  roundhouse: ['submitSingly', 'submitInBulk', 'drain', 'latencies', 'serve'],
  'pg-boss': ['submitSingly', 'submitInBulk', 'drain', 'latencies', 'serve'],
  graphile: ['submitSingly', 'submitInBulk', 'drain', 'latencies'],
  'bullmq-pg': ['submitSingly', 'submitInBulk', 'drain', 'latencies'],
  'bullmq-redis': ['submitSingly', 'submitInBulk', 'drain', 'latencies'],
  postgresql: ['submitInBulk', 'drain'],
  'no-database': ['serve'],
};

/** What a subject finds in its environment besides its database. */
export const SUBJECT_ENVIRONMENT = {
  PORT: '0',
  LOG_LEVEL: 'error',
  WORKER_METRICS_PORT: '0',
  PERIODIC_TASKS_ENABLED: 'false',
} as const;

/** Takes all figures of one subject, in a process and a database of its own. */
export async function measure(name: SubjectName, place: Place): Promise<Result> {
  const info: SubjectInfo = SUBJECTS[name];
  const onlyPlace = info.server === 'redis' ? place : { ...place, redisUrl: '' };
  return measureSubject(info.file, CAN[name], info.jobs, onlyPlace);
}

/** Takes the figures that these commands give, of the subject in this file. */
export async function measureSubject(
  file: string,
  can: readonly Command[],
  jobs: number,
  place: Place,
): Promise<Result> {
  const subject = RemoteSubject.start(file, {
    DATABASE_URL: place.databaseUrl,
    ...(place.redisUrl === '' ? {} : { REDIS_URL: place.redisUrl }),
    ...SUBJECT_ENVIRONMENT,
  });
  try {
    await subject.ask('prepare');
    return await new Round(subject, can, place.serverPid).take(jobs);
  } finally {
    await subject.end();
  }
}

class Round {
  private readonly figures: Figures = {};
  private readonly cpu: Result['cpu'] = {};
  private submitted = 0;

  constructor(
    private readonly subject: RemoteSubject,
    private readonly can: readonly Command[],
    private readonly serverPid: number,
  ) {}

  async take(jobs: number): Promise<Result> {
    if (this.can.includes('submitSingly'))
      this.submitted += await this.work('single', 'submitSingly', CALLERS, SINGLE_MS);
    if (this.can.includes('submitInBulk')) await this.warmUp(Math.ceil(jobs / WARM_UP_SHARE));
    if (this.can.includes('submitInBulk')) this.submitted += await this.work('bulk', 'submitInBulk', jobs);
    if (this.can.includes('drain')) await this.work('drain', 'drain', this.submitted);
    if (this.can.includes('latencies')) await this.takeStarts();
    if (this.can.includes('serve')) await this.takeHttp();
    return { figures: this.figures, cpu: this.cpu };
  }

  private async warmUp(jobs: number): Promise<void> {
    const { result } = await this.subject.ask('submitInBulk', jobs);
    this.submitted += result.jobs;
    await this.subject.ask('drain', this.submitted);
    this.submitted = 0;
  }

  private async work<C extends 'submitSingly' | 'submitInBulk' | 'drain'>(
    figure: 'single' | 'bulk' | 'drain',
    command: C,
    ...args: Parameters<NonNullable<Subject[C]>>
  ): Promise<number> {
    const before = serverCpuMs(this.serverPid);
    const { result, cpuMs } = await this.subject.ask(command, ...args);
    const { jobs, ms, stored = jobs } = result as Work;
    this.figures[figure] = (jobs / ms) * 1000;
    this.cpu[figure] = {
      server: ((serverCpuMs(this.serverPid) - before) * 1000) / jobs,
      process: (cpuMs * 1000) / jobs,
    };
    return stored;
  }

  private async takeStarts(): Promise<void> {
    const { result } = await this.subject.ask('latencies', STARTS);
    const sorted = result.slice(20).sort((a, b) => a - b);
    const at = (share: number) => sorted[Math.floor(sorted.length * share)] ?? NaN;
    this.figures.startP50 = at(0.5);
    this.figures.startP99 = at(0.99);
  }

  private async takeHttp(): Promise<void> {
    const { result: url } = await this.subject.ask('serve');
    await this.send(url, HTTP_WARM_UP_SECONDS);
    const { requests, latency } = await this.send(url, HTTP_SECONDS);
    this.figures.http = requests.average;
    this.figures.httpP99 = latency.p99;
  }

  private async send(url: string, seconds: number): Promise<autocannon.Result> {
    const result = await autocannon({
      url: `${url}/jobs`,
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ payload: { hello: 'world', filler: 'x'.repeat(60) } }),
      connections: CONNECTIONS,
      duration: seconds,
    });
    const { non2xx, errors } = result;
    if (non2xx + errors > 0) throw new Error(`${non2xx} answers were not 2xx, ${errors} requests failed`);
    return result;
  }
}
