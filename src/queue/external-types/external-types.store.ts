import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DomainError } from '../../common/index.js';
import { changesBetween, recordAction } from '../../audit-record/index.js';
import { Postgres } from '../../database/index.js';
import { type ExternalType, ExternalTypes } from './external-types.js';
import {
  COUNT_OTHERS,
  DELETE_TYPE,
  HAS_UNFINISHED,
  LOCK_TYPE,
  PUT_TYPE,
  SELECT_TYPE,
  SELECT_SCHEDULE_OF,
} from './external-types.sql.js';
import { DELETE_REDACTION, PUT_REDACTION } from '../redaction/redactions.sql.js';

/** Every process that accepts jobs knows all of them. */
const MOST_TYPES = 500;

/** Declares job types and removes them. */
@Injectable()
export class ExternalTypesStore {
  constructor(
    private readonly postgres: Postgres,
    private readonly types: ExternalTypes,
  ) {}

  /**
   * Declares a type, or says anew what it is; jobs that are there keep what they were submitted with.
   * @returns whether there was none of this name
   * @throws DomainError job_type_conflict when there are too many
   */
  async put(declared: ExternalType): Promise<boolean> {
    const { type, description, queue, maxAttempts, backoff, timeoutSeconds, schema, example, redact } =
      declared;
    const { rows: counted } = await this.postgres.query<{ others: number }>(COUNT_OTHERS, [type]);
    if ((counted[0]?.others ?? 0) >= MOST_TYPES) {
      const detail = `${MOST_TYPES} job types are declared already: remove one that is not needed with DELETE /job-types/{type}`;
      throw new DomainError('job_type_conflict', detail);
    }
    const isNew = await this.postgres.transaction(async (session) => {
      await session.query(LOCK_TYPE, [type]);
      const before = await session.query<ExternalType & { revision?: string }>(SELECT_TYPE, [type]);
      const { rows } = await session.query<{ isNew: boolean }>(PUT_TYPE, [
        ...[type, description, queue, maxAttempts, JSON.stringify(backoff), timeoutSeconds],
        ...[JSON.stringify(schema), JSON.stringify(example), randomUUID()],
      ]);
      if (redact.length > 0) await session.query(PUT_REDACTION, [type, redact]);
      else await session.query(DELETE_REDACTION, [type]);
      const { revision: _revision, ...present } = { ...before.rows[0] };
      const changes = changesBetween(present, { ...declared }, ['schema', 'example']);
      await recordAction(session, { action: 'job_type.declare', subject: type, queue, ...changes });
      return rows[0]?.isNew === true;
    });
    this.types.lookAfresh();
    return isNew;
  }

  /**
   * Removes a type of which no job waits or runs, now, after a workflow that has not ended, or by a schedule.
   * @throws DomainError job_type_not_found, job_type_conflict when it has jobs that have not ended, or a schedule
   */
  async remove(type: string): Promise<void> {
    await this.postgres.transaction(async (session) => {
      const { rows } = await session.query(LOCK_TYPE, [type]);
      if (rows.length === 0) throw notDeclared(type);
      const { rows: found } = await session.query<{ isInUse: boolean }>(HAS_UNFINISHED, [type]);
      if (found[0]?.isInUse) {
        const detail = `The job type "${type}" has jobs that have not ended, or follows a workflow that has not: let them end, or cancel them, and send this again`;
        throw new DomainError('job_type_conflict', detail);
      }
      const { rows: schedules } = await session.query<{ name: string }>(SELECT_SCHEDULE_OF, [type]);
      if (schedules[0]) {
        const detail = `The schedule "${schedules[0].name}" starts jobs of the type "${type}": delete it, or let it start something else, and send this again`;
        throw new DomainError('job_type_conflict', detail);
      }
      await session.query(DELETE_TYPE, [type]);
      await recordAction(session, { action: 'job_type.remove', subject: type });
    });
    this.types.lookAfresh();
  }
}

function notDeclared(type: string): DomainError {
  return new DomainError(
    'job_type_not_found',
    `No job type "${type}" was declared over HTTP: GET /job-types lists what there is`,
  );
}
