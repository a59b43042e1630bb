import { Injectable, Logger } from '@nestjs/common';
import { setTimeout as pause } from 'node:timers/promises';
import { SharedLook, messageOf } from '../../common/index.js';
import { type CircuitPolicy, type ClaimedJob, JobTypes, type Outcome } from '../../queue/index.js';
import { type Circuit, type Sign, after } from './circuit.js';
import { CircuitsQuery, type SeenCircuit } from './circuits.query.js';
import { type ChangedCircuit, CircuitsStore } from './circuits.store.js';

/** How long (ms) a look at the circuits serves. */
const FRESH_MS = 250;

/** How long (ms) the end of an attempt waits until its circuit knows of it; a database that is away takes longer. */
const LONGEST_TELLING_MS = 500;

/** The circuits of this worker's job types: told how attempts end, and asked before jobs are claimed. */
@Injectable()
export class CircuitBreakers {
  private readonly logger = new Logger('Worker');
  private guarded: readonly string[] | undefined;
  private look: SharedLook<ReadonlyMap<string, SeenCircuit>>;
  /** The last that was seen of each circuit, for those who cannot wait. */
  private latest: ReadonlyMap<string, Circuit> = new Map();
  private allWereClosed = false;
  /** By type, the job that was claimed here as its latest probe. */
  private readonly probes = new Map<string, ClaimedJob>();
  /** One change at a time: they would wait for each other's row, each with a connection. */
  private lastChange: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly types: JobTypes,
    private readonly query: CircuitsQuery,
    private readonly store: CircuitsStore,
  ) {
    this.look = this.newLook();
  }

  /** The types that have a circuit. */
  get guardedTypes(): readonly string[] {
    this.guarded ??= this.types.guarded();
    return this.guarded;
  }

  /**
   * The circuits that are not closed, as they were at most 250 ms ago. As long as all were closed nobody waits for the
   * look, since an opening is announced.
   */
  async notClosed(): Promise<ReadonlyMap<string, SeenCircuit>> {
    const look = this.look.read();
    if (this.allWereClosed) {
      look.catch(() => undefined);
      return new Map();
    }
    return new Map([...(await look)].filter(([, { state }]) => state !== 'closed'));
  }

  /** Something has changed: the next look is a new one, and waited for. */
  lookAfresh(): void {
    this.look = this.newLook();
    this.allWereClosed = false;
  }

  /** The job was claimed as the probe of its type: it starts though its circuit is not closed. */
  noteProbe(job: ClaimedJob): void {
    this.probes.set(job.type, job);
  }

  /** Whether a job must not begin after all: its circuit opened after it was claimed. Asks nobody. */
  holdsBack(job: ClaimedJob): boolean {
    const circuit = this.latest.get(job.type);
    return circuit !== undefined && circuit.state !== 'closed' && this.probes.get(job.type) !== job;
  }

  /**
   * Tells a circuit how an attempt ended. Awaited before the outcome is stored: a probe that runs no more and has told
   * nothing counts as lost. Never rejects: what cannot be told now is not told later either.
   * @param outcome undefined = it has completed its job in a transaction of its own
   */
  async note(job: ClaimedJob, policy: CircuitPolicy, outcome: Outcome | undefined): Promise<void> {
    const isProbe = this.probes.get(job.type) === job;
    if (isProbe) this.probes.delete(job.type);
    const sign = signOf(outcome);
    if (!isProbe && sign === undefined) return;
    if (!isProbe && sign === 'success' && this.isKnownSound(job.type)) return;
    const told = this.tellCircuit(job, policy, sign).catch((error: unknown) => {
      this.logger.debug(
        `The circuit of "${job.type}" could not be told of job ${job.id}: ${messageOf(error)}`,
      );
    });
    await Promise.race([told, pause(LONGEST_TELLING_MS, undefined, { ref: false })]);
  }

  /** By the last look: a failure of another worker that came after it is forgotten at the next success. */
  private isKnownSound(type: string): boolean {
    const circuit = this.latest.get(type);
    return circuit === undefined || (circuit.state === 'closed' && circuit.failures === 0);
  }

  private async tellCircuit(job: ClaimedJob, policy: CircuitPolicy, sign: Sign): Promise<void> {
    const { id: jobId, type, attempts: attempt } = job;
    const change = this.lastChange.then(() =>
      this.store.change(type, (circuit, now) => after(sign, { jobId, attempt }, circuit, policy, now)),
    );
    this.lastChange = change.catch(() => undefined);
    const changed = await change;
    this.latest = new Map([...this.latest, [type, changed.after]]);
    this.lookAfresh();
    this.say(type, changed);
  }

  private say(type: string, { before, after: { state, failures, until } }: ChangedCircuit): void {
    if (state === before.state) return;
    if (state === 'closed') this.logger.log(`The circuit of "${type}" is closed: its jobs start again`);
    else if (failures > before.failures)
      this.logger.warn(
        `The circuit of "${type}" is open after ${failures} failures in a row: its jobs wait until ${until?.toISOString()}, then one is tried`,
      );
  }

  private newLook(): SharedLook<ReadonlyMap<string, SeenCircuit>> {
    const look = new SharedLook(
      async () => {
        const seen = await this.query.of(this.guardedTypes);
        // What has changed meanwhile is news to this one.
        if (this.look === look) {
          this.latest = seen;
          this.allWereClosed = [...seen.values()].every(({ state }) => state === 'closed');
        }
        return seen;
      },
      () => FRESH_MS,
    );
    return look;
  }
}

/** Only ends of the handler itself say something: an attempt that was cancelled, put off or interrupted does not. */
function signOf(outcome: Outcome | undefined): Sign {
  if (outcome === undefined || outcome.kind === 'completed') return 'success';
  if (outcome.kind === 'failed') return outcome.isUncounted ? 'success' : 'failure';
  return outcome.kind === 'timed_out' ? 'failure' : undefined;
}
