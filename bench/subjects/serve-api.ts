import { Body, Controller, Module, Post } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';

interface Submission {
  readonly payload: object;
}

export interface ServedApi {
  readonly url: string;
  close(): Promise<void>;
}

let accept: (body: Submission) => Promise<string | null>;

@Controller('jobs')
class SubmissionsController {
  @Post()
  async submit(@Body() body: Submission): Promise<{ job_id: string | null }> {
    return { job_id: await accept(body) };
  }
}

@Module({ controllers: [SubmissionsController] })
class SubmissionsModule {}

/** Serves `POST /jobs` as the smallest application of the same kind as ours would. @param take answers with the job's id */
export async function serveApi(take: typeof accept): Promise<ServedApi> {
  accept = take;
  const app = await NestFactory.create<NestFastifyApplication>(SubmissionsModule, new FastifyAdapter(), {
    logger: false,
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  return { url: await app.getUrl(), close: () => app.close() };
}
