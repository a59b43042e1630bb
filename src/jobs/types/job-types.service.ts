import { Inject, Injectable } from '@nestjs/common';
import { DomainError, invalid } from '../../common/index.js';
import { CONFIG, type Config } from '../../config/index.js';
import { Postgres } from '../../database/index.js';
import {
  type ExternalType,
  ExternalTypesStore,
  JobTypeCatalog,
  type JobType,
  JobTypes,
  PayloadSchema,
  TYPE_NAME,
  faultOfPointer,
} from '../../queue/index.js';
import { exponential } from '../submission.js';
import type { DeclareJobTypeRequest } from './declare-job-type.dto.js';
import { SELECT_HANDLING_WORKER } from './job-types.sql.js';

const DEFAULT_MAX_ATTEMPTS = 3;

/** Declares job types for external workers. */
@Injectable()
export class JobTypesService {
  constructor(
    private readonly own: JobTypes,
    private readonly types: JobTypeCatalog,
    private readonly store: ExternalTypesStore,
    private readonly postgres: Postgres,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /**
   * Declares a type, or says anew what it is.
   * @throws DomainError validation_failed, job_type_conflict when a handler answers to the name
   */
  async declare(name: string, request: DeclareJobTypeRequest): Promise<{ jobType: JobType; isNew: boolean }> {
    if (!TYPE_NAME.test(name)) {
      const detail = `"${name}" cannot be a type: it takes 1 to 100 letters, digits, ".", "_", ":" and "-", and begins with a letter or digit`;
      throw invalid('validation_failed', [{ pointer: '', detail, code: 'invalid_type_name' }]);
    }
    await this.refuseHandled(name);
    const declared = this.resolve(name, request);
    refuseFaults(declared, request);
    const isNew = await this.store.put(declared);
    return { jobType: await this.types.get(name), isNew };
  }

  /** @throws DomainError job_type_not_found, job_type_conflict */
  async remove(name: string): Promise<void> {
    if (this.own.find(name) && !(await this.isDeclared(name)))
      throw new DomainError(
        'job_type_conflict',
        `The job type "${name}" belongs to a handler of this build: it goes with its handler`,
      );
    await this.store.remove(TYPE_NAME.test(name) ? name : '');
  }

  /** A name belongs to handlers or to external workers, never to both. */
  private async refuseHandled(name: string): Promise<void> {
    const refusal = (who: string) =>
      new DomainError('job_type_conflict', `${who} has a handler for "${name}": choose another name`);
    if (this.own.find(name)) throw refusal('This build');
    const { rows } = await this.postgres.query<{ hostname: string }>(SELECT_HANDLING_WORKER, [
      this.config.worker.deadAfterSeconds,
      name,
    ]);
    if (rows[0]) throw refusal('A live worker');
  }

  private async isDeclared(name: string): Promise<boolean> {
    return (await this.types.externalNames()).includes(name);
  }

  private resolve(type: string, request: DeclareJobTypeRequest): ExternalType {
    const schema = request.payload_schema ?? { type: 'object' };
    const examples = Array.isArray(schema.examples) ? (schema.examples as unknown[]) : [];
    const { jitter, timeoutSeconds } = this.config.jobs;
    const standard = { strategy: 'exponential', baseDelay: 1, maxDelay: 300, jitter } as const;
    return {
      type,
      description: request.description,
      queue: request.queue ?? 'default',
      maxAttempts: request.max_attempts === undefined ? DEFAULT_MAX_ATTEMPTS : request.max_attempts,
      backoff: request.backoff ? exponential(request.backoff, standard) : standard,
      timeoutSeconds: request.timeout ?? timeoutSeconds,
      schema,
      redact: [...new Set(request.redact)],
      example: request.example ?? (examples[0] as ExternalType['example'] | undefined) ?? {},
    };
  }
}

/** @throws DomainError validation_failed when one leads nowhere */
function refuseWrongPointers(pointers: readonly string[]): void {
  const faults = pointers.flatMap((pointer, index) => {
    const fault = faultOfPointer(pointer);
    return fault
      ? [{ pointer: `/redact/${index}`, detail: `"${pointer}" ${fault}`, code: 'invalid_pointer' }]
      : [];
  });
  if (faults.length > 0) throw invalid('validation_failed', faults);
}

/** @throws DomainError validation_failed when the schema is none that can be used, or the example does not fit it */
function refuseFaults({ type, schema, example, redact }: ExternalType, request: DeclareJobTypeRequest): void {
  const fault = PayloadSchema.faultOf(schema);
  if (fault) {
    const { pointer, detail } = fault;
    throw invalid('validation_failed', [
      { pointer: `/payload_schema${pointer}`, detail, code: 'invalid_schema' },
    ]);
  }
  refuseWrongPointers(redact);
  if (!request.example) return;
  const faults = new PayloadSchema(type, schema).faultsOf(example, '/example');
  if (faults.length > 0) throw invalid('validation_failed', faults);
}
