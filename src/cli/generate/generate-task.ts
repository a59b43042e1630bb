import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../usage.error.js';
import { type TaskNames, refuseBadQueue, taskNames } from './task-names.js';
import { taskFiles } from './task-templates.js';
import { withProvider } from './tasks-module.js';

const TASKS = join('src', 'tasks');
const MODULE = join(TASKS, 'tasks.module.ts');

/** A job type that is to be made. */
export interface NewTask {
  readonly name: string;
  readonly queue?: string | undefined;
  /** The types and aliases that there are; asked last, for it takes a moment. */
  readonly takenNames: () => Promise<readonly string[]>;
}

/**
 * Writes payload, handler and test of a new job type into the sources at `root` and adds it to the module: all of it,
 * or nothing.
 * @returns the files written, from the root
 * @throws UsageError when the name cannot be, or is taken
 */
export async function generateTask(root: string, { name, queue, takenNames }: NewTask): Promise<string[]> {
  const names = taskNames(name);
  if (queue !== undefined) refuseBadQueue(queue);
  const folder = join(TASKS, names.file);
  refuseTaken(root, folder, names, await takenNames());
  const module = join(root, MODULE);
  const source = readFileSync(module, 'utf8');
  const from = `./${names.file}/${names.file}.handler.js`;
  const changed = formatted(root, MODULE, withProvider(source, `${names.className}Handler`, from, MODULE));
  const files = Object.entries(taskFiles(names, queue)).map(
    ([file, text]) => [file, formatted(root, join(folder, file), text)] as const,
  );
  const draft = join(root, TASKS, `.${names.file}-${process.pid}`);
  try {
    mkdirSync(draft);
    for (const [file, text] of files) writeFileSync(join(draft, file), text);
    const moduleDraft = join(draft, 'module');
    writeFileSync(moduleDraft, changed);
    putInPlace(draft, join(root, folder), module);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
  return [...files.map(([file]) => join(folder, file)), MODULE];
}

function refuseTaken(
  root: string,
  folder: string,
  { type, file }: TaskNames,
  taken: readonly string[],
): void {
  const name = [type, file].find((candidate) => taken.includes(candidate));
  if (name !== undefined) {
    throw new UsageError(
      `There is a job type called "${name}" already: take another name. GET /job-types lists all.`,
    );
  }
  if (existsSync(join(root, folder))) {
    throw new UsageError(`There is a folder ${folder} already: take another name, or remove it.`);
  }
}

/** A folder that no module names harms nobody; a module that names a folder that is not there does not build. */
function putInPlace(draft: string, folder: string, module: string): void {
  const moduleDraft = `${module}.${process.pid}`;
  renameSync(join(draft, 'module'), moduleDraft);
  try {
    renameSync(draft, folder);
    try {
      renameSync(moduleDraft, module);
    } catch (error) {
      rmSync(folder, { recursive: true });
      throw error;
    }
  } finally {
    rmSync(moduleDraft, { force: true });
  }
}

/** As the project formats its sources; as it is, where the formatter is not installed. */
function formatted(root: string, path: string, text: string): string {
  const prettier = join(root, 'node_modules', 'prettier', 'bin', 'prettier.cjs');
  const args = [prettier, '--stdin-filepath', path];
  const { status, stdout } = spawnSync(process.execPath, args, { cwd: root, input: text, encoding: 'utf8' });
  return status === 0 ? stdout : text;
}
