import { isUuid } from '../common/index.js';
import { isJsonObject } from '../common/json-object.js';
import type { OnFailure } from '../queue/index.js';

/** The bounds of `depends_on`. */
const MOST_DEPENDENCIES = 1_000;

/** What the failure of a job means for one that depends on it. */
export const ON_FAILURE: readonly OnFailure[] = ['cancel', 'continue'];

/** A job that another one waits for, where more than its id is said. */
export interface DependencyRequest {
  readonly job_id: string;
  readonly on_failure?: OnFailure;
}

/** What `depends_on` looks like. */
export const DEPENDENCIES = {
  type: 'array',
  items: {
    oneOf: [
      { type: 'string', format: 'uuid' },
      {
        type: 'object',
        properties: {
          job_id: { type: 'string', format: 'uuid' },
          on_failure: { type: 'string', enum: [...ON_FAILURE], default: 'cancel' },
        },
        required: ['job_id'],
        additionalProperties: false,
      },
    ],
  },
  maxItems: MOST_DEPENDENCIES,
};

/** What is wrong with a list of dependencies. */
export function dependenciesFault(value: unknown): string | undefined {
  if (!Array.isArray(value) || value.length > MOST_DEPENDENCIES)
    return `depends_on must be a list of at most ${MOST_DEPENDENCIES} job ids`;
  const wrong: unknown = value.find((one) => !isDependency(one));
  return wrong === undefined
    ? undefined
    : `depends_on names ${JSON.stringify(wrong)}, which is neither a job id nor {"job_id": …, "on_failure": "cancel" or "continue"}`;
}

function isDependency(value: unknown): boolean {
  const { job_id, on_failure = 'cancel', ...others } = isJsonObject(value) ? value : { job_id: value };
  const isJobId = typeof job_id === 'string' && isUuid(job_id);
  return isJobId && ON_FAILURE.some((word) => word === on_failure) && Object.keys(others).length === 0;
}
