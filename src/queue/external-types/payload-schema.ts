import { Script, createContext } from 'node:vm';
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { type Fault, didYouMean } from '../../common/index.js';
import type { JsonObject } from '../job.entity.js';
import { CheckAllowance } from './check-allowance.js';
import { faultAsASchema, faultInCompiling } from './not-a-schema.js';
import { type SchemaFault, pointerPart, schemaFault } from './schema-faults.js';

/** The formats that are checked: those whose check takes no longer than reading the text. */
const FORMATS = [
  'date',
  'time',
  'date-time',
  'duration',
  'email',
  'hostname',
  'ipv4',
  'ipv6',
  'uri',
  'uuid',
] as const;

/** All faults of a large payload may be a hundred thousand: of such a one the first is told. */
const TOLD_AT_ONCE_CHARACTERS = 64 * 1024;
const MOST_FAULTS = 100;

const TOOK_TOO_LONG = 'ERR_SCRIPT_EXECUTION_TIMEOUT';

/** What can take longer than a look at each part of the payload. */
const COSTLY = /"(?:pattern|\$ref|uniqueItems|anyOf|oneOf|allOf|not|contains|unevaluated\w+)":/;

/** Runs a check that it can end, also in the midst of a regular expression. */
const stage: { check?: () => boolean } = {};
const context = createContext({ check: () => stage.check?.() ?? false });
const call = new Script('check()');

/** What a payload must look like, as JSON Schema 2020-12 says it. Compiled at the first check. */
export class PayloadSchema {
  private readonly isCostly: boolean;
  private readonly allowance = new CheckAllowance();
  private quick: ValidateFunction | undefined;
  private thorough: ValidateFunction | undefined;

  constructor(
    private readonly type: string,
    readonly schema: JsonObject,
  ) {
    this.isCostly = COSTLY.test(JSON.stringify(schema));
  }

  /** What is wrong with a schema itself, or undefined. */
  static faultOf(schema: JsonObject): SchemaFault | undefined {
    const fault = schemaFault(schema);
    if (fault) return fault;
    try {
      const inItself = faultAsASchema(schema);
      if (!inItself) compile(schema, false);
      return inItself;
    } catch (error) {
      return faultInCompiling(schema, error as Error);
    }
  }

  /**
   * All that is wrong with a payload; of a large one the first fault.
   * @param base where in the whole request it stands, as a JSON pointer
   */
  faultsOf(payload: object, base: string): Fault[] {
    const quick = (this.quick ??= compile(this.schema, false));
    try {
      if (this.passes(quick, payload)) return [];
      const teller = this.isLarge(payload) ? quick : (this.thorough ??= compile(this.schema, true));
      if (teller !== quick) this.passes(teller, payload);
      return (teller.errors ?? []).slice(0, MOST_FAULTS).map((error) => toFault(error, base));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== TOOK_TOO_LONG) throw error;
      const detail = `The payload takes too long to be checked against the schema of "${this.type}": send a smaller one, or declare the type with simpler patterns`;
      return [{ pointer: base, detail, code: 'too_costly' }];
    }
  }

  private isLarge(payload: object): boolean {
    return JSON.stringify(payload).length > TOLD_AT_ONCE_CHARACTERS;
  }

  private passes(validate: ValidateFunction, payload: object): boolean {
    if (!this.isCostly) return validate(payload);
    stage.check = () => validate(payload);
    const startedAt = performance.now();
    try {
      return call.runInContext(context, { timeout: this.allowance.next() }) as boolean;
    } finally {
      this.allowance.spend(performance.now() - startedAt);
      delete stage.check;
    }
  }
}

/**
 * The schema of schemas is left out here: to compile it takes ten times as long as most schemas.
 * @throws Error when it is no schema, in words of its own
 */
function compile(schema: JsonObject, allErrors: boolean): ValidateFunction {
  const ajv = new Ajv2020({
    allErrors,
    strict: true,
    strictTypes: false,
    strictTuples: false,
    strictRequired: false,
    ownProperties: true,
    allowUnionTypes: true,
    verbose: true,
    logger: false,
    addUsedSchema: false,
    meta: false,
    validateSchema: false,
  });
  addFormats.default(ajv, { mode: 'fast', formats: [...FORMATS], keywords: false });
  return ajv.compile(schema);
}

function toFault({ instancePath, keyword, params, message, parentSchema }: ErrorObject, base: string): Fault {
  const pointer = `${base}${instancePath}`;
  const { additionalProperty, missingProperty } = params as Record<string, string | undefined>;
  if (keyword === 'additionalProperties' && additionalProperty !== undefined) {
    const known = Object.keys((parentSchema?.properties ?? {}) as object);
    const detail = `There is no field "${additionalProperty}".${didYouMean(additionalProperty, known)}`;
    return { pointer: `${pointer}/${pointerPart(additionalProperty)}`, detail, code: 'unknown_field' };
  }
  if (keyword === 'required' && missingProperty !== undefined) {
    const detail = `${missingProperty} is missing`;
    return { pointer: `${pointer}/${pointerPart(missingProperty)}`, detail, code: 'required' };
  }
  const name = pointer.split('/').at(-1) ?? '';
  const detail = `${name === '' ? 'It' : name} ${message ?? 'does not fit the schema'}`;
  return { pointer, detail, code: keyword.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`) };
}
