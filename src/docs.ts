import type { NestFastifyApplication } from '@nestjs/platform-fastify';

/** Serves the API's documentation. */
export function mountDocs(app: NestFastifyApplication): void {
  void app;
}
