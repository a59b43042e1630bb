import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { basename, join, matchesGlob, posix, relative } from 'node:path';
import { type Stage, type Step, readDockerfile } from './dockerfile.js';
import { commandInside, mountWorkshop, unmountWorkshop } from './namespace.js';

/** What the steps of a Dockerfile have made of the file system of this machine. */
export interface Image {
  readonly folder: string;
  readonly layers: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly user: string | undefined;
  readonly entrypoint: readonly string[];
  readonly command: readonly string[];
  /** What the RUN steps have written. */
  readonly output: string;
}

const BARE = { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', HOME: '/tmp' };

/** Who runs the steps of all stages but the last: installing and building need no root. */
const BUILDER = '65532:65532';

/**
 * Does what a Dockerfile says, step by step, with this machine's file system (Debian) as the base of every stage. Only the
 * last stage is root until its USER: it installs packages.
 */
export async function buildImage(dockerfile: string, context: string): Promise<Image> {
  const folder = mountWorkshop();
  const built = new Map<string, Image>();
  const stages = readDockerfile(dockerfile);
  for (const stage of stages) {
    const user = stage === stages.at(-1) ? undefined : BUILDER;
    built.set(stage.name, await buildStage(stage, folder, built, context, user));
  }
  const image = built.get(stages.at(-1)!.name)!;
  for (const { layers } of built.values())
    for (const layer of layers)
      if (!image.layers.includes(layer)) rmSync(layer, { recursive: true, force: true });
  return image;
}

export function removeImage(image: Image | undefined): void {
  if (image) unmountWorkshop(image.folder);
}

async function buildStage(
  stage: Stage,
  folder: string,
  built: ReadonlyMap<string, Image>,
  context: string,
  user: string | undefined,
): Promise<Image> {
  const base = built.get(stage.base);
  const layer = join(folder, stage.name);
  mkdirSync(layer);
  const start = { entrypoint: [], command: [], env: BARE, cwd: '/', output: '' };
  let image: Image = { ...start, ...base, folder, user, layers: [layer, ...(base?.layers ?? [])] };
  for (const step of stage.steps) image = { ...image, ...(await take(step, image, built, context)) };
  return image;
}

async function take(
  step: Step,
  image: Image,
  built: ReadonlyMap<string, Image>,
  context: string,
): Promise<Partial<Image>> {
  switch (step.keyword) {
    case 'ENV':
      return { env: { ...image.env, ...step.values } };
    case 'WORKDIR':
      makeFolder(image, step.words[0]!);
      return { cwd: step.words[0]! };
    case 'USER':
      return { user: step.words[0]! };
    case 'COPY':
      copy(step, image, step.from === undefined ? contextOf(context) : layersOf(built.get(step.from)!));
      return {};
    case 'RUN':
      return { output: image.output + (await run(step, image)) };
    case 'ENTRYPOINT':
      return { entrypoint: step.words };
    case 'CMD':
      return { command: step.words };
    case 'EXPOSE':
    case 'HEALTHCHECK':
      return {};
    default:
      throw new Error(`Teach test/support/image what ${step.keyword} does`);
  }
}

/** Where a COPY finds its files, and which of them it may see. */
interface Source {
  find(path: string): string;
  sees(path: string): boolean;
}

function contextOf(context: string): Source {
  const rules = readFileSync(join(context, '.dockerignore'), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => ({ isKept: line.startsWith('!'), pattern: line.replace(/^!/, '') }));
  const concerns = (path: string, pattern: string) =>
    path.split('/').some((_, end, parts) => matchesGlob(parts.slice(0, end + 1).join('/'), pattern));
  return {
    find: (path) => join(context, path),
    sees: (path) => {
      const name = relative(context, path);
      // A folder may hold what is kept.
      const isOnTheWay = rules.some(({ isKept, pattern }) => isKept && pattern.startsWith(`${name}/`));
      return isOnTheWay || rules.findLast(({ pattern }) => concerns(name, pattern))?.isKept !== false;
    },
  };
}

function layersOf({ layers }: Image): Source {
  const find = (path: string) => layers.map((layer) => join(layer, path)).find((each) => existsSync(each));
  return {
    find: (path) => find(path) ?? `nothing at ${path}`,
    sees: () => true,
  };
}

function copy({ words, text }: Step, image: Image, source: Source): void {
  const target = posix.resolve(image.cwd, words.at(-1)!);
  for (const word of words.slice(0, -1)) {
    const from = source.find(word);
    if (!existsSync(from) || !source.sees(from)) throw new Error(`COPY ${text}: there is no ${word}`);
    const isFolder = statSync(from).isDirectory();
    const intoFolder = words.at(-1)!.endsWith('/');
    const to = inLayer(image, isFolder || !intoFolder ? target : join(target, basename(word)));
    makeFolder(image, isFolder ? target : posix.dirname(relative(image.layers[0]!, to)));
    copyVisible(from, isFolder ? to : posix.dirname(to), source);
    execFileSync('chown', ['-R', image.user ?? '0:0', to]);
  }
}

function copyVisible(from: string, to: string, source: Source): void {
  const base = statSync(from).isDirectory() ? from : posix.dirname(from);
  const all = execFileSync('find', [from, '-not', '-type', 'd', '-print0'], {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  const files = all.split('\0').filter((path) => path !== '' && source.sees(path));
  const list = files.map((path) => relative(base, path)).join('\0');
  const script = 'tar -C "$1" --null -T - -cf - | tar -C "$2" --no-same-owner -xf -';
  execFileSync('sh', ['-c', script, 'copy', base, to], { input: list });
}

function makeFolder(image: Image, path: string): void {
  const folder = inLayer(image, path);
  if (existsSync(folder)) return;
  mkdirSync(folder, { recursive: true });
  execFileSync('chown', [image.user ?? '0:0', folder]);
}

function inLayer({ layers }: Image, path: string): string {
  return join(layers[0]!, path);
}

async function run({ text }: Step, { folder, layers, cwd, user, env }: Image): Promise<string> {
  const inside = { layers, cwd, user, isReadOnly: false, volumes: {} };
  const [program = '', ...args] = commandInside(folder, inside, ['/bin/sh', '-c', text]);
  const child = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = `RUN ${text}\n`;
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += String(chunk)));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`A step of the Dockerfile ended with ${code}:\n${output}`);
  return output;
}
