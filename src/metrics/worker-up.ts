import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { InjectMetric, makeGaugeProvider } from '@willsoto/nestjs-prometheus';
import { Gauge } from 'prom-client';

export const workerUpGauge = makeGaugeProvider({
  name: 'worker_up',
  help: '1 while this worker takes jobs, 0 before and from the start of its shutdown on.',
});

/** Says whether this worker takes jobs. */
@Injectable()
export class WorkerUp implements OnApplicationBootstrap, OnModuleDestroy {
  constructor(@InjectMetric('worker_up') private readonly gauge: Gauge) {}

  onApplicationBootstrap(): void {
    this.gauge.set(1);
  }

  onModuleDestroy(): void {
    this.gauge.set(0);
  }
}
