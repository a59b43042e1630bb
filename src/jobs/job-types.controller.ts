import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  Answers,
  Integer,
  JsonObjectField,
  ListOf,
  Text,
  TextList,
  jsonSchemaOf,
} from '../common/http/index.js';
import { type JobType, JobTypes } from '../queue/index.js';

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

  @Text({ description: 'The queue its jobs wait in.', maxLength: 63, example: 'default' })
  queue_name: string;

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

  @JsonObjectField({ description: 'The JSON Schema of its payload.', example: { type: 'object' } })
  payload_schema: object;

  @JsonObjectField({ description: 'A payload that works.', example: { hello: 'world' } })
  example: object;
}

/** Every kind of job. */
export class JobTypeListResponse {
  @ListOf({ description: 'By name.', of: JobTypeResponse })
  job_types: JobTypeResponse[];
}

/** What can be submitted. */
@ApiTags('Jobs')
@Controller('job-types')
export class JobTypesController {
  constructor(private readonly types: JobTypes) {}

  @Get()
  @ApiOperation({ operationId: 'listJobTypes', summary: 'List the job types' })
  @Answers({ status: 200, type: JobTypeListResponse, description: 'Every job type.' })
  list(): JobTypeListResponse {
    return { job_types: this.types.all().map(toResponse) };
  }
}

function toResponse(jobType: JobType): JobTypeResponse {
  return {
    type: jobType.type,
    aliases: [...jobType.aliases],
    queue_name: jobType.queue,
    description: jobType.description,
    max_attempts: jobType.maxAttempts,
    backoff: snakeCaseKeys(jobType.backoff),
    retry_on: jobType.retryOn?.map((error) => error.name) ?? null,
    fail_on: (jobType.failOn ?? []).map((error) => error.name),
    unique: jobType.unique ? snakeCaseKeys(jobType.unique) : null,
    timeout: jobType.timeoutSeconds,
    payload_schema: jsonSchemaOf(jobType.payload),
    example: jobType.example,
  };
}

function snakeCaseKeys(object: object): object {
  const rename = (key: string) => key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [rename(key), value]));
}
