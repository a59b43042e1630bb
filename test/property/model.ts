import type { Action, OutcomeWord, Submission } from './commands.js';
import {
  type Changes,
  type Key,
  type ModelClaim,
  type ModelJob,
  type View,
  type World,
  byBirth,
  claimOf,
  endOf,
  endedBadly,
  eventOf,
  holds,
  isFinal,
  isUnclaimed,
  isWaiting,
  rank,
  endAttempt,
  newJob,
  record,
  recordRefusal,
  viewOfWorld,
  waitsForOthers,
  OLDEST,
} from './model-job.js';
import { lacksParent, revival, revivedBy, waitAgain } from './model-retries.js';

type ClaimAction = Extract<Action, { do: 'claim' }>;

/**
 * The contract of the queue as a program without a database: what each operation answers and what becomes of the
 * jobs, when operations come one after the other.
 */
export class Model {
  constructor(
    readonly world: World = { jobs: [], purged: [], locks: {}, keys: {}, claims: [], operations: 0 },
  ) {}

  copy(): Model {
    return new Model(structuredClone(this.world));
  }

  find(number: number): ModelJob | undefined {
    return this.world.jobs.find((job) => job.number === number);
  }

  /**
   * Does what the action says.
   * @param actual what the queue answered: of tickets made in one transaction it may choose any
   * @returns what the queue is to answer
   */
  apply(action: Action, actual: unknown): unknown {
    this.world.operations += 1;
    switch (action.do) {
      case 'submit':
        return this.submit(action.job);
      case 'claim':
        return this.claim(action, Array.isArray(actual) ? actual : []);
      case 'settle':
        return this.settle(action.claims, action.outcome);
      case 'crash':
        return this.crash(action.worker);
      case 'cancel':
        return this.cancel(action.jobs);
      case 'retry':
        return this.retry(action.jobs);
      case 'run now':
        return this.move(action.jobs, 'run_now', { due: true }, ({ status }) => status === 'PENDING');
      case 'edit':
        return this.move(action.jobs, 'updated', action.changes, isWaiting);
      case 'discard':
        return this.discard(action.jobs);
      case 'pass':
        return this.pass(action.jobs);
      case 'mend':
        return 0;
    }
  }

  view(): View {
    return viewOfWorld(this.world);
  }

  /** Takes over what is nobody's to say when operations come at the same time: the order of creations and tickets. */
  adopt(observed: readonly Pick<ModelJob, 'number' | 'born' | 'ready'>[]): void {
    for (const { number, born, ready } of observed) {
      const job = this.find(number);
      if (job)
        Object.assign(job, { born: born - OLDEST, ready: ready === undefined ? undefined : ready - OLDEST });
    }
  }

  // Submitting

  private submit(job: Submission): string {
    const before = structuredClone(this.world);
    const keys = this.takeKeys(job);
    const { idempotency, unique } = job;
    const replay = idempotency && this.replayOf(this.world.keys[keys.idempotency]!);
    if (replay !== null && replay !== undefined && replay !== job.number) {
      if (this.world.keys[keys.idempotency]!.fingerprint === idempotency!.fingerprint)
        return `replayed ${replay}`;
      this.restore(before);
      return 'refused: idempotency_key_reused';
    }
    const holder = unique && this.holderOf(this.world.keys[keys.unique]!, unique.while, job.number);
    if (holder && unique.onConflict === 'reject') {
      this.restore(before);
      return 'refused: job_already_exists';
    }
    if (job.parents.some((parent) => !this.find(parent)) && !holder) {
      this.restore(before);
      return 'refused: validation_failed';
    }
    const answers = holder?.number ?? job.number;
    if (idempotency)
      this.world.keys[keys.idempotency] = { job: answers, fingerprint: idempotency.fingerprint };
    if (!holder) {
      if (unique) this.world.keys[keys.unique] = { job: job.number, held: unique.while };
      this.create(job);
      return `created ${job.number}`;
    }
    if (unique.onConflict === 'replace' && isUnclaimed(holder)) {
      this.place([holder], 'replaced', { priority: job.priority, due: !job.later });
    }
    return `existing ${holder.number}`;
  }

  /** A key nobody has asked for yet belongs to who asks first, whatever comes of it. */
  private takeKeys({ number, idempotency, unique }: Submission): { idempotency: string; unique: string } {
    const names = { idempotency: `idempotency ${idempotency?.key}`, unique: `unique ${unique?.key}` };
    if (idempotency)
      this.world.keys[names.idempotency] ??= { job: number, fingerprint: idempotency.fingerprint };
    if (unique) this.world.keys[names.unique] ??= { job: number, held: unique.while };
    return names;
  }

  private replayOf({ job }: Key): number | undefined {
    return this.find(job) || this.world.purged.includes(job) ? job : undefined;
  }

  private holderOf(key: Key, held: Key['held'], asking: number): ModelJob | undefined {
    const holder = key.job === asking ? undefined : this.find(key.job);
    return holder && (holds(holder, key.held) || holds(holder, held)) ? holder : undefined;
  }

