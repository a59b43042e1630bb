import { Injectable } from '@nestjs/common';
import { invalid } from '../../common/index.js';
import { Postgres } from '../../database/index.js';
import { TYPE_NAME } from '../external-types/external-types.js';
import { JobTypeCatalog } from '../external-types/job-type-catalog.js';
import type { JsonObject } from '../job.entity.js';
import { JobTypes } from '../job-types.js';
import { DEAD_LETTER_TYPE } from '../settle/dead-letter-type.js';
import { meets } from './pointers.js';
import { refuseRedacted } from './refuse-redacted.js';
import { SELECT_POINTERS, SELECT_REDACTIONS } from './redactions.sql.js';
import { type Showable, type Shown, inLetter, lettersTypesIn, withoutSecrets } from './shown.js';

/** What is not shown of jobs of a type. */
interface Redaction {
  readonly type: string;
  /** JSON pointers into its payloads and results. */
  readonly pointers: readonly string[];
}

/** Keeps to itself what the types of jobs say is not shown. Whatever leaves to people or elsewhere has passed here. */
@Injectable()
export class Redactions {
  constructor(
    private readonly types: JobTypeCatalog,
    private readonly own: JobTypes,
    private readonly postgres: Postgres,
  ) {}

  /** The jobs, or parts of jobs, as they may be shown; the same objects where their types keep nothing back. */
  async shown<T extends Showable>(jobs: readonly T[]): Promise<Shown<T>[]> {
    const known = new Map<string, readonly string[]>();
    const shown: Shown<T>[] = [];
    for (const job of jobs) shown.push(withoutSecrets(job, await this.pointersOf(job, known)));
    return shown;
  }

  /** The same of one. */
  async shownOne<T extends Showable>(job: T): Promise<Shown<T>> {
    return withoutSecrets(job, await this.pointersOf(job, new Map()));
  }

  /**
   * Refuses a payload that was read before, and has `[Redacted]` where the value should be.
   * @param base where the payload stands in the request, as a JSON pointer
   * @throws DomainError validation_failed
   */
  async refuseShown(type: string, payload: JsonObject, base: string): Promise<void> {
    refuseRedacted(payload, await this.pointersOf({ type, payload }, new Map()), base);
  }

  /**
   * Refuses to look for what is not shown: whoever guesses it would be told.
   * @param type of the jobs that are looked through; undefined = of any
   * @param paths in payloads and results, as the search has them
   * @throws DomainError validation_failed
   */
  async refuseSearch(type: string | undefined, paths: readonly (readonly string[])[]): Promise<void> {
    if (paths.length === 0) return;
    for (const one of await this.all()) {
      const pointers = [
        ...(type === undefined || type === one.type ? one.pointers : []),
        ...(type === undefined || type === DEAD_LETTER_TYPE ? one.pointers.map(inLetter) : []),
      ];
      const met = pointers.find((pointer) => paths.some((path) => meets(pointer, path)));
      if (met === undefined) continue;
      const rest = type === undefined ? ', or name in type the jobs of another type' : '';
      const detail = `q looks at ${met}, which is not shown of jobs of the type "${one.type}": leave that term out${rest}`;
      throw invalid('validation_failed', [{ pointer: '/q', detail, code: 'redacted_value' }]);
    }
  }

  private async all(): Promise<Redaction[]> {
    const own = this.own.all().map(({ type, redact = [] }) => ({ type, pointers: redact }));
    const { rows } = await this.postgres.query<Redaction>(SELECT_REDACTIONS);
    return [...own, ...rows.filter(({ type }) => !this.own.find(type))];
  }

  private async pointersOf(job: Showable, known: Map<string, readonly string[]>): Promise<readonly string[]> {
    const pointers = await this.ofType(job.type, known);
    if (job.type !== DEAD_LETTER_TYPE) return pointers;
    const letters = await Promise.all(lettersTypesIn(job).map((type) => this.ofType(type, known)));
    return [...pointers, ...letters.flat().map(inLetter)];
  }

  private async ofType(type: string, known: Map<string, readonly string[]>): Promise<readonly string[]> {
    const found = known.get(type) ?? (await this.lookUp(type));
    known.set(type, found);
    return found;
  }

  private async lookUp(name: string): Promise<readonly string[]> {
    const type = await this.types.find(name);
    if (type) return type.redact ?? [];
    if (!TYPE_NAME.test(name)) return [];
    const { rows } = await this.postgres.query<Redaction>(SELECT_POINTERS, [name]);
    return rows[0]?.pointers ?? [];
  }
}
