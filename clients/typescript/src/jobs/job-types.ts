import type { components } from '../generated/api.js';

type Schemas = components['schemas'];

/** One member of the union of requests for each type that the service brings along. */
type BuiltInRequest = Schemas['CreateJobOfType'];

/** The types of jobs that the service brings along. */
export type BuiltInType = BuiltInRequest['type'];

/** A type of job: one of the service, one of your own, or any other name. */
export type TypeName<Own> = BuiltInType | (keyof Own & string) | (string & {});

type RequestOf<Type, Request extends { type: string } = BuiltInRequest> = Request extends unknown
  ? Type extends Request['type']
    ? Request
    : never
  : never;

/** The payload of a job of this type. */
export type PayloadOf<Own, Type extends string> = Type extends keyof Own
  ? Own[Type] extends { payload: infer Payload }
    ? Payload
    : object
  : Type extends BuiltInType
    ? RequestOf<Type>['payload']
    : object;

/** The result of a completed job of this type. */
export type ResultOf<Own, Type extends string> = Type extends keyof Own
  ? Own[Type] extends { result: infer Result }
    ? Result
    : unknown
  : unknown;

/** How a job is to be run, in the words of `POST /jobs`. Times are texts of RFC 3339 or a `Date`, durations seconds. */
export type JobOptions = Omit<Schemas['JobSettings'], 'scheduled_at' | 'schedule_at'> & {
  /** The earliest start. */
  scheduled_at?: string | Date;
};

/** A job to be submitted, of a batch. */
export type NewJob<Own, Type extends string> = {
  type: Type;
  payload: PayloadOf<Own, Type>;
} & JobOptions;
