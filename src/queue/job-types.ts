import { Injectable } from '@nestjs/common';
import type { ClassConstructor } from 'class-transformer';
import { DomainError, type Fault, didYouMean } from '../common/index.js';
import type { BackoffPolicy } from './backoff/backoff-policy.js';
import type { JsonObject } from './job.entity.js';

/** A class of errors, also an abstract one. */
export type ErrorClass = abstract new (...args: never[]) => Error;

/** What makes two jobs of a type the same, for how long, and what becomes of the second. */
export interface UniquePolicy {
  readonly by: readonly ('type' | 'payload')[];
  readonly while: 'waiting' | 'unfinished' | { readonly seconds: number };
  readonly onConflict: 'return' | 'replace' | 'reject';
}

/** When jobs of a type are held back because their attempts keep failing, as while what they depend on is down. */
export interface CircuitPolicy {
  /** So many failures in a row, on all workers together, open the circuit: 1 to 1,000. */
  readonly failures: number;
  /** How long no job starts then, 0.1 to 86,400 s; each probe that fails doubles it, up to ten times. */
  readonly coolDownSeconds: number;
  /** Only these errors count, and timeouts; others tell, as a success does, that all is well. Default: every error. */
  readonly countOn?: readonly ErrorClass[];
}

/** What the payloads of a type must look like that external workers run. */
export interface DeclaredSchema {
  readonly schema: JsonObject;
  /** @param base where in the whole request the payload stands, as a JSON pointer */
  faultsOf(payload: object, base: string): Fault[];
}

/** All that is known of a kind of job: where it waits, how it retries, what its payload looks like. */
export interface JobType {
  readonly type: string;
  /** Other names it is submitted under. */
  readonly aliases: readonly string[];
  readonly queue: string;
  readonly description: string;
  /** The class-validator class of the payload. */
  readonly payload: ClassConstructor<object>;
  /** An example of a payload. */
  readonly example: object;
  /** Further ones. */
  readonly examples?: readonly object[];
  /** A few words on a payload, or nothing. */
  readonly summary: (payload: JsonObject) => string;
  /** Executions, not retries; null = no limit. */
  readonly maxAttempts: number | null;
  readonly backoff: BackoffPolicy;
  /** Errors after which the job runs again; when given, every other error is permanent. */
  readonly retryOn?: readonly ErrorClass[];
  /** Errors after which it does not; they win over `retryOn`. */
  readonly failOn?: readonly ErrorClass[];
  readonly timeoutSeconds: number;
  /** Its handler runs in a process of its own, with so many MiB of heap. */
  readonly isolate?: { readonly memoryMb: number };
  /** Absent = its jobs start however often others of them fail. */
  readonly circuit?: CircuitPolicy;
  /** The uniqueness of a job that asks for none of its own. */
  readonly unique?: UniquePolicy;
  /** Only the service itself makes its jobs. */
  readonly isInternal?: boolean;
  /** The jobs that a payload names, whose results or artifacts its handler reads. */
  readonly jobsRead?: (payload: JsonObject) => readonly unknown[];
  /** What is not shown of its payloads and results, as JSON pointers; `*` is every member or element. */
  readonly redact?: readonly string[];
  /** It was declared over HTTP: external workers run its jobs, and no handler. */
  readonly external?: DeclaredSchema;
}

/** Every job type of this process. Filled at boot from the handlers; API and workers know the same ones. */
@Injectable()
export class JobTypes {
  private readonly byName = new Map<string, JobType>();

  /** @throws Error when a name or an alias is taken: exactly one handler may answer to it */
  add(jobType: JobType): void {
    for (const name of [jobType.type, ...jobType.aliases]) {
      const taken = this.byName.get(name);
      if (taken)
        throw new Error(`The job type "${name}" is declared twice, by ${taken.type} and ${jobType.type}`);
      this.byName.set(name, jobType);
    }
  }

  /** The type of this name or alias, or undefined. */
  find(name: string): JobType | undefined {
    return this.byName.get(name);
  }

  /**
   * @param others further names that there are
   * @throws DomainError unknown_job_type, naming the nearest
   */
  get(name: string, others: readonly string[] = []): JobType {
    const found = this.byName.get(name);
    if (found) return found;
    const hint =
      didYouMean(name, [...this.byName.keys(), ...others]) || ' GET /job-types lists what there is.';
    throw new DomainError('unknown_job_type', `There is no job type "${name}".${hint}`, {
      faults: [
        { pointer: '/type', detail: `There is no job type "${name}".${hint}`, code: 'unknown_job_type' },
      ],
    });
  }

  /** Every type once, by name. */
  all(): JobType[] {
    return [...new Set(this.byName.values())].sort((a, b) => a.type.localeCompare(b.type));
  }

  /** The types that have a circuit. */
  guarded(): string[] {
    return this.all().flatMap(({ type, circuit }) => (circuit ? [type] : []));
  }
}
