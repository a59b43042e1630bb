import { uuidv7 } from 'uuidv7';
import { MemoryPlacement } from '../../src/queue/in-memory/memory-placement.js';
import { type ClaimedJob, InMemoryQueue, type Job, JobMemory, type Managed } from '../../src/queue/index.js';
import type { TestKit } from '../../src/testing/index.js';
import { HOUR_MS, OUTCOMES, answersOf, newJobOf, submitTo } from './asking.js';
import type { Action } from './commands.js';
import { type ModelClaim, type View, isWaiting } from './model-job.js';

/** The names of sequences are good enough: nothing else is in this memory. */
const AS_THEY_ARE = { queueOf: (name: string) => name, nameOf: (name: string) => name };

/** The jobs of one sequence in memory. */
export class MemoryWorld {
  private readonly ids: string[] = [];
  private readonly numbers = new Map<string, number>();
  private readonly claims = new Map<string, ClaimedJob>();
  private readonly queue: InMemoryQueue;
  private readonly memory: JobMemory;

  constructor(private readonly kit: TestKit) {
    kit.reset();
    this.queue = kit.get(InMemoryQueue);
    this.memory = kit.get(JobMemory);
  }

  /** Makes the id of the next job and answers with its number. */
  nextNumber(): number {
    const id = uuidv7();
    this.numbers.set(id, this.ids.length);
    return this.ids.push(id) - 1;
  }

  /** Does what the action says. @returns what the queue answered */
  async perform(action: Action): Promise<unknown> {
    switch (action.do) {
      case 'submit':
        return submitTo(this.queue, newJobOf(action.job, this.ids, AS_THEY_ARE), this.numbers);
      case 'claim':
        return this.claim(action);
      case 'settle':
        return this.settle(action);
      case 'crash':
        return this.crash(action.worker);
      case 'cancel':
        return this.answers(await this.queue.cancel(this.idsOf(action.jobs), 'me'));
      case 'retry':
        return this.answers(await this.queue.retry(this.idsOf(action.jobs), 'me'));
      case 'run now':
        return this.answers(await this.queue.runNow(this.idsOf(action.jobs), 'me'));
      case 'discard':
        return this.answers(await this.queue.discard(this.idsOf(action.jobs)));
      case 'edit':
        return this.edit(action);
      case 'pass':
        return this.pass(action.jobs);
      case 'mend':
        return 0;
    }
  }

  /** The same as the model shows it. */
  view(): View {
    const jobs = this.memory.all().map((job) => [this.numberOf(job.id), this.factsOf(job)]);
    const line = [...this.memory.line.keys()].map(
      (id) => `${this.numberOf(id)} ${this.memory.get(id).queue}`,
    );
    const locks = [...this.memory.locks].map(([lock, id]) => [lock, this.numberOf(id)]);
    return { jobs: Object.fromEntries(jobs), locks: Object.fromEntries(locks), line: line.sort() };
  }

  private factsOf(job: Job): object {
    const { status, attempts, queue, priority, workerId: worker } = job;
    const cancelRequested = job.cancelRequestedAt !== null;
    const ledger = this.memory.historyOf(job.id).map(({ event, attempt }) => `${event} ${attempt}`);
    const [limit, open] = [job.maxAttempts, job.openDependencies];
    const facts = { status, attempts, limit, open, queue, priority, cancelRequested, ledger, worker };
    return status === 'PENDING' ? { ...facts, due: job.scheduledAt <= this.memory.now } : facts;
  }

  private claim({ queue, limit, worker }: Extract<Action, { do: 'claim' }>): string[] {
    const answers: string[] = [];
    for (let job; answers.length < limit && (job = this.queue.claimNext(worker, queue));) {
      const answer = `${this.numberOf(job.id)} ${job.attempts}`;
      this.claims.set(answer, job);
      answers.push(answer);
    }
    return answers.sort();
  }

  private settle({ claims, outcome }: Extract<Action, { do: 'settle' }>): string[] {
    const attempts = claims.map(({ job, attempt }) => this.claims.get(`${job} ${attempt}`)!);
    const settled = this.queue.settle(attempts.map((claim) => ({ claim, outcome: OUTCOMES[outcome] })));
    const written = new Set(settled.written.map(({ id }) => id));
    const fateOf = (id: string) => (written.has(id) ? 'written' : 'refused');
    return attempts.map(({ id }) => `${this.numberOf(id)} ${fateOf(id)}`).sort();
  }

  private crash(worker: string): number {
    const held = this.memory.all().filter((job) => job.status === 'PROCESSING' && job.workerId === worker);
    const claims: ModelClaim[] = held.map(({ id, attempts, maxAttempts }) => ({
      job: this.numberOf(id),
      attempt: attempts,
      limit: maxAttempts,
    }));
    return this.settle({ do: 'settle', claims, outcome: 'interrupted' }).length;
  }

  private async edit({ jobs, changes }: Extract<Action, { do: 'edit' }>): Promise<string[]> {
    const { due, ...others } = changes;
    const at = new Date(due ? 0 : this.kit.now.getTime() + HOUR_MS);
    const wanted = { ...others, ...(due === undefined ? {} : { scheduledAt: at }) };
    return this.answers(await this.queue.edit(this.idsOf(jobs), wanted, 'me'));
  }

  /** Time passes for some jobs only, which no clock can do. */
  private pass(numbers: readonly number[]): void {
    const { now } = this.memory;
    for (const job of this.memory.find(this.idsOf(numbers)))
      if (isWaiting(job) && job.scheduledAt > now) job.scheduledAt = now;
    this.kit.get(MemoryPlacement).promote();
  }

  private answers(managed: readonly Managed[]): string[] {
    return answersOf(managed, this.numbers);
  }

  private idsOf(numbers: readonly number[]): string[] {
    return numbers.map((number) => this.ids[number]!);
  }

  private numberOf(id: string): number {
    return this.numbers.get(id)!;
  }
}
