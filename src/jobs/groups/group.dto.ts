import { Nested, Text, TextList } from '../../common/http/index.js';
import { LONGEST_URL } from '../../egress/index.js';
import { FinisherRequest } from '../finisher.dto.js';

/** What makes the jobs of a batch belong together. */
export class GroupRequest {
  @Text({
    description: 'A name to find the group by.',
    minLength: 1,
    maxLength: 200,
    optional: true,
    example: 'newsletter-2026-02',
  })
  name?: string;

  @TextList({
    description: 'Labels of the group; the jobs have their own.',
    maxItems: 20,
    maxLength: 100,
    optional: true,
    example: ['newsletter'],
  })
  tags?: string[];

  @Nested({
    description: 'A job that is enqueued when all of them have ended, whatever their outcomes.',
    of: FinisherRequest,
    optional: true,
  })
  on_finished?: FinisherRequest;

  @Text({
    description:
      'Is told of the end of the group, as an endpoint of POST /webhooks is; signed with WEBHOOK_SIGNING_SECRET, without which it is refused.',
    minLength: 1,
    maxLength: LONGEST_URL,
    format: 'uri',
    optional: true,
    example: 'https://hooks.example/newsletter',
  })
  callback_url?: string;
}
