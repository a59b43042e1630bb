import { Module } from '@nestjs/common';
import { QueueModule } from '../queue/index.js';
import { LivenessModule } from '../worker/index.js';
import { ScalingController } from './scaling.controller.js';
import { ScalingQuery } from './scaling.query.js';

/** How many workers there should be. */
@Module({
  imports: [QueueModule, LivenessModule],
  controllers: [ScalingController],
  providers: [ScalingQuery],
})
export class ScalingModule {}
