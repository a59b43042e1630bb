import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Config } from './config/index.js';
import { protectPages } from './docs/content-security-policy.js';
import { buildOpenApi } from './docs/openapi-document.js';
import { serveOverview } from './docs/overview.js';
import { servePages } from './docs/pages.js';
import { serveSwaggerUi } from './docs/swagger-ui.js';

export { buildOpenApi, writeOpenApi } from './docs/openapi-document.js';

/** Serves what people read: `/` with what is running, and the API's documentation at `/docs`, `/redoc` and `/openapi.json`. */
export function mountDocs(app: NestFastifyApplication, config: Config): void {
  protectPages(app);
  servePages(app);
  serveOverview(app, config);
  serveSwaggerUi(app, () => buildOpenApi(app, config));
}
