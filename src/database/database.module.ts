import { Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { CONFIG, type Config } from '../config/index.js';
import { SERVER_PATIENCE, connectionName, divideConnections, servingConnection } from './connection.js';
import { ormOptions } from './orm-options.js';
import { Pooler } from './pooler.js';
import { PoolerModule } from './pooler.module.js';
import { ConnectionPools } from './connection-pools.js';
import { Postgres } from './postgres.js';

/** The two pools of a process: TypeORM's for reads and the callers' transactions, ours for the hot path. */
@Global()
@Module({
  imports: [
    PoolerModule,
    TypeOrmModule.forRootAsync({
      imports: [PoolerModule],
      inject: [CONFIG, Pooler],
      useFactory: (config: Config, pooler: Pooler) => ({
        ...ormOptions(config.database.url, divideConnections(config.database.poolMax).app),
        autoLoadEntities: true,
        // The launcher and the schema check decide when to connect; queries connect on demand.
        manualInitialization: true,
        extra: {
          ...servingConnection(config, connectionName(config, 'app')),
          ...pooler.equipping(SERVER_PATIENCE),
        },
        poolErrorHandler: () => undefined,
      }),
    }),
  ],
  providers: [Postgres, ConnectionPools],
  exports: [Postgres, ConnectionPools, PoolerModule, TypeOrmModule],
})
export class DatabaseModule {}
