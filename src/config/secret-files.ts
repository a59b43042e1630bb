import { closeSync, openSync, readSync } from 'node:fs';

/** Settings that are secret, or hold a password: each may stand in a file that its name with `_FILE` names. */
export const SECRET_VARIABLES = [
  'DATABASE_URL',
  'PROCRASTINATE_DATABASE_URL',
  'DATABASE_DIRECT_URL',
  'WEBHOOK_SIGNING_SECRET',
  'SECRETS_KEY',
  'SMTP_URL',
  'SENTRY_DSN',
] as const;

/** In bytes: no secret is as large, and a device never ends. */
const LARGEST_FILE = 64 * 1024;

/**
 * Puts the secrets that stand in files where those are that stand in variables. What is wrong is said without them.
 * @returns the variables, and a sentence for each fault
 */
export function withSecretFiles(env: NodeJS.ProcessEnv): { env: NodeJS.ProcessEnv; faults: string[] } {
  const all = { ...env };
  const faults: string[] = [];
  for (const name of SECRET_VARIABLES) {
    const path = env[fileVariable(name)];
    if (!path) continue;
    try {
      if (env[name]) throw new Error(`and ${name} are both set: keep one of them`);
      all[name] = readSecret(path);
    } catch (error) {
      faults.push(`${fileVariable(name)} ${(error as Error).message}`);
    }
  }
  return { env: all, faults };
}

/** A fault of a secret, with the variable that names its file if it came from one. */
export function withOrigin(fault: string, given: NodeJS.ProcessEnv): string {
  const name = SECRET_VARIABLES.find((one) => fault.startsWith(`${one} `));
  if (name === undefined || given[name] || !given[fileVariable(name)]) return fault;
  return fault.replace(name, `${name} (from ${fileVariable(name)})`);
}

/** The variable that names the file of a secret. */
export function fileVariable(name: string): string {
  return `${name}_FILE`;
}

function readSecret(path: string): string {
  const text = readBeginning(path).trim();
  if (text === '') throw new Error(`names ${path}, which is empty: write the secret into it`);
  if (Buffer.byteLength(text) >= LARGEST_FILE)
    throw new Error(`names ${path}, which is longer than any secret: name the file that holds nothing else`);
  if (text.includes('\0')) throw new Error(`names ${path}, which holds no text: write the secret into it`);
  return text;
}

function readBeginning(path: string): string {
  let file: number | undefined;
  try {
    file = openSync(path, 'r');
    const bytes = Buffer.alloc(LARGEST_FILE);
    return bytes.toString('utf8', 0, readSync(file, bytes, 0, LARGEST_FILE, null));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new Error(`names ${path}, which cannot be read (${code}): see to its name and its rights`);
  } finally {
    if (file !== undefined) closeSync(file);
  }
}
