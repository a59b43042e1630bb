import type { Environment } from './environment.ts';
import { authModeFor, isLoopback } from './loopback.ts';
import { misspelledIn } from './misspelled.ts';
import { SECRET_VARIABLES, fileVariable } from './secret-files.ts';

/** Settings that work but are probably not what was meant. */
export function warningsFor(values: Environment, env: NodeJS.ProcessEnv): string[] {
  const warnings: string[] = [];
  const slotsAreNamed = values.WORKER_QUEUES.some((pool) => pool.slots !== undefined);
  if (slotsAreNamed && env.WORKER_CONCURRENCY) {
    warnings.push('WORKER_CONCURRENCY is ignored because WORKER_QUEUES gives each queue its own slots');
  }
  if (!isLoopback(values.HOST) && authModeFor(values.HOST, values.AUTH_MODE) === 'open') {
    warnings.push(`The API on ${values.HOST} answers everybody who can reach it (AUTH_MODE=open)`);
  }
  if (values.OIDC_ISSUER !== undefined && authModeFor(values.HOST, values.AUTH_MODE) === 'open') {
    warnings.push('OIDC_ISSUER is ignored, for everybody may call the API: set AUTH_MODE=keys');
  }
  if (values.HTTP_ALLOW_PRIVATE) {
    warnings.push(
      'Whoever may submit jobs reaches the services in this network by them (HTTP_ALLOW_PRIVATE=true): meant for development and tests',
    );
  }
  if (values.WEBHOOK_ALLOW_PRIVATE) {
    warnings.push(
      'Webhooks reach the services in this network (WEBHOOK_ALLOW_PRIVATE=true): meant for development, tests and receivers of your own',
    );
  }
  const settings = [...Object.keys(values), ...SECRET_VARIABLES.map(fileVariable)];
  return [...warnings, ...misspelledIn(env, settings)];
}
