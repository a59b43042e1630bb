import { Injectable } from '@nestjs/common';
import type { Session } from '../../database/index.js';
import type { EndedJob } from '../blocking/dependencies.js';
import type { Job } from '../job.entity.js';
import { Aftermath } from '../settle/aftermath.js';
import type { MendedKind } from './kinds.js';
import {
  END_LEASES,
  FINISH_ENDED,
  RESTORE_KEYS,
  RESTORE_QUEUES,
  RESTORE_WORKERS,
  REVIVE_ENDED,
} from './mending.sql.js';
import { type Mended, type Repair, mendedAll } from './repair.js';

/** Follows up what somebody has done to the jobs themselves: to their status, worker, lease, key and queue. */
@Injectable()
export class StatusRepairs {
  readonly repairs: readonly Repair[];

  constructor(private readonly aftermath: Aftermath) {
    this.repairs = [
      inOneStatement('lost_queue', RESTORE_QUEUES),
      inOneStatement('revived_by_hand', REVIVE_ENDED),
      inOneStatement('lost_worker', RESTORE_WORKERS),
      inOneStatement('endless_lease', END_LEASES),
      { kind: 'ended_by_hand', mend: (session, most) => this.finish(session, most) },
      inOneStatement('lost_key', RESTORE_KEYS),
    ];
  }

  /** They end as if one of us had ended them. */
  private async finish(session: Session, most: number): Promise<Mended> {
    const { rows } = await session.query<EndedJob & Pick<Job, 'queue' | 'type'>>(FINISH_ENDED, [most]);
    await this.aftermath.conclude(session, rows);
    return mendedAll(rows);
  }
}

/** A statement that mends what it finds and answers with it. */
function inOneStatement(kind: MendedKind, statement: string): Repair {
  return {
    kind,
    mend: async (session, most) => mendedAll((await session.query<{ id: string }>(statement, [most])).rows),
  };
}
