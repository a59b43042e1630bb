import { type Block, DOCUMENTS, firstLineOf } from './blocks.js';

/** Commands that are not run one after the other as they stand. */
interface NotRun {
  readonly document: string;
  /** How the first lines of the blocks begin; absent = all of the document. */
  readonly begin?: readonly string[];
  /** The test that runs them, or the same in another way. */
  readonly by?: string;
  /** Why nothing does, or why not here. */
  readonly because?: string;
}

const NO_DOCKER = 'there is no Docker engine where the tests run';
const NO_CLUSTER = 'there is no Kubernetes cluster where the tests run';
const PORT_IN_USE = 'its port may be taken: the test runs Prometheus with the same files on another one';

/** Of `test/acceptance`. A document that is not there is no fault. */
const NOT_RUN: readonly NotRun[] = [
  { document: 'README.md', begin: ['npm test'], because: 'this is one of those tests' },
  { document: 'README.md', begin: ['docker compose -f docker/compose.yaml up'], because: NO_DOCKER },
  { document: 'README.md', begin: ['prometheus --config.file'], by: 'monitoring', because: PORT_IN_USE },
  {
    document: 'CONTRIBUTING.md',
    begin: ['npm run dev'],
    because: '.ci/run runs the tests and the checks, which would run themselves here',
  },
  {
    document: 'CONTRIBUTING.md',
    begin: ['bin/roundhouse generate task', 'curl -X POST http://127.0.0.1:8000/tasks/count_words'],
    by: 'generate',
  },
  { document: 'docs/cli.md', by: 'cli-examples' },
  { document: 'docs/clients.md', by: 'client-package' },
  {
    document: 'docs/database-roles.md',
    begin: ['createdb roundhouse', 'ROLE=api DATABASE_URL='],
    by: 'database-roles',
    because: "the roles would be the whole server's",
  },
  {
    document: 'docs/docker.md',
    begin: [
      'docker compose -f docker/compose.yaml up',
      'docker compose -f docker/compose.yaml logs',
      'docker compose -f docker/compose.yaml --profile monitoring',
      'docker compose -f docker/compose.yaml run --rm',
      'docker build -f docker/Dockerfile',
      'docker buildx imagetools inspect',
    ],
    because: NO_DOCKER,
  },
  {
    document: 'docs/kubernetes.md',
    begin: [
      'kubectl apply -k',
      'kubectl label namespace',
      'kubectl -n roundhouse create secret',
      'kubectl -n roundhouse delete job',
    ],
    because: NO_CLUSTER,
  },
  {
    document: 'docs/metrics.md',
    begin: ['prometheus --config.file'],
    by: 'monitoring',
    because: PORT_IN_USE,
  },
  { document: 'docs/migrate-from-the-seeds.md', by: 'documented-moving' },
  { document: 'docs/moving-from-bullmq.md', by: 'documented-moves' },
  { document: 'docs/moving-from-celery.md', by: 'documented-moves' },
  { document: 'docs/moving-from-procrastinate.md', by: 'documented-moves' },
  { document: 'docs/operate/back-up.md', by: 'restore-to-a-moment' },
  { document: 'docs/operate/deploy.md', because: 'it sets up a machine, as root' },
  { document: 'docs/operate/disaster.md', by: 'lost-key' },
  { document: 'docs/operate/first-five-minutes.md', by: 'operators-commands' },
  { document: 'docs/operate/growth.md', by: 'operators-commands' },
  { document: 'docs/operate/managed-postgresql.md', by: 'operators-commands' },
  { document: 'docs/operate/postgresql.md', by: 'operators-commands' },
  { document: 'docs/operate/several-machines.md', by: 'failover' },
  { document: 'docs/operate/upgrade.md', by: 'restore-dump', because: 'the rest sets up a machine, as root' },
  {
    document: 'docs/reliability.md',
    begin: ['npm run chaos'],
    because: 'it takes half an hour; .ci/run runs a minute of it',
  },
  { document: 'docs/sql.md', by: 'documented-sql' },
  { document: 'docs/testing.md', begin: ['npm run test:quick'], because: 'they run tests, this one too' },
];

/** Programs that a machine may lack; blocks that call them are left out there, and the test says so. */
export const OPTIONAL_PROGRAMS = [
  ...['kubectl', 'promtool', 'psql', 'pg_dump', 'pg_restore', 'python3', 'openssl', 'jq'],
];

/** Programs that change the machine, or ask for another one; a block that calls one must be in the list above. */
const NEVER_UNASKED = [
  ...[
    'sudo',
    'systemctl',
    'service',
    'apt',
    'apt-get',
    'brew',
    'ssh',
    'scp',
    'mount',
    'npm (?:i|install|ci|link|publish)',
  ],
  ...['docker', 'docker-compose', 'helm', 'kubectl(?= (?!kustomize))', 'createdb', 'dropdb', 'createuser'],
  ...['pgbackrest', 'pg_(?!dump|restore|isready)\\w+'],
];

const CALLS = String.raw`(?:^|[|;&(!] *|\b(?:if|then|do|exec) )(?:[A-Z_]+=\S+ )*(?:${NEVER_UNASKED.join('|')}) `;

/** Paths from the root of the machine. */
const OUTSIDE = String.raw`(?:^|[\s='"])\/(?:etc|var|usr|opt|srv|root|home|mnt|boot|tmp)\/`;

const BEYOND_A_FOLDER = new RegExp(`${CALLS}|${OUTSIDE}`, 'm');

/** The same in SQL: it would reach other databases of the server. */
const BEYOND_A_DATABASE =
  /\b(?:ALTER SYSTEM|(?:CREATE|ALTER|DROP) (?:ROLE|USER|DATABASE|TABLESPACE)|pg_terminate_backend|pg_create_\w+_replication_slot)\b/i;

/** Whether a block stands in the list. */
export function isListed(block: Block): boolean {
  return NOT_RUN.some((entry) => isAbout(entry, block));
}

/** The entries that are about no block any more. */
export function unusedEntries(blocks: readonly Block[]): string[] {
  return NOT_RUN.filter(({ document }) => DOCUMENTS.includes(document)).flatMap(
    ({ document, begin = [''] }) =>
      begin
        .filter((start) => !blocks.some((block) => isAbout({ document, begin: [start] }, block)))
        .map((start) => `${document}: ${start}`),
  );
}

/** The files of tests that run what is not run here. */
export function testsElsewhere(): string[] {
  const there = NOT_RUN.filter(({ by, document }) => by !== undefined && DOCUMENTS.includes(document));
  return there.map(({ by }) => `test/acceptance/${by}.test.ts`);
}

/** Whether a block may not be run by a test unasked. */
export function isDangerous({ language, text }: Block): boolean {
  return (language === 'sql' ? BEYOND_A_DATABASE : BEYOND_A_FOLDER).test(text);
}

function isAbout({ document, begin = [''] }: NotRun, block: Block): boolean {
  const first = firstLineOf(block);
  return block.document === document && begin.some((start) => first.startsWith(start));
}
