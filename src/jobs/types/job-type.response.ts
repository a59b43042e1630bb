import {
  Choice,
  Decimal,
  Integer,
  JsonObjectField,
  ListOf,
  Nested,
  Text,
  TextList,
  Truth,
  declare,
  jsonSchemaOf,
} from '../../common/http/index.js';
import { type CircuitPolicy, type JobType, LONGEST_POINTER, MOST_POINTERS } from '../../queue/index.js';
import type { CircuitState, SeenCircuit } from '../../worker/index.js';

const CIRCUIT_STATES: readonly CircuitState[] = ['closed', 'open', 'half_open'];

/** When the jobs of a type are held back because they keep failing, and whether they are now. */
export class CircuitResponse {
  @Choice({
    description: '`open`: none starts; `half_open`: one is tried.',
    choices: CIRCUIT_STATES,
    example: 'closed',
  })
  state: CircuitState;

  @Integer({ description: 'Failures in a row by now.', min: 0, max: 2_147_483_647, example: 0 })
  failures_in_a_row: number;

  @Text({
    description: 'No job starts before; null = it is closed.',
    maxLength: 30,
    format: 'date-time',
    nullable: true,
    example: '2026-02-01T14:30:00.000Z',
  })
  until: string | null;

  @Integer({ description: 'Failures in a row that open it.', min: 1, max: 1_000, example: 5 })
  failures: number;

  @Decimal({
    description: 'Seconds for which it opens; twice as many each time that a probe fails, ten times at most.',
    min: 0.1,
    max: 86_400,
    example: 30,
  })
  cool_down: number;

  @TextList({
    description: 'Classes of errors that count; null = every error.',
    maxItems: 100,
    maxLength: 200,
    nullable: true,
    example: ['TimeoutError'],
  })
  count_on: string[] | null;
}

/** A kind of job. */
export class JobTypeResponse {
  @Text({ description: 'Its name.', maxLength: 200, example: 'echo' })
  type: string;

  @TextList({
    description: 'Other names it is submitted under.',
    maxItems: 20,
    maxLength: 200,
    example: ['hello_world'],
  })
  aliases: string[];

  @Truth({
    description: 'Whether only Roundhouse itself makes jobs of it: what is submitted is refused.',
    example: false,
  })
  internal: boolean;

  @Text({ description: 'The queue its jobs wait in.', maxLength: 63, example: 'default' })
  queue_name: string;

  @Truth({
    description: 'Whether external workers run its jobs (`POST /leases`), and no handler of this build.',
    example: false,
  })
  external: boolean;

  @Text({ description: 'What it does.', maxLength: 1000, example: 'Answers with its own payload.' })
  description: string;

  @Integer({
    description: 'Executions in all; null = no limit.',
    min: 1,
    max: 1_000_000,
    nullable: true,
    example: 3,
  })
  max_attempts: number | null;

  @JsonObjectField({
    description: 'How the waits between retries grow.',
    example: { strategy: 'exponential', base_delay: 1, max_delay: 300, jitter: 0.1 },
  })
  backoff: object;

  @TextList({
    description: 'Classes of errors after which it runs again; null = after every error.',
    maxItems: 100,
    maxLength: 200,
    nullable: true,
    example: ['TimeoutError'],
  })
  retry_on: string[] | null;

  @TextList({
    description: 'Classes of errors after which it is FAILED at once.',
    maxItems: 100,
    maxLength: 200,
    example: ['TypeError'],
  })
  fail_on: string[];

  @JsonObjectField({
    description: 'The uniqueness of a job that asks for none of its own; null = none.',
    nullable: true,
    example: { by: ['type'], while: 'waiting', on_conflict: 'return' },
  })
  unique: object | null;

  @Integer({ description: 'Seconds an attempt may run.', min: 1, max: 86_400, example: 300 })
  timeout: number;

  @Nested({
    description: 'Holds its jobs back while they keep failing; null = it has none.',
    of: CircuitResponse,
    nullable: true,
  })
  circuit: CircuitResponse | null;

  @TextList({
    description: 'JSON pointers to what is `[Redacted]` wherever its payloads and results are shown.',
    maxItems: MOST_POINTERS,
    maxLength: LONGEST_POINTER,
    example: ['/card/number'],
  })
  redact: string[];

  @JsonObjectField({ description: 'The JSON Schema of its payload.', example: { type: 'object' } })
  payload_schema: object;

  @JsonObjectField({ description: 'A payload that works.', example: { hello: 'world' } })
  example: object;

  @declare(
    { description: 'All payloads that are given as examples.', example: [{ hello: 'world' }] },
    { type: 'array', items: { type: 'object', additionalProperties: true } },
  )
  examples: object[];
}

/** Every kind of job. */
export class JobTypeListResponse {
  @ListOf({ description: 'By name.', of: JobTypeResponse })
  job_types: JobTypeResponse[];
}

/** As told over HTTP. */
export function toJobTypeResponse(jobType: JobType, circuit?: SeenCircuit): JobTypeResponse {
  return {
    type: jobType.type,
    aliases: [...jobType.aliases],
    internal: jobType.isInternal ?? false,
    queue_name: jobType.queue,
    external: jobType.external !== undefined,
    description: jobType.description,
    max_attempts: jobType.maxAttempts,
    backoff: snakeCaseKeys(jobType.backoff),
    retry_on: jobType.retryOn?.map((error) => error.name) ?? null,
    fail_on: (jobType.failOn ?? []).map((error) => error.name),
    unique: jobType.unique ? snakeCaseKeys(jobType.unique) : null,
    timeout: jobType.timeoutSeconds,
    circuit: jobType.circuit ? toCircuitResponse(jobType.circuit, circuit) : null,
    redact: [...(jobType.redact ?? [])],
    payload_schema: jobType.external?.schema ?? jsonSchemaOf(jobType.payload),
    example: jobType.example,
    examples: [jobType.example, ...(jobType.examples ?? [])],
  };
}

function toCircuitResponse(policy: CircuitPolicy, circuit: SeenCircuit | undefined): CircuitResponse {
  return {
    state: circuit?.state ?? 'closed',
    failures_in_a_row: circuit?.failures ?? 0,
    until: circuit?.until?.toISOString() ?? null,
    failures: policy.failures,
    cool_down: policy.coolDownSeconds,
    count_on: policy.countOn?.map((error) => error.name) ?? null,
  };
}

function snakeCaseKeys(object: object): object {
  const rename = (key: string) => key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [rename(key), value]));
}
