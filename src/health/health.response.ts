import { Choice, JsonObjectField } from '../common/http/index.js';

const DATABASE_UP = { database: { status: 'up', responseTime: 2 } };
const WORKERS_UP = { worker: { status: 'up', alive: 1, responseTime: 3 } };
const QUEUE_UP = { queue: { status: 'up', schema: 43, responseTime: 2 } };

/** The health of the service, in the shape of Terminus. */
export class HealthResponse {
  @Choice({
    description: 'The whole in one word.',
    choices: ['ok', 'degraded', 'error', 'shutting_down'],
    example: 'ok',
  })
  status: string;

  @JsonObjectField({
    description: 'What is up, by name.',
    example: { ...DATABASE_UP, ...QUEUE_UP, ...WORKERS_UP },
  })
  info: object;

  @JsonObjectField({ description: 'What is down, by name.', example: {} })
  error: object;

  @JsonObjectField({ description: 'Both.', example: { ...DATABASE_UP, ...QUEUE_UP, ...WORKERS_UP } })
  details: object;
}

/** A sign of life. */
export class LivenessResponse {
  @Choice({ description: 'Always `ok`.', choices: ['ok'], example: 'ok' })
  status: 'ok';
}
