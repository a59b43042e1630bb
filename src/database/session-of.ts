import type { EntityManager } from 'typeorm';
import type { Session } from './postgres.js';

/**
 * The connection under a TypeORM transaction, for statements that must commit with it.
 * @throws Error when the manager is not inside a transaction: its statements would commit one by one
 */
export async function sessionOf(manager: EntityManager): Promise<Session> {
  const runner = manager.queryRunner;
  if (!runner?.isTransactionActive) {
    throw new Error('Pass the manager of an open transaction: dataSource.transaction((manager) => …)');
  }
  return (await runner.connect()) as Session;
}