  private create(job: Submission): void {
    const parents = [...new Set(job.parents)];
    const isPassed = (parent: number) => endedBadly(this.find(parent)!) && job.tolerates.includes(parent);
    const open = parents.filter(
      (parent) => this.find(parent)!.status !== 'COMPLETED' && !isPassed(parent),
    ).length;
    const created = newJob(job, parents, open);
    this.world.jobs.push(created);
    this.stand(created);
    if (parents.some((parent) => endedBadly(this.find(parent)!) && !isPassed(parent)))
      this.endWaiting(created, true);
  }

  private claim({ queue, limit, worker }: ClaimAction, taken: readonly unknown[]): string[] {
    const isTaken = (job: ModelJob) => Number(taken.includes(`${job.number} ${job.attempts + 1}`));
    const inLine = this.inLine().filter((job) => job.queue === queue);
    inLine.sort((a, b) => rank(b) - rank(a) || a.ready! - b.ready! || isTaken(b) - isTaken(a));
    const claimed = inLine.slice(0, limit);
    for (const job of claimed) {
      job.status = 'PROCESSING';
      job.attempts += 1;
      job.worker = worker;
      job.ready = undefined;
      record(job, 'started');
      this.world.claims.push(claimOf(job));
    }
    return claimed.map((job) => `${job.number} ${job.attempts}`).sort();
  }

  private settle(claims: readonly ModelClaim[], outcome: OutcomeWord): string[] {
    const answers = claims.map((claim) => `${claim.job} ${this.fateOf(claim, outcome)}`).sort();
    for (const claim of claims)
      if (this.fateOf(claim, outcome) === 'refused') recordRefusal(this.find(claim.job), claim, outcome);
    const current = claims.filter((claim) => this.isCurrent(claim));
    const settled = current.map((claim) => ({ job: this.find(claim.job)!, claim }));
    for (const { job, claim } of settled) {
      endAttempt(job, claim, outcome);
      this.giveTicket(job);
    }
    this.sendAfter(settled.map(({ job }) => job));
    return answers;
  }

  private crash(worker: string): number {
    const held = this.world.jobs.filter((job) => job.status === 'PROCESSING' && job.worker === worker);
    return this.settle(held.map(claimOf), 'interrupted').length;
  }

  private isCurrent({ job: number, attempt }: ModelClaim): boolean {
    const job = this.find(number);
    return job?.status === 'PROCESSING' && job.attempts === attempt;
  }

  private fateOf(claim: ModelClaim, outcome: OutcomeWord): string {
    if (this.isCurrent(claim)) return 'written';
    const end = endOf(this.find(claim.job)?.ledger ?? [], claim.attempt);
    return end === eventOf(outcome) || end === 'cancelled' ? 'known' : 'refused';
  }

  // Managing
  private cancel(numbers: readonly number[]): string[] {
    const jobs = this.found(numbers);
    const answers = this.answer(numbers, (job) =>
      isFinal(job) ? 'conflict' : job.status === 'PROCESSING' ? 'requested' : 'done',
    );
    for (const job of jobs.filter(({ status }) => status === 'PROCESSING')) {
      if (!job.cancelRequested) record(job, 'cancel_requested');
      job.cancelRequested = true;
    }
    const waiting = jobs.filter(isWaiting);
    for (const job of waiting) {
      this.endWaiting(job, false);
      job.cancelRequested = true;
    }
    this.sendAfter(waiting);
    return answers;
  }

  private retry(numbers: readonly number[]): string[] {
    const asked = this.found(numbers).filter(endedBadly);
    const given = new Set<string>();
    const again = revivedBy(this.world, asked, (job) => this.retakeKey(job, given));
    const answers = this.answer(numbers, (job) => {
      if (!asked.includes(job)) return 'conflict';
      if (again.includes(job)) return 'done';
      return lacksParent(this.world, job, again)
        ? 'conflict: dependency_failed'
        : 'conflict: job_already_exists';
    });
    waitAgain(this.world, again);
    this.placeAll(again.map((job) => revival(this.world, job, again, asked)));
    return answers;
  }

  private retakeKey(job: ModelJob, given: Set<string>): boolean {
    const { unique } = job;
    if (!unique || (unique.while === 'waiting' && job.attempts > 0)) return true;
    const name = `unique ${unique.key}`;
    if (given.has(name)) return false;
    const key = (this.world.keys[name] ??= { job: job.number, held: unique.while });
    if (this.holderOf(key, unique.while, job.number)) return false;
    if (key.job !== job.number) this.world.keys[name] = { job: job.number, held: unique.while };
    given.add(name);
    return true;
  }

  private move(
    numbers: readonly number[],
    event: string,
    changes: Changes,
    isAllowed: (job: ModelJob) => boolean,
  ): string[] {
    const answers = this.answer(numbers, (job) => (isAllowed(job) ? 'done' : 'conflict'));
    this.place(this.found(numbers).filter(isAllowed), event, changes);
    return answers;
  }

