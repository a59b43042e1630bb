import { Injectable } from '@nestjs/common';
import { portions } from '../../common/index.js';
import type { Session } from '../../database/index.js';
import type { JobStatus } from '../job-status.js';
import type { Job } from '../job.entity.js';
import { INSERT_JOBS } from '../jobs.sql.js';
import type { ResolvedJob } from './new-job.js';
import { TICKET_HORIZON_MS } from '../line/tickets.js';

/** How a new job stands with others; a plain job waits for nobody. */
export interface Standing {
  readonly status: Extract<JobStatus, 'PENDING' | 'BLOCKED'>;
  readonly open_dependencies: number;
  readonly has_dependents: boolean;
  /** Whether nothing but its time keeps it from the line. */
  readonly may_line_up: boolean;
}

const PLAIN: Standing = { status: 'PENDING', open_dependencies: 0, has_dependents: false, may_line_up: true };

/** Writes the rows of new jobs. */
@Injectable()
export class JobStore {
  /** @returns the rows that were stored; a job whose id is taken is not among them */
  async insert(
    session: Session,
    jobs: readonly ResolvedJob[],
    standingOf: (job: ResolvedJob) => Standing = () => PLAIN,
  ): Promise<Job[]> {
    const stored: Job[] = [];
    for (const portion of portions(jobs)) {
      const given = portion.map((job) => ({ ...job, ...standingOf(job) }));
      const { rows } = await session.query<Job>(INSERT_JOBS, [JSON.stringify(given), TICKET_HORIZON_MS]);
      stored.push(...rows);
    }
    return stored;
  }
}
