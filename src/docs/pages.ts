import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { projectFolder } from '../common/index.js';

const PUBLIC = fileURLToPath(new URL('public/', projectFolder(new URL('.', import.meta.url))));

/** Redoc in one file, as its package brings it. */
const REDOC = { file: 'redoc.standalone.js', folder: dirname(fileURLToPath(import.meta.resolve('redoc'))) };

/** Serves our own pages and what they load: all of it is local. */
export function servePages(app: NestFastifyApplication): void {
  // Without a wildcard every file is a route of its own, and a missing one gets our usual 404.
  void app.register(fastifyStatic, { root: PUBLIC, prefix: '/assets/', index: false, wildcard: false });
  const fastify = app.getHttpAdapter().getInstance();
  fastify.get('/', (_request, reply) => reply.sendFile('start.html'));
  fastify.get('/redoc', (_request, reply) => reply.sendFile('redoc.html'));
  fastify.get(`/assets/${REDOC.file}`, (_request, reply) => reply.sendFile(REDOC.file, REDOC.folder));
}