  private discard(numbers: readonly number[]): string[] {
    const answers = this.answer(numbers, (job) => (isFinal(job) ? 'done' : 'conflict'));
    for (const job of this.found(numbers).filter(isFinal)) {
      this.world.jobs = this.world.jobs.filter((other) => other !== job);
      // Idempotency keys outlive the job, unique keys do not.
      for (const [name, key] of Object.entries(this.world.keys)) {
        if (key.job !== job.number) continue;
        if (name.startsWith('idempotency ')) this.world.purged.push(job.number);
        else key.job = -1;
      }
    }
    return answers;
  }

  /** The time of scheduled jobs comes, and the promoter. */
  private pass(numbers: readonly number[]): void {
    const passed = this.found(numbers).filter((job) => job.status === 'PENDING' && !job.due);
    for (const job of this.found(numbers).filter(isWaiting)) job.due = true;
    for (const job of passed.sort(byBirth)) {
      if (this.mayHold(job)) this.giveTicket(job);
      else this.block(job, 'blocked');
    }
  }

  // What everything comes down to

  /** Jobs that wait take on what is new and stand where they belong. */
  private place(jobs: readonly ModelJob[], event: string, changes: Changes): void {
    this.placeAll(jobs.map((job) => ({ job, event, changes })));
  }

  private placeAll(entries: readonly { job: ModelJob; event: string; changes: Changes }[]): void {
    const places = entries.toSorted((a, b) => byBirth(a.job, b.job));
    const leavers = places
      .filter(({ job, changes }) => job.lock !== null && !(changes.due ?? job.due) && job.attempts === 0)
      .map(({ job }) => job);
    for (const { job, event, changes } of places) {
      Object.assign(job, changes);
      this.stand(job);
      record(job, event === 'unblocked' && job.status === 'BLOCKED' ? 'blocked' : event);
    }
    for (const job of leavers) this.handOn(job);
  }

  /** Into the line, behind a lock, behind other jobs, or aside until its time. */
  private stand(job: ModelJob): void {
    job.ready = undefined;
    const isFree = job.open === 0 && (!job.due || this.mayHold(job));
    job.status = isFree ? 'PENDING' : 'BLOCKED';
    if (isFree) this.giveTicket(job);
  }

  private block(job: ModelJob, event: string): void {
    job.status = 'BLOCKED';
    job.ready = undefined;
    record(job, event);
  }

  /** Takes the lock if it is free. */
  private mayHold({ lock, number }: ModelJob): boolean {
    if (lock === null) return true;
    this.world.locks[lock] ??= number;
    return this.world.locks[lock] === number;
  }

  private giveTicket(job: ModelJob): void {
    job.ready = job.status === 'PENDING' && job.due ? this.world.operations : undefined;
  }

  private endWaiting(job: ModelJob, fallen: boolean): void {
    job.status = 'CANCELLED';
    job.fallen = fallen;
    job.open = 0;
    job.ready = undefined;
    record(job, 'cancelled');
  }

  /** What the end of jobs means for others: their children first, then the next of their locks. */
  private sendAfter(jobs: readonly ModelJob[]): void {
    const ended = jobs.filter(isFinal);
    const free: ModelJob[] = [];
    for (let generation = ended; generation.length > 0;) {
      const parents = new Map(generation.map((job) => [job.number, job]));
      const children = this.world.jobs.filter(
        (job) => waitsForOthers(job) && job.parents.some((parent) => parents.has(parent)),
      );
      const theirs = (child: ModelJob) => child.parents.flatMap((parent) => parents.get(parent) ?? []);
      const doomed = children.filter((child) =>
        theirs(child).some((parent) => endedBadly(parent) && !child.tolerates.includes(parent.number)),
      );
      for (const child of children.filter((one) => !doomed.includes(one))) {
        child.open -= theirs(child).length;
        if (child.open === 0) free.push(child);
      }
      doomed.forEach((child) => this.endWaiting(child, true));
      generation = doomed;
    }
    this.place(free, 'unblocked', {});
    for (const job of ended) this.handOn(job);
  }

  private handOn({ lock, number }: ModelJob): void {
    if (lock === null || this.world.locks[lock] !== number) return;
    const line = this.world.jobs.filter(
      (job) => job.lock === lock && job.status === 'BLOCKED' && job.open === 0,
    );
    const [next] = line.sort(byBirth);
    if (!next) {
      Reflect.deleteProperty(this.world.locks, lock);
      return;
    }
    this.world.locks[lock] = next.number;
    next.status = 'PENDING';
    record(next, 'unblocked');
    this.giveTicket(next);
  }

  private inLine(): ModelJob[] {
    return this.world.jobs.filter((job) => job.ready !== undefined);
  }

  private found(numbers: readonly number[]): ModelJob[] {
    return numbers.flatMap((number) => this.find(number) ?? []);
  }

  private answer(numbers: readonly number[], answerOf: (job: ModelJob) => string): string[] {
    return numbers.map((number) => {
      const job = this.find(number);
      return `${number} ${job ? answerOf(job) : 'not_found'}`;
    });
  }

  private restore(world: World): void {
    Object.assign(this.world, world);
  }
}
