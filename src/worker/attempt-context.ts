import { AsyncLocalStorage } from 'node:async_hooks';
import type { ClassConstructor } from 'class-transformer';
import type { EntityManager } from 'typeorm';
import { type ArtifactStore, AttemptArtifacts, type JobArtifacts } from '../artifacts/index.js';
import { type DatabaseClock, traced } from '../common/index.js';
import { toInstance } from '../common/http/index.js';
import type { ClaimedJob, Job, JobResultsQuery, NewJob, QueueService } from '../queue/index.js';
import type { JobContext } from './job-handler.js';
import type { JobJournal } from './job-journal.js';
import { MOST_LINES } from './job-journal.store.js';
import type { JobTransactions } from './job-transactions.js';
import { lineOf, progressOf } from './job-words.js';

/** What a context speaks to. */
export interface ContextServices {
  readonly queue: QueueService;
  readonly transactions: JobTransactions;
  readonly journal: JobJournal;
  readonly clock: DatabaseClock;
  readonly artifactStore: ArtifactStore;
  readonly results: JobResultsQuery;
}

/** What can be told to end. */
export interface Abortable {
  readonly signal: AbortSignal;
}

/** The transaction in which a handler's function runs, and whose it is. */
const transactions = new AsyncLocalStorage<{ context: AttemptContext; manager: EntityManager }>();

/** What a handler is given. Its functions may be taken out of it. */
export class AttemptContext implements JobContext<object> {
  readonly jobId: string;
  readonly type: string;
  readonly attempt: number;
  readonly maxAttempts: number | null;
  readonly isLastAttempt: boolean;

  private transactionState: 'none' | 'open' | 'committed' = 'none';
  private lines = 0;
  private hasSpoken = false;
  private closed = false;
  private instance: object | undefined;
  private files: JobArtifacts | undefined;

  constructor(
    private readonly job: ClaimedJob,
    private readonly payloadType: ClassConstructor<object>,
    private readonly abortable: Abortable,
    private readonly services: ContextServices,
  ) {
    this.jobId = job.id;
    this.type = job.type;
    this.attempt = job.attempts;
    this.maxAttempts = job.maxAttempts;
    this.isLastAttempt = job.maxAttempts !== null && job.attempts >= job.maxAttempts;
  }

  get signal(): AbortSignal {
    return this.abortable.signal;
  }

  /** Made when the handler asks for it, so that one that cannot be made is the attempt's failure. */
  get payload(): object {
    this.instance ??= toInstance(this.payloadType, this.job.payload);
    return this.instance;
  }

  /** Made when it is asked for: most jobs have no files. */
  get artifacts(): JobArtifacts {
    const { jobId, attempt, signal } = this;
    this.files ??= new AttemptArtifacts(this.services.artifactStore, { jobId, attempt, signal });
    return this.files;
  }

  /** Whether the attempt has completed its job in its own transaction. */
  get hasCompleted(): boolean {
    return this.transactionState === 'committed';
  }

  readonly log: JobContext['log'] = (first: string, second?: string) => {
    // One line past the limit makes the journal say that there were more.
    if (this.closed || this.lines > MOST_LINES) return;
    this.lines += 1;
    this.hasSpoken = true;
    this.services.journal.addLine({ ...this.stamp(), ...lineOf(first, second) });
  };

  readonly progress: JobContext['progress'] = (percent, message) => {
    const progress = progressOf(percent, message);
    if (this.closed || !progress) return;
    this.hasSpoken = true;
    this.services.journal.setProgress({ ...this.stamp(), ...progress });
  };

  readonly enqueue = (async (jobs: NewJob | readonly NewJob[]): Promise<Job | Job[] | undefined> => {
    const inside = transactions.getStore();
    const manager = inside?.context === this ? inside.manager : undefined;
    const many: readonly NewJob[] = Array.isArray(jobs) ? jobs : [jobs];
    const enqueued = await this.services.queue.enqueue(many, manager ? { manager } : {});
    const stored = enqueued.map(({ job }) => job);
    return Array.isArray(jobs) ? stored : stored[0];
  }) as JobContext['enqueue'];

  readonly resultOf: JobContext['resultOf'] = (jobId, isForPeople) =>
    this.services.results.resultOf(jobId, this.jobId, isForPeople);

  readonly parents: JobContext['parents'] = () => this.services.results.parentsOf(this.jobId);

  readonly workflow: JobContext['workflow'] = () => this.services.results.workflowOf(this.jobId);

  readonly transaction: JobContext['transaction'] = async (work) => {
    if (this.transactionState !== 'none') {
      throw new Error(
        `job.transaction() was called a second time in attempt ${this.attempt} of job ${this.jobId}: it completes the job, so put all writes into one function`,
      );
    }
    this.transactionState = 'open';
    try {
      await this.flush();
      const inside = (manager: EntityManager) =>
        transactions.run({ context: this, manager }, () => work(manager));
      const result = await traced('transaction', {}, () =>
        this.services.transactions.run(this.job, this.signal, inside),
      );
      this.transactionState = 'committed';
      return result;
    } finally {
      // What was rolled back has not happened and may be tried again.
      if (!this.hasCompleted) this.transactionState = 'none';
    }
  };

  /** Takes nothing more, and writes what was said before the attempt is settled. */
  async close(): Promise<void> {
    this.closed = true;
    await this.flush();
  }

  private async flush(): Promise<void> {
    if (this.hasSpoken) await this.services.journal.flush(this.jobId);
  }

  private stamp() {
    const at = new Date(this.services.clock.now()).toISOString();
    return { job_id: this.jobId, attempt: this.attempt, at };
  }
}
