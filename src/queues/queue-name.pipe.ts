import { Injectable, type PipeTransform } from '@nestjs/common';
import { refuseQueue } from '../auth/index.js';
import { QUEUE_NAME } from '../common/index.js';
import { QueuesQuery } from './queues.query.js';

/** Answers for names that no queue can have, which the database might not even be asked about, and to who may not ask. */
@Injectable()
export class QueueNamePipe implements PipeTransform<string, Promise<string>> {
  constructor(private readonly queues: QueuesQuery) {}

  /** @throws DomainError queue_not_found, forbidden */
  async transform(name: string): Promise<string> {
    if (!QUEUE_NAME.test(name)) return this.queues.notFound(name);
    refuseQueue(name);
    return name;
  }
}
