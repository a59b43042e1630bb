import { Module } from '@nestjs/common';
import { QueueModule } from '../queue/index.js';
import { ObjectivesQuery } from './objectives/objectives.query.js';
import { QueueFiguresQuery } from './queue-figures.query.js';
import { QueuesController } from './queues.controller.js';
import { QueuesQuery } from './queues.query.js';
import { QueuesService } from './queues.service.js';

/** The queues over HTTP: how they are doing, their settings and pauses. */
@Module({
  imports: [QueueModule],
  controllers: [QueuesController],
  providers: [QueuesService, QueuesQuery, QueueFiguresQuery, ObjectivesQuery],
  exports: [ObjectivesQuery],
})
export class QueuesModule {}
