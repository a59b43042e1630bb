import pg from 'pg';
import type { Config } from '../config/index.js';
import { patientConnection, surviveErrors } from './connection.js';
import { explainUnreachable } from './unreachable.js';

/**
 * A connection for a program that does one thing after the other; the caller ends it.
 * @throws DatabaseUnreachableError when there is none to be had
 */
export async function connectPatiently(
  config: Config,
  name: string,
  options: pg.ClientConfig = {},
): Promise<pg.Client> {
  const client = new pg.Client({ ...patientConnection(config, name), ...options });
  surviveErrors(client);
  await client.connect().catch(explainUnreachable);
  return client;
}
