import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService, Reflector } from '@nestjs/core';
import type { JobContext } from './job-handler.js';
import { JOB_MIDDLEWARE, type JobMiddlewareOptions, type MiddlewareRunnable } from './job-middleware.js';

interface Declared {
  readonly name: string;
  readonly order: number;
  readonly middleware: MiddlewareRunnable;
}

/** Finds the providers that declare themselves middlewares, checks them at boot, and runs handlers inside them. */
@Injectable()
export class JobMiddlewares implements OnModuleInit {
  /** The outermost first. */
  private chain: readonly Declared[] = [];

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly reflector: Reflector,
  ) {}

  onModuleInit(): void {
    const instances = this.discovery.getProviders().map(({ instance }) => instance as object | undefined);
    const chain = [...new Set(instances)].flatMap((instance) => this.declaredBy(instance));
    refuseTwins(chain);
    this.chain = chain.sort((a, b) => a.order - b.order || (a.name < b.name ? -1 : 1));
  }

  /** Settles as the outermost middleware does; without any, as the handler. */
  around(job: JobContext, handler: () => Promise<unknown>): Promise<unknown> {
    if (this.chain.length === 0) return handler();
    const run = this.chain.reduceRight(
      (inner, declared) => async () => declared.middleware.run(job, once(declared.name, inner)),
      handler,
    );
    return run();
  }

  private declaredBy(instance: object | undefined): Declared[] {
    const type = instance?.constructor;
    const options = type && this.reflector.get<JobMiddlewareOptions | undefined>(JOB_MIDDLEWARE, type);
    if (!options) return [];
    const [middleware, { order = 0 }] = [instance as MiddlewareRunnable, options];
    if (typeof middleware.run !== 'function')
      throw new Error(`The job middleware ${type.name} has no run method`);
    if (!Number.isFinite(order))
      throw new Error(`The job middleware ${type.name} has the order ${order}; it must be a number`);
    return [{ name: type.name, order, middleware }];
  }
}

/** A class that two modules provide would run twice around each job. */
function refuseTwins(chain: readonly Declared[]): void {
  const types = chain.map(({ middleware }) => middleware.constructor);
  const twin = types.find((type, at) => types.indexOf(type) !== at);
  if (twin)
    throw new Error(`The job middleware ${twin.name} is provided by two modules: leave it to one of them`);
}

function once(name: string, inner: () => Promise<unknown>): () => Promise<unknown> {
  let wasCalled = false;
  return async () => {
    if (wasCalled)
      throw new Error(`The job middleware ${name} called next() twice: a handler runs once an attempt`);
    wasCalled = true;
    return inner();
  };
}
