/**
 * Written to postgresql.conf when a cluster is made, for a machine of two cores; the owner may change them
 * there. What keeps data safe (fsync, full_page_writes, synchronous_commit) stays at PostgreSQL's default: on.
 */
export const INITIAL_SETTINGS: Readonly<Record<string, string>> = {
  max_connections: '100',
  shared_buffers: '256MB',
  effective_cache_size: '1GB',
  work_mem: '8MB',
  maintenance_work_mem: '128MB',
  max_wal_size: '2GB',
  checkpoint_timeout: '10min',
  random_page_cost: '1.1',
  // A parallel plan would take both cores from the claims, a compiled one takes longer than our statements.
  max_parallel_workers_per_gather: '0',
  jit: 'off',
  // The line of waiting jobs turns over constantly; dead rows left for a minute slow every claim down.
  autovacuum_naptime: '10s',
  // A statement whose client was killed ends within a second instead of keeping its locks.
  client_connection_check_interval: '1s',
  timezone: 'UTC',
  log_timezone: 'UTC',
  // Failed statements are their caller's to log; here they would fill the disk and hold payloads.
  log_min_messages: 'log',
  log_checkpoints: 'off',
};

/** What every start insists on: reachable from this machine alone, by one port, without sockets in /tmp. */
export function insistedSettings(port: number): Record<string, string> {
  return { port: String(port), listen_addresses: '127.0.0.1', unix_socket_directories: '' };
}

/** Settings as the command line of initdb or postgres takes them. */
export function asFlags(flag: '--set' | '-c', settings: Readonly<Record<string, string>>): string[] {
  return Object.entries(settings).flatMap(([name, value]) => [flag, `${name}=${value}`]);
}
