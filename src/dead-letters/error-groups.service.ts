import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { type ErrorGroup, ErrorGroupsQuery, type GroupState } from './error-groups.query.js';
import { SET_GROUP_STATE } from './error-groups.sql.js';

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
    await this.groups.get(fingerprint);
    await this.source.query(SET_GROUP_STATE, [fingerprint, state, actor]);
    return this.groups.get(fingerprint);
  }
}
