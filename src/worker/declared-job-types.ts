import type { INestApplicationContext } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import { JOB_HANDLER, type JobHandlerOptions } from './job-handler.js';

/** What the handlers of an application declare, by type; also of one that is only previewed, without its providers. */
export function declaredJobTypes(app: INestApplicationContext): JobHandlerOptions[] {
  const modules = [...app.get(ModulesContainer).values()];
  const classes = new Set(
    modules.flatMap(({ providers }) => [...providers.values()].map(({ metatype }) => metatype)),
  );
  return [...classes]
    .map((type) =>
      type ? (Reflect.getMetadata(JOB_HANDLER, type) as JobHandlerOptions | undefined) : undefined,
    )
    .filter((options) => options !== undefined)
    .sort((a, b) => (a.type < b.type ? -1 : 1));
}
