import type pg from 'pg';

/** How the connections of a pool are used at a moment. */
export interface PoolUsage {
  readonly busy: number;
  readonly idle: number;
  /** Callers who wait for a connection. */
  readonly waiting: number;
}

export function usageOf({
  totalCount,
  idleCount,
  waitingCount,
}: Pick<pg.Pool, 'totalCount' | 'idleCount' | 'waitingCount'>): PoolUsage {
  return { busy: totalCount - idleCount, idle: idleCount, waiting: waitingCount };
}
