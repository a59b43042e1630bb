import { Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { CONFIG, type Config } from '../config/index.js';
import { connectionName, divideConnections, servingConnection } from './connection.js';
import { ormOptions } from './orm-options.js';
import { Postgres } from './postgres.js';

/** The two pools of a process: TypeORM's for reads and the callers' transactions, ours for the hot path. */
@Global()
@Module({
  imports: [
    TypeOrmModule.forRootAsync({
      inject: [CONFIG],
      useFactory: (config: Config) => ({
        ...ormOptions(config.database.url, divideConnections(config.database.poolMax).app),
        autoLoadEntities: true,
        // The launcher and the schema check decide when to connect; queries connect on demand.
        manualInitialization: true,
        extra: servingConnection(config, connectionName(config, 'app')),
        poolErrorHandler: () => undefined,
      }),
    }),
  ],
  providers: [Postgres],
  exports: [Postgres, TypeOrmModule],
})
export class DatabaseModule {}
