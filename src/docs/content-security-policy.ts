import type { NestFastifyApplication } from '@nestjs/platform-fastify';

type Directives = Readonly<Record<string, string>>;

const NOTHING: Directives = {
  'default-src': `'none'`,
  'base-uri': `'none'`,
  'form-action': `'none'`,
  'frame-ancestors': `'none'`,
};

/** Our own pages: everything comes from this server, and nothing stands inside the HTML. */
const PAGE: Directives = {
  ...NOTHING,
  'script-src': `'self'`,
  'style-src': `'self'`,
  'img-src': `'self'`,
  'connect-src': `'self'`,
};

/** Swagger UI and Redoc write styles into the page and draw with data: images; Redoc searches in a worker. */
const READER: Directives = {
  ...PAGE,
  'style-src': `'self' 'unsafe-inline'`,
  'img-src': `'self' data:`,
  'worker-src': 'blob:',
};

const policies: readonly (readonly [pages: RegExp, policy: string])[] = [
  [/^\/$/, write(PAGE)],
  [/^\/(docs|redoc)(\/|$)/, write(READER)],
];

/**
 * Says with every page what a browser may load and run because of it, where all other answers forbid everything.
 * Nothing asks for an upgrade to https: the service speaks plain HTTP, and what stands in front of it decides about more.
 */
export function protectPages(app: NestFastifyApplication): void {
  app
    .getHttpAdapter()
    .getInstance()
    .addHook('onRequest', ({ url }, reply, done) => {
      const policy = policyFor(url);
      if (policy !== undefined) void reply.header('Content-Security-Policy', policy);
      done();
    });
}

function policyFor(url: string): string | undefined {
  const path = url.split('?')[0] ?? '';
  return policies.find(([pages]) => pages.test(path))?.[1];
}

function write(directives: Directives): string {
  return Object.entries(directives)
    .map(([name, sources]) => `${name} ${sources}`)
    .join('; ');
}
