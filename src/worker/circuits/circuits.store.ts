import { Injectable } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { Postgres } from '../../database/index.js';
import { announceEverywhere } from '../../queue/index.js';
import { CLOSED, type Circuit, type Probe } from './circuit.js';
import { LOCK_CIRCUIT, RELEASE_PROBE, START_PROBE, TAKE_PROBE, UPDATE_CIRCUIT } from './circuits.sql.js';

/** What became of a circuit. */
export interface ChangedCircuit {
  readonly before: Circuit;
  readonly after: Circuit;
}

/** Writes the circuits of job types, which all workers share. */
@Injectable()
export class CircuitsStore {
  constructor(private readonly postgres: Postgres) {}

  /**
   * Changes a circuit, one change after the other. When it opens or closes, all workers look at their queues afresh.
   * @param change what the circuit becomes at this time of the database's; itself = it stays
   */
  change(type: string, change: (circuit: Circuit, now: Date) => Circuit): Promise<ChangedCircuit> {
    return this.postgres.transaction(async (session) => {
      const { rows } = await session.query<Circuit & { now: Date }>(LOCK_CIRCUIT, [type]);
      const { now, ...before } = rows[0] ?? { ...CLOSED, now: new Date() };
      const after = change(before, now);
      if (after === before) return { before, after };
      const { state, failures, openings, openedAt, until } = after;
      await session.query(UPDATE_CIRCUIT, [type, state, failures, openings, openedAt, until]);
      if (state !== before.state) await announceEverywhere(session);
      return { before, after };
    });
  }

  /** Takes the right to start one job of a type that has cooled down; undefined when somebody else has it. */
  async takeProbe(type: string): Promise<string | undefined> {
    const token = randomUUID();
    const { rowCount } = await this.postgres.query(TAKE_PROBE, [type, token]);
    return rowCount ? token : undefined;
  }

  /** Answers whether this attempt may begin: the right to it may have been lost meanwhile. */
  async startProbe(type: string, token: string, { jobId, attempt }: Probe): Promise<boolean> {
    const { rowCount } = await this.postgres.query(START_PROBE, [type, token, jobId, attempt]);
    return rowCount === 1;
  }

  /** There was no job to start. */
  async releaseProbe(type: string, token: string): Promise<void> {
    await this.postgres.query(RELEASE_PROBE, [type, token]);
  }
}
