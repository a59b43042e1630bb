import { Logger } from '@nestjs/common';
import { type ExportResult, ExportResultCode } from '@opentelemetry/core';
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace';
import { kindOf } from '../../common/index.js';

/** Says it when traces do not arrive, once, and when they do again: without it a wrong address would never be noticed. */
export class CandidExporter implements SpanExporter {
  private readonly logger = new Logger('Tracing');
  private isFailing = false;

  constructor(
    private readonly exporter: SpanExporter,
    private readonly endpoint: string,
  ) {}

  export(spans: ReadableSpan[], done: (result: ExportResult) => void): void {
    this.exporter.export(spans, (result) => {
      this.note(result);
      done(result);
    });
  }

  shutdown(): Promise<void> {
    return this.exporter.shutdown();
  }

  async forceFlush(): Promise<void> {
    await this.exporter.forceFlush?.();
  }

  private note({ code, error }: ExportResult): void {
    const fails = code !== ExportResultCode.SUCCESS;
    if (fails === this.isFailing) return;
    this.isFailing = fails;
    if (!fails) this.logger.log('Traces arrive again');
    else
      this.logger.warn(
        `Traces do not arrive and are lost (${kindOf(error)}): is OTEL_EXPORTER_OTLP_ENDPOINT=${this.endpoint} the address of a collector that speaks OTLP over HTTP?`,
      );
  }
}
