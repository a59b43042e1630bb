import { Injectable } from '@nestjs/common';
import { type Prepared, Postgres, isContention } from '../../database/index.js';
import type { EndedAttempt } from '../job-events.js';
import { ForgetfulQueues } from '../retention/forgetful-queues.js';
import { COMPLETE_AND_LEAVE, COMPLETE_PLAIN_JOBS } from './settle.sql.js';

/** How long (ms) it waits for rows that somebody else holds, before it leaves all of them to those who do it apart. */
const PATIENCE_MS = '200';

/** An attempt that has completed its job. */
export interface Completion {
  readonly id: string;
  readonly queue: string;
  readonly attempt: number;
  /** JSON text. */
  readonly result: string | null;
}

/** Most jobs complete, and their end concerns no other: one statement is all there is to do for them. */
@Injectable()
export class Completions {
  constructor(
    private readonly postgres: Postgres,
    private readonly forgetful: ForgetfulQueues,
  ) {}

  /** @returns those that are written; the others need more than this, or are held, or have lost their claim */
  async write(completions: readonly Completion[]): Promise<EndedAttempt[]> {
    const forgetful = await this.forgetful.names();
    const leaving = completions.filter(({ queue }) => forgetful.has(queue));
    const staying = completions.filter(({ queue }) => !forgetful.has(queue));
    return [
      ...(await this.run(COMPLETE_PLAIN_JOBS, staying)),
      ...(await this.run(COMPLETE_AND_LEAVE, leaving)),
    ];
  }

  private async run(statement: Prepared, completions: readonly Completion[]): Promise<EndedAttempt[]> {
    if (completions.length === 0) return [];
    const values = [
      completions.map(({ id }) => id),
      completions.map(({ attempt }) => attempt),
      completions.map(({ result }) => result),
      PATIENCE_MS,
    ];
    try {
      return (await this.postgres.run<EndedAttempt>(statement, values)).rows;
    } catch (error) {
      if (isContention(error)) return [];
      throw error;
    }
  }
}
