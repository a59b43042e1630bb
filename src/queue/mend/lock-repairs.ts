import { Injectable } from '@nestjs/common';
import type { Session } from '../../database/index.js';
import { Locks } from '../blocking/locks.js';
import { HAND_ON_LOCKS } from '../blocking/locks.sql.js';
import { unblocking } from '../blocking/place.js';
import { Placement } from '../blocking/placement.js';
import { type Admissible, Admission } from '../line/admission.js';
import { lineUp } from '../line/line-up.js';
import { Tickets } from '../line/tickets.js';
import {
  LOCK_JUMPED,
  RESTORE_LOCKS,
  SELECT_FORGOTTEN,
  SELECT_HEIRS,
  SELECT_JUMPED,
  SELECT_WRONG_HOLDERS,
  TAKE_LOCKS,
} from './blocking.sql.js';
import { type Mended, type Repair, mendedAll } from './repair.js';

/** A lock whose holder is not entitled to it, and the job in line, or running, that is. */
interface Heir {
  readonly lockHash: string;
  /** The wrong holder. */
  readonly id: string;
  readonly heir: string | null;
}

/** Makes locks and the jobs behind them agree: each lock has one holder, and nobody is in line beside it. */
@Injectable()
export class LockRepairs {
  readonly repairs: readonly Repair[] = [
    { kind: 'lost_lock', mend: (session, most) => this.restore(session, most) },
    { kind: 'wrong_holder', mend: (session, most) => this.replaceHolders(session, most) },
  ];
  readonly jumped: Repair = {
    kind: 'jumped_lock',
    mend: (session, most) => this.sendBehind(session, most),
  };
  readonly forgotten: Repair = {
    kind: 'forgotten_job',
    mend: (session, most) => this.letGo(session, most),
  };

  constructor(
    private readonly locks: Locks,
    private readonly placement: Placement,
    private readonly admission: Admission,
    private readonly tickets: Tickets,
  ) {}

  private async restore(session: Session, most: number): Promise<Mended> {
    return mendedAll((await session.query<{ id: string }>(RESTORE_LOCKS, [most])).rows);
  }

  /** A lock without an heir goes to the next in its line. */
  private async replaceHolders(session: Session, most: number): Promise<Mended> {
    const { rows: found } = await session.query<{ lockHash: string }>(SELECT_WRONG_HOLDERS, [most]);
    if (found.length === 0) return mendedAll([]);
    const hashes = found.map((row) => row.lockHash);
    await session.query(TAKE_LOCKS, [hashes]);
    const { rows: wrong } = await session.query<Heir>(SELECT_HEIRS, [hashes]);
    const inherited = wrong.filter(({ heir }) => heir !== null);
    if (inherited.length > 0)
      await session.query(HAND_ON_LOCKS, [
        inherited.map(({ lockHash }) => lockHash),
        inherited.map(({ heir }) => heir),
      ]);
    const free = wrong.filter(({ heir }) => heir === null).map(({ lockHash }) => lockHash);
    await lineUp(session, this.tickets, { moved: await this.locks.giveToNext(session, free) });
    return { ids: wrong.map(({ id }) => id), found: found.length };
  }

  /** Ticket before job, as a claim takes them. */
  private async sendBehind(session: Session, most: number): Promise<Mended> {
    const { rows: found } = await session.query<{ id: string; queue: string }>(SELECT_JUMPED, [most]);
    await this.tickets.remove(session, found);
    const { rows } = await session.query<Admissible>(LOCK_JUMPED, [found.map(({ id }) => id)]);
    await this.admission.admit(session, rows);
    return { ids: rows.map(({ id }) => id), found: found.length };
  }

  private async letGo(session: Session, most: number): Promise<Mended> {
    const { rows } = await session.query<Admissible>(SELECT_FORGOTTEN, [most]);
    const { placed, unblocked } = await this.placement.place(session, rows.map(unblocking));
    await lineUp(session, this.tickets, { moved: [...placed, ...unblocked] });
    return mendedAll(rows);
  }
}
