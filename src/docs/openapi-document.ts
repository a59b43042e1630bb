import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { KEY_SCHEME, TOKEN_SCHEME } from '../auth/index.js';
import { version } from '../common/index.js';
import type { Config } from '../config/index.js';
import { declaredJobTypes } from '../worker/index.js';
import { addExamples } from './examples.js';
import { addJobTypeBodies } from './job-type-bodies.js';
import { addProblems } from './problem-answers.js';

const DESCRIPTION = `A job processing service on PostgreSQL. Submit a job and it runs, with retries, schedules and limits; a job that was accepted is never lost.

Errors are \`application/problem+json\` (RFC 9457): \`code\` names the problem for programs, \`detail\` says in one sentence what to do, and \`errors\` points at each fault of a request. Each operation lists its codes; besides, any address may answer \`method_not_allowed\` (405), \`request_timeout\` (408), \`headers_too_large\` (431) and \`internal_error\` (500).

Times are RFC 3339 in UTC. Lists come in pages: \`limit\` says how many, and \`next_cursor\`, sent as \`cursor\`, leads to the next page; it is null on the last one.

Every answer has \`X-Request-Id\`, which finds it in the log, and where requests are limited \`RateLimit\` and \`RateLimit-Policy\`.

Expect members that are new to you, and, where a list of words has \`x-open-enum\`, words. Nothing else changes within a major version.`;

const settings = new DocumentBuilder()
  .setOpenAPIVersion('3.1.0')
  .setTitle('Roundhouse')
  .setDescription(DESCRIPTION)
  .setVersion(version)
  .setLicense('MIT', 'https://opensource.org/license/mit')
  .addServer('/', 'The server that this document comes from.')
  .addBearerAuth(
    {
      type: 'http',
      scheme: 'bearer',
      bearerFormat: 'rh_…',
      description:
        'An API key, unless AUTH_MODE is `open`. Each operation names the scope that the key must have.',
    },
    KEY_SCHEME,
  )
  .addBearerAuth(
    {
      type: 'http',
      scheme: 'bearer',
      bearerFormat: 'JWT',
      description:
        'An access token of the issuer that OIDC_ISSUER names, where it names one. The scopes are those of keys.',
    },
    TOKEN_SCHEME,
  )
  .addTag('Jobs', 'Submit jobs and follow them.')
  .addTag('Workflows', 'Submit jobs that belong together, and follow them as one.')
  .addTag('Queues', 'See how the queues are doing, and pause them.')
  .addTag('Schedules', 'Let jobs come again and again, by cron expressions and recurrence rules.')
  .addTag('Workers', 'See who runs jobs, and take workers out of service.')
  .addTag('Job types', 'What kinds of jobs there are; declare your own for external workers.')
  .addTag('External workers', 'Run jobs in any language.')
  .addTag('Dead letters', 'Find out why jobs failed, run them again or throw them away.')
  .addTag('Webhooks', 'Have other systems told of the ends of jobs.')
  .addTag('Bulk operations', 'Cancel, retry, run or discard many jobs at once.')
  .addTag('API keys', 'Say who may call the API, and what for.')
  .addTag('Jokes', 'The sample feature: jobs fetch jokes, and this is where they are read.')
  .addTag('Stats', 'The service in figures.')
  .addTag('Audit log', 'Who did what.')
  .addTag('Operations', 'Health and metrics, for monitors and orchestrators.')
  .build();

/** The API as its controllers and DTOs declare it. Needs no database and no started application. */
export function buildOpenApi(app: NestFastifyApplication, config: Config): OpenAPIObject {
  // Said outright, since linters cannot tell "open to everybody" from "forgotten".
  const document = { ...SwaggerModule.createDocument(app, settings), security: [] };
  return addProblems(addExamples(addJobTypeBodies(document, declaredJobTypes(app, config))));
}

/** The document as it is committed. */
export function writeOpenApi(document: OpenAPIObject): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}
