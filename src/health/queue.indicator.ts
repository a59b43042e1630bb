import { Injectable } from '@nestjs/common';
import { type HealthCheckAttempt, HealthIndicatorService } from '@nestjs/terminus';
import { Engine } from '../queue/index.js';
import { ProbeFailure, probe } from './probe.js';

/** Whether the queue engine's tables answer and are still those that this process started with. */
@Injectable()
export class QueueIndicator {
  /** No process starts on a schema that does not fit, so the first one seen is the right one. */
  private fitting: number | undefined;

  constructor(
    private readonly indicators: HealthIndicatorService,
    private readonly engine: Engine,
  ) {}

  check(): HealthCheckAttempt<'queue'> {
    return probe(this.indicators, 'queue', () => this.look(), 'The queue engine cannot be reached');
  }

  private async look(): Promise<{ schema: number }> {
    const schema = await this.engine.boss.schemaVersion();
    if (schema === null)
      throw new ProbeFailure('The queue engine has lost its tables: run "npm run migrate"');
    this.fitting ??= schema;
    if (schema === this.fitting) return { schema };
    throw new ProbeFailure(
      `The queue engine's tables changed from version ${this.fitting} to ${schema}: restart this process with a build that fits`,
    );
  }
}
