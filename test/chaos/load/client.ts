import { appendFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { now } from '../clock.js';
import type { Backlog } from './backlog.js';
import type { WantedJob, Wish, WishList } from './requests.js';
import { type Fate, submit } from './submission.js';

/** A job that was asked for, and what came of it. */
export interface Asked extends WantedJob {
  /** When it was sent first, epoch ms. */
  readonly sentAt: number;
  readonly fate: Fate['kind'];
  /** Ids it was answered with; more than one only when one request got two jobs. */
  readonly ids: readonly string[];
  /** Markers of the jobs it depends on. */
  readonly parents: readonly string[];
  /** Those of them after whose failure it goes on. */
  readonly tolerated?: readonly string[];
  readonly why?: string;
}

/** While the product is away no more requests than this wait for it. */
const MOST_OPEN = 200;

/** Submits jobs at a steady rate, as many clients would while there is room for more, and writes down every id it was promised. */
export class LoadClient {
  readonly asked: Asked[] = [];
  requests = 0;
  repeated = 0;
  private readonly open = new Set<Promise<void>>();
  private readonly end = new AbortController();
  private stopped = false;

  constructor(
    private readonly wishes: WishList,
    private readonly addresses: () => readonly string[],
    private readonly acceptedFile: string,
    private readonly backlog: Pick<Backlog, 'isFull'>,
  ) {}

  /** Resolves when it was told to stop. */
  async run(jobsPerSecond: number): Promise<void> {
    let dueAt = now();
    while (!this.stopped) {
      const wish = this.wishes.next();
      const work = this.grant(wish).finally(() => this.open.delete(work));
      this.open.add(work);
      dueAt = Math.max(dueAt + (wish.jobs.length / jobsPerSecond) * 1000, now() - 1_000);
      await pause(Math.max(0, dueAt - now()));
      while ((this.open.size >= MOST_OPEN || this.backlog.isFull) && !this.stopped) await pause(50);
    }
  }

  /** Asks for nothing new, and waits until every request has its answer, at most so long (ms). */
  async stop(withinMs: number): Promise<void> {
    this.stopped = true;
    const limit = setTimeout(() => this.end.abort(), withinMs);
    await Promise.all(this.open);
    clearTimeout(limit);
  }

  private async grant({ form, jobs }: Wish): Promise<void> {
    if (form === 'batch') return this.askTogether(jobs);
    if (form === 'family') return this.askFamily(jobs);
    if (form === 'workflow') return this.askWorkflow(jobs);
    const [job] = jobs;
    if (job) await this.ask(job, form);
  }

  private async askTogether(jobs: readonly WantedJob[]): Promise<void> {
    const sentAt = Date.now();
    const body = { jobs: jobs.map((job) => ({ ...job.body, idempotency_key: job.marker })) };
    const fate = await this.send({ path: '/jobs/batch', body, repeats: true });
    jobs.forEach((job, index) =>
      this.note({ ...job, sentAt }, fate, fate.kind === 'accepted' ? [fate.ids[index]!] : []),
    );
  }

  /** What follows the end of all of them tells by its marker whose end that was. */
  private async askWorkflow(jobs: readonly WantedJob[]): Promise<void> {
    const sentAt = Date.now();
    const refOf = (marker: string) => marker.replace(' ', '-');
    const name = `flow of ${jobs[0]!.marker}`;
    const body = {
      name,
      jobs: jobs.map(({ marker, body: wanted, after = [] }) => ({
        ...wanted,
        ref: refOf(marker),
        depends_on: after.map((edge) => ({ ref: refOf(edge.marker), on_failure: edge.onFailure })),
      })),
      on_finished: { type: 'chaos_work', payload: { marker: `end of ${name}`, ms: 5 } },
    };
    const fate = await this.send({ path: '/workflows', body, key: name, repeats: true });
    // The answer has them in the order in which they can start.
    for (const job of jobs) {
      const ids = fate.kind === 'accepted' ? [fate.idOf(refOf(job.marker))] : [];
      const after = job.after ?? [];
      const tolerated = after.filter(({ onFailure }) => onFailure === 'continue');
      const parents = after.map(({ marker }) => marker);
      this.note(
        { ...job, sentAt },
        fate,
        ids,
        parents,
        tolerated.map(({ marker }) => marker),
      );
    }
  }

  /** Each of them waits for those before it. */
  private async askFamily(jobs: readonly WantedJob[]): Promise<void> {
    const parents: Asked[] = [];
    for (const job of jobs) {
      if (parents.some(({ fate }) => fate !== 'accepted')) return;
      const depends_on = parents.flatMap(({ ids }) => ids);
      const body = parents.length > 0 ? { ...job.body, depends_on } : job.body;
      parents.push(
        await this.ask(
          { ...job, body },
          'keyed',
          parents.map(({ marker }) => marker),
        ),
      );
    }
  }

  /** A twin is sent twice at once: both must be answered with the same job. */
  private async ask(
    wanted: WantedJob,
    form: 'keyed' | 'once' | 'twin',
    parents: string[] = [],
  ): Promise<Asked> {
    const job = { ...wanted, sentAt: Date.now() };
    const keyed = { path: '/jobs', body: job.body, key: job.marker, repeats: true };
    if (form === 'once') {
      const fate = await this.send({ path: '/jobs', body: job.body, repeats: false });
      return this.note(job, fate, fate.kind === 'accepted' ? fate.ids : [], parents);
    }
    const fates = await Promise.all(Array.from({ length: form === 'twin' ? 2 : 1 }, () => this.send(keyed)));
    const ids = new Set(fates.flatMap((fate) => (fate.kind === 'accepted' ? fate.ids : [])));
    const best = fates.find(({ kind }) => kind === 'accepted') ?? fates[0]!;
    return this.note(job, best, [...ids], parents);
  }

  private async send(submission: Parameters<typeof submit>[0]): Promise<Fate> {
    const fate = await submit(submission, this.addresses, this.end.signal);
    this.requests += 1;
    if (fate.tries > 1) this.repeated += 1;
    return fate;
  }

  private note(
    job: WantedJob & Pick<Asked, 'sentAt'>,
    fate: Fate,
    ids: readonly string[],
    parents: readonly string[] = [],
    tolerated: readonly string[] = [],
  ): Asked {
    const asked: Asked = {
      ...job,
      fate: fate.kind,
      ids,
      parents,
      tolerated,
      ...(fate.kind === 'refused' ? { why: fate.why } : {}),
    };
    this.asked.push(asked);
    appendFileSync(
      this.acceptedFile,
      `${JSON.stringify({ at: now(), marker: job.marker, fate: fate.kind, ids })}\n`,
    );
    return asked;
  }
}
