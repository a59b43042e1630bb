import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';

/** Serves the document at `/openapi.json` and Swagger UI, to try it out, at `/docs`. */
export function serveSwaggerUi(app: NestFastifyApplication, build: () => OpenAPIObject): void {
  SwaggerModule.setup('docs', app, build, {
    raw: ['json'],
    jsonDocumentUrl: 'openapi.json',
    customSiteTitle: 'Roundhouse API',
    customfavIcon: '/assets/icon.svg',
    customCssUrl: '/assets/docs.css',
    customJs: '/assets/docs.js',
    swaggerOptions: {
      // Otherwise it would send the document to an online validator.
      validatorUrl: null,
      displayRequestDuration: true,
      defaultModelsExpandDepth: 0,
      tryItOutEnabled: true,
    },
  });
}
