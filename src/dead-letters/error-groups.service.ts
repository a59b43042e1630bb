import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { recordAction } from '../audit-record/index.js';
import { sessionOf } from '../database/index.js';
import { type ErrorGroup, ErrorGroupsQuery, type GroupState } from './error-groups.query.js';
import { SET_GROUP_STATE } from './error-groups.sql.js';

const VERBS = {
  open: 'error_group.reopen',
  resolved: 'error_group.resolve',
  ignored: 'error_group.ignore',
} as const;

/** Keeps what operators make of groups of failed jobs. */
@Injectable()
export class ErrorGroupsService {
  constructor(
    private readonly groups: ErrorGroupsQuery,
    @InjectDataSource() private readonly source: DataSource,
  ) {}

  /**
   * Puts a group into a state. From this moment on a failure opens a resolved group again.
   * @throws DomainError error_group_not_found
   */
  async setState(fingerprint: string, state: GroupState, actor: string): Promise<ErrorGroup> {
    const { state: before } = await this.groups.get(fingerprint);
    await this.source.transaction(async (manager) => {
      await manager.query(SET_GROUP_STATE, [fingerprint, state, actor]);
      const change = { before: { state: before }, after: { state } };
      await recordAction(await sessionOf(manager), { action: VERBS[state], subject: fingerprint, ...change });
    });
    return this.groups.get(fingerprint);
  }
}
