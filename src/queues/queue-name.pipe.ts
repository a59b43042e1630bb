import { Injectable, type PipeTransform } from '@nestjs/common';
import { QUEUE_NAME } from '../common/index.js';
import { QueuesQuery } from './queues.query.js';

/** Answers for names that no queue can have, which the database might not even be asked about. */
@Injectable()
export class QueueNamePipe implements PipeTransform<string, Promise<string>> {
  constructor(private readonly queues: QueuesQuery) {}

  /** @throws DomainError queue_not_found */
  async transform(name: string): Promise<string> {
    return QUEUE_NAME.test(name) ? name : this.queues.notFound(name);
  }
}
