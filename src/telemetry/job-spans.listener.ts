import { Injectable, type OnModuleInit } from '@nestjs/common';
import { tracer } from '../common/index.js';
import { type ClaimedJob, JobEvents, readyAt } from '../queue/index.js';

/** Shows in the trace of a job how long it waited for each of its attempts. */
@Injectable()
export class JobSpansListener implements OnModuleInit {
  constructor(private readonly events: JobEvents) {}

  onModuleInit(): void {
    if (tracer()) this.events.on('claimed', (jobs) => jobs.forEach(traceWait));
  }
}

/** From the moment at which it could have started; by the database's clock, which may have been set back in between. */
function traceWait(job: ClaimedJob): void {
  const { id, type, queue, attempts, traceParent, startedAt } = job;
  if (traceParent === null || !startedAt) return;
  const span = tracer()?.start(`wait in ${queue}`, {
    parent: traceParent,
    at: new Date(Math.min(readyAt(job).getTime(), startedAt.getTime())),
    attributes: {
      'messaging.system': 'roundhouse',
      'messaging.destination.name': queue,
      'messaging.message.id': id,
      'roundhouse.job.type': type,
      'roundhouse.job.attempt': attempts,
    },
  });
  span?.end({ at: startedAt });
}
