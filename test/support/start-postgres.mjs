// Runs an embedded PostgreSQL in a process of its own, for tests that kill that process.
import { startEmbeddedPostgres } from '../../src/database/embedded/index.ts';

const server = await startEmbeddedPostgres({ home: process.argv[2], log: console.log });
console.log(`url ${server.url} adopted ${server.adopted}`);
process.on('SIGTERM', () => void server.stop().then(() => process.exit(0)));
