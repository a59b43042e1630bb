/** The layers, bottom up: a module imports downwards only, and another module only through its index.ts. */
const layers = [
  ['common'],
  ['config'],
  ['database'],
  ['audit-record'],
  ['secrets'],
  ['request-limits'],
  ['auth'],
  ['held-requests'],
  ['egress'],
  ['queue'],
  ['artifacts'],
  ['worker'],
  [
    'jobs',
    'workflows',
    'queues',
    'workers',
    'leases',
    'bulk-operations',
    'dead-letters',
    'tasks',
    'jokes',
    'periodic',
    'schedules',
    'audit',
    'audit-log',
    'webhooks',
  ],
  ['stats', 'scaling', 'health', 'metrics', 'telemetry', 'doctor', 'dashboard', 'cli', 'docs'],
];

const upwards = layers.flatMap((names, level) => {
  const above = layers.slice(level + 1).flat();
  if (above.length === 0) return [];
  return [
    {
      name: `${names.join('-')}-imports-downwards-only`,
      severity: 'error',
      from: { path: `^src/(${names.join('|')})/` },
      to: { path: `^src/(${above.join('|')})/` },
    },
  ];
});

module.exports = {
  forbidden: [
    ...upwards,
    {
      name: 'modules-do-not-import-the-composition',
      severity: 'error',
      from: { path: `^src/(${layers.flat().join('|')})/`, pathNot: '^src/cli/' },
      to: { path: '^src/[^/]+\\.ts$' },
    },
    {
      name: 'other-modules-only-through-their-index',
      comment: 'What is not in index.ts is nobody else’s business.',
      severity: 'error',
      from: { path: '^src/([^/]+)/' },
      to: {
        path: '^src/(?!common/)([^/]+)/.+',
        pathNot: [
          '^src/$1/',
          '^src/[^/]+/index\\.ts$',
          '^src/database/embedded/index\\.ts$',
          '^src/launcher/',
          // Its index brings all of Nest along, which nobody waits for who lists jobs.
          '^src/config/caller\\.ts$',
        ],
      },
    },
    {
      name: 'only-the-queue-knows-the-engine',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/queue/' },
      to: { path: 'node_modules/pg-boss' },
    },
    {
      name: 'only-telemetry-knows-who-is-told',
      comment: 'It is loaded where somebody wants it, and by nobody else.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/telemetry/(tracing|sentry)/' },
      to: { path: 'node_modules/@(opentelemetry|sentry)' },
    },
    {
      name: 'telemetry-is-loaded-when-it-is-wanted',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/telemetry/(tracing|sentry)/' },
      to: { path: '^src/telemetry/(tracing|sentry)/', dependencyTypesNot: ['dynamic-import'] },
    },
    {
      name: 'access-tokens-are-read-where-they-are-accepted',
      comment: 'What reads them is loaded where an issuer is set.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/auth/oidc/' },
      to: { path: 'node_modules/jose' },
    },
    {
      name: 'what-reads-access-tokens-is-loaded-when-it-is-wanted',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/auth/oidc/' },
      to: { path: '^src/auth/oidc/', dependencyTypesNot: ['dynamic-import', 'type-only'] },
    },
    {
      name: 'the-client-needs-nothing',
      comment: 'It runs in browsers too, and is installed alone.',
      severity: 'error',
      from: { path: '^clients/typescript/src/' },
      to: { pathNot: '^clients/typescript/src/' },
    },
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'product-does-not-import-tests',
      severity: 'error',
      from: { path: '^(src|migrations)/' },
      to: { path: '^(test|bench)/' },
    },
    {
      name: 'only-tests-import-the-test-kit',
      severity: 'error',
      from: { path: '^(src|migrations)/', pathNot: '^src/testing/' },
      to: { path: '^src/testing/' },
    },
    {
      name: 'the-test-kit-needs-no-database-and-no-http',
      severity: 'error',
      from: { path: '^src/testing/' },
      to: { path: '^src/', pathNot: '^src/(common|config|queue|artifacts|worker|testing)/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
  },
};
