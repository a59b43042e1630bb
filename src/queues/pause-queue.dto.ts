import { Moment, Text } from '../common/http/index.js';

/** Why a queue is paused, and until when. */
export class PauseQueueRequest {
  @Text({
    description: 'For whoever wonders.',
    minLength: 1,
    maxLength: 500,
    optional: true,
    example: 'The mail provider is down',
  })
  reason?: string;

  @Moment({
    description: 'When it ends by itself, without a zone in UTC. Default: when somebody resumes the queue.',
    optional: true,
    example: '2030-01-31T15:00:00Z',
  })
  until?: string;
}
