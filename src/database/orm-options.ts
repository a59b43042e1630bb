import type { DataSourceOptions } from 'typeorm';
import { migrations } from '../../migrations/index.ts';

/**
 * TypeORM's settings; without a URL, pg reads libpq's variables.
 * @param poolSize connections TypeORM may hold
 */
export function ormOptions(url: string | undefined, poolSize: number) {
  return {
    type: 'postgres',
    ...(url ? { url } : {}),
    poolSize,
    migrations,
    migrationsTransactionMode: 'each',
    synchronize: false,
    migrationsRun: false,
    logging: false,
  } as const satisfies DataSourceOptions;
}
