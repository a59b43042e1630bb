import { Module } from '@nestjs/common';
import { Pooler } from './pooler.js';

/** Apart from the database's module, whose pools it must be there for. */
@Module({ providers: [Pooler], exports: [Pooler] })
export class PoolerModule {}
