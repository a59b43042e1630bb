import { Injectable } from '@nestjs/common';
import { type Prepared, Postgres, isContention } from '../../database/index.js';
import type { EndedAttempt } from '../job-events.js';
import { ForgetfulQueues } from '../retention/forgetful-queues.js';
import { WAKEUP_CHANNEL, encodeWakeup } from '../line/wakeups.js';
import { COMPLETE_AND_LEAVE, COMPLETE_LIMITED_JOBS, COMPLETE_PLAIN_JOBS } from './settle.sql.js';

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

  /**
   * @param limited ids of those whose claim said that their end makes room for others
   * @returns those that are written; the others need more than this, or are held, or have lost their claim
   */
  async write(completions: readonly Completion[], limited: ReadonlySet<string>): Promise<EndedAttempt[]> {
    const forgetful = await this.forgetful.names();
    const limiting = completions.filter(({ id }) => limited.has(id));
    const plain = limited.size === 0 ? completions : completions.filter(({ id }) => !limited.has(id));
    const leaving = plain.filter(({ queue }) => forgetful.has(queue));
    const staying = plain.filter(({ queue }) => !forgetful.has(queue));
    return [
      ...(await this.run(COMPLETE_LIMITED_JOBS, limiting, noticeOfRoom)),
      ...(await this.run(COMPLETE_PLAIN_JOBS, staying)),
      ...(await this.run(COMPLETE_AND_LEAVE, leaving)),
    ];
  }

  private async run(
    statement: Prepared,
    completions: readonly Completion[],
    more: (completions: readonly Completion[]) => string[] = () => [],
  ): Promise<EndedAttempt[]> {
    if (completions.length === 0) return [];
    const values = [
      completions.map(({ id }) => id),
      completions.map(({ attempt }) => attempt),
      completions.map(({ result }) => result),
      PATIENCE_MS,
      ...more(completions),
    ];
    try {
      return (await this.postgres.run<EndedAttempt>(statement, values)).rows;
    } catch (error) {
      if (isContention(error)) return [];
      throw error;
    }
  }
}

function noticeOfRoom(completions: readonly Completion[]): string[] {
  const queues = new Set(completions.map(({ queue }) => queue));
  return [WAKEUP_CHANNEL, encodeWakeup({ ready: [...queues], due: {} })];
}
