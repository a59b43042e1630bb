import { Injectable, Logger } from '@nestjs/common';
import { messageOf } from '../../common/index.js';
import { recordAction } from '../../audit-record/index.js';
import { Postgres, type Session } from '../../database/index.js';
import { DependencyRepairs } from './dependency-repairs.js';
import { LockRepairs } from './lock-repairs.js';
import type { MendedKind } from './kinds.js';
import { MendingReport } from './mending-report.js';
import type { Mended, Repair, SearchingRepair } from './repair.js';
import { StatusRepairs } from './status-repairs.js';
import { TicketRepairs } from './ticket-repairs.js';

/** Rows looked after in one transaction. */
const BATCH = 1_000;

/** Ids put on record. */
const SHOWN = 10;

/** Rows that one search may find. */
const MOST_FOUND = 100 * BATCH;

/**
 * Makes record and line agree again after a human hand or a fault; docs/mending.md has what follows what. In a sound
 * system it finds nothing: every state that our own transactions leave behind is whole.
 */
@Injectable()
export class Mender {
  private readonly logger = new Logger(Mender.name);
  private readonly repairs: readonly (Repair | SearchingRepair)[];

  constructor(
    private readonly postgres: Postgres,
    private readonly report: MendingReport,
    statuses: StatusRepairs,
    locks: LockRepairs,
    tickets: TicketRepairs,
    dependencies: DependencyRepairs,
  ) {
    // Whoever is entitled to a lock must have it before anybody else asks for it to get a place in line.
    this.repairs = [
      ...statuses.repairs,
      ...locks.repairs,
      tickets.wrong,
      locks.jumped,
      ...dependencies.repairs,
      tickets.lost,
      locks.forgotten,
    ];
  }

  /**
   * One round, until nothing is left. Answers how many jobs, tickets and locks it had to mend; 0 also while another
   * process is at it.
   * @throws the first error; the other kinds of repair have had their turn then
   */
  async mend(): Promise<number> {
    const errors: unknown[] = [];
    let mended = 0;
    for (const repair of this.repairs) {
      const ids: string[] = [];
      try {
        if ('find' in repair) await this.searchAll(repair, ids);
        else await this.repairAll(repair, ids);
      } catch (error) {
        this.logger.warn(`Could not mend ${repair.kind}: ${messageOf(error)}`);
        errors.push(error);
      }
      this.report.tell(repair.kind, ids);
      mended += ids.length;
    }
    if (errors.length > 0) throw errors[0];
    return mended;
  }

  private async repairAll({ kind, mend }: Repair, ids: string[]): Promise<void> {
    let batch: Mended | undefined;
    do {
      batch = await this.alone(onRecord(kind, (session) => mend(session, BATCH)));
      ids.push(...(batch?.ids ?? []));
    } while (batch?.found === BATCH && batch.ids.length > 0);
  }

  private async searchAll({ kind, find, mendThese }: SearchingRepair, ids: string[]): Promise<void> {
    for (;;) {
      const suspects = (await this.alone((session) => find(session, MOST_FOUND))) ?? [];
      const before = ids.length;
      for (let start = 0; start < suspects.length; start += BATCH) {
        const these = suspects.slice(start, start + BATCH);
        const batch = await this.alone(onRecord(kind, (session) => mendThese(session, these)));
        ids.push(...(batch?.ids ?? []));
      }
      if (suspects.length < MOST_FOUND || ids.length === before) return;
    }
  }

  private alone<T>(work: (session: Session) => Promise<T>): Promise<T | undefined> {
    return this.postgres.sweepAlone('mending', work);
  }
}

/** What is mended is put on record with that; a few of the ids tell where to look. */
function onRecord(kind: MendedKind, mend: (session: Session) => Promise<Mended>) {
  return async (session: Session): Promise<Mended> => {
    const mended = await mend(session);
    const { ids } = mended;
    const after = { kind, count: ids.length, ids: ids.slice(0, SHOWN) };
    if (ids.length > 0) await recordAction(session, { action: 'jobs.mend', subject: null, after });
    return mended;
  };
}
