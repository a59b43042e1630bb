import type { INestApplicationContext } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import type { ClassConstructor } from 'class-transformer';
import type { Config } from '../config/index.js';
import { JOB_HANDLER, type JobHandlerOptions, payloadTypeOf } from './job-handler.js';

/** A declaration whose payload's class is settled. */
export interface DeclaredJobType extends JobHandlerOptions {
  readonly payload: ClassConstructor<object>;
}

/** What the handlers of an application declare, by type; also of one that is only previewed, without its providers. */
export function declaredJobTypes(app: INestApplicationContext, config: Config): DeclaredJobType[] {
  const modules = [...app.get(ModulesContainer).values()];
  const classes = new Set(
    modules.flatMap(({ providers }) => [...providers.values()].map(({ metatype }) => metatype)),
  );
  return [...classes]
    .map((type) =>
      type ? (Reflect.getMetadata(JOB_HANDLER, type) as JobHandlerOptions | undefined) : undefined,
    )
    .filter((options) => options !== undefined)
    .map((options) => ({ ...options, payload: payloadTypeOf(options, config) }))
    .sort((a, b) => (a.type < b.type ? -1 : 1));
}
