import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { DomainError } from '../common/index.js';
import { SELECT_GROUP, SELECT_GROUPS } from './error-groups.sql.js';

/** What operators have made of a group. */
export const GROUP_STATES = ['open', 'resolved', 'ignored'] as const;

export type GroupState = (typeof GROUP_STATES)[number];

/** Failed jobs whose errors have one cause. */
export interface ErrorGroup {
  readonly fingerprint: string;
  readonly state: GroupState;
  /** It was resolved, and has failed again since. */
  readonly regressed: boolean;
  readonly changedAt: Date | null;
  readonly changedBy: string | null;
  readonly firstSeen: Date;
  readonly lastSeen: Date;
  readonly count: number;
  /** Of the latest jobs, by type and queue. */
  readonly types: readonly { readonly type: string; readonly queue: string; readonly count: number }[];
  readonly queues: readonly string[];
  readonly jobIds: readonly string[];
  /** Of the latest error; null when its job was set to FAILED by hand. */
  readonly name: string | null;
  readonly message: string | null;
}

/** A place in the list of groups. */
export type GroupPosition = Pick<ErrorGroup, 'lastSeen' | 'fingerprint'>;

/** Reads groups of failed jobs. There is a group as long as a failed job has its fingerprint. */
@Injectable()
export class ErrorGroupsQuery {
  constructor(@InjectDataSource() private readonly source: DataSource) {}

  /** The latest failure first, from a place on. @param state undefined = any */
  list(state: GroupState | undefined, from: GroupPosition | undefined, limit: number): Promise<ErrorGroup[]> {
    const values = [state ?? null, from?.lastSeen ?? null, from?.fingerprint ?? null, limit];
    return this.source.query<ErrorGroup[]>(SELECT_GROUPS, values);
  }

  /** @throws DomainError error_group_not_found */
  async get(fingerprint: string): Promise<ErrorGroup> {
    const [group] = fingerprint.includes('\0')
      ? []
      : await this.source.query<ErrorGroup[]>(SELECT_GROUP, [fingerprint]);
    if (group) return group;
    throw new DomainError(
      'error_group_not_found',
      `No failed job has the fingerprint "${fingerprint}" (any more): GET /dead-letters/groups lists those there are`,
    );
  }
}
