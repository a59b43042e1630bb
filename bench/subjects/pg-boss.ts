import { Body, Controller, Module, Post } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { PgBoss } from 'pg-boss';
import { type Subject, serveCommands } from '../subject.js';

const QUEUE = 'default';
const BATCH = 1_000;
const boss = new PgBoss({ connectionString: process.env.DATABASE_URL ?? '', max: 20, useListenNotify: true });
boss.on('error', (error) => process.stderr.write(`${error.message}\n`));

/** pg-boss as its documentation has it; the drain with the settings that measured best. */
class BarePgBoss implements Subject {
  private app: NestFastifyApplication | undefined;

  async prepare(): Promise<void> {
    await boss.start();
    await boss.createQueue(QUEUE, { notify: true });
  }

  async preload(count: number): Promise<void> {
    for (let sent = 0; sent < count; sent += BATCH) {
      await boss.insert(
        QUEUE,
        Array.from({ length: Math.min(BATCH, count - sent) }, () => ({ data: {} })),
      );
    }
  }

  async drain(count: number): Promise<number> {
    const startedAt = performance.now();
    let handled = 0;
    await new Promise<void>((done) => {
      const options = { batchSize: 1000, localConcurrency: 2, burstWhenBatchFull: true };
      void boss.work(QUEUE, options, async (jobs) => {
        handled += jobs.length;
        if (handled >= count) setImmediate(done);
      });
    });
    const took = performance.now() - startedAt;
    await boss.offWork(QUEUE);
    return took;
  }

  async latencies(count: number): Promise<number[]> {
    let started: () => void = () => undefined;
    await boss.work(QUEUE, { batchSize: 1 }, async () => started());
    const times: number[] = [];
    for (let index = 0; index < count; index++) {
      const { promise, resolve } = Promise.withResolvers<void>();
      const calledAt = performance.now();
      started = () => {
        times.push(performance.now() - calledAt);
        resolve();
      };
      await boss.send(QUEUE, {});
      await promise;
    }
    await boss.offWork(QUEUE);
    return times;
  }

  async serve(): Promise<string> {
    this.app = await NestFactory.create<NestFastifyApplication>(SendModule, new FastifyAdapter(), {
      logger: false,
    });
    await this.app.listen({ host: '127.0.0.1', port: 0 });
    return this.app.getUrl();
  }

  async stop(): Promise<void> {
    await this.app?.close();
    await boss.stop({ graceful: false });
  }
}

@Controller('jobs')
class SendController {
  @Post()
  async send(@Body() body: { payload: object }): Promise<{ job_id: string | null }> {
    return { job_id: await boss.send(QUEUE, body.payload) };
  }
}

@Module({ controllers: [SendController] })
class SendModule {}

serveCommands(new BarePgBoss());
