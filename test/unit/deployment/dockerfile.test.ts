import { describe, expect, test } from '@jest/globals';
import { validate } from 'dockerfile-utils';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { matchesGlob } from 'node:path';
import { finalStep, packageJson, stages, unknownVariables } from '../../support/deployment.js';

const text = readFileSync('docker/Dockerfile', 'utf8');
const steps = stages.flatMap((stage) => stage.steps);
const ofKeyword = (keyword: string) => steps.filter((step) => step.keyword === keyword);

describe('docker/Dockerfile', () => {
  test('has nothing that its linter complains of', () => {
    expect(validate(text)).toEqual([]);
    expect(validate(`${text}CMD echo\nCOPYY . .\n`)).toHaveLength(2);
  });

  test('names its base images with exact versions, and Node.js as package.json has it', () => {
    const images = [...text.matchAll(/^ARG \w+_IMAGE=(\S+)$/gm)].map(([, image]) => image);
    expect(images).toHaveLength(2);
    for (const image of images) expect(image).toMatch(/^[\w/]+:\d+\.\d+(\.\d+)?-[\w-]+$/);
    expect(images[0]).toMatch(new RegExp(`^node:${packageJson.dependencies.node!.replaceAll('.', '\\.')}-`));
    const names = stages.map(({ name }) => name);
    for (const { base } of stages) expect(names.includes(base) || /^\$\{\w+_IMAGE\}$/.test(base)).toBe(true);
  });

  test('runs as a numbered user who is not root, under an init, without a shell in between', () => {
    expect(finalStep('USER').text).toMatch(/^[1-9]\d*:[1-9]\d*$/);
    expect(finalStep('ENTRYPOINT').words).toEqual(['/usr/bin/tini', '--', 'roundhouse']);
    expect(finalStep('CMD').words).toEqual(['serve']);
    const last = stages.at(-1)!.steps.map(({ keyword }) => keyword);
    expect(last.slice(last.indexOf('USER'))).not.toContain('RUN');
  });

  test('looks after its health without programs that the image would need for nothing else', () => {
    const { words } = finalStep('HEALTHCHECK');
    expect(words.join(' ')).toBe('CMD ["healthcheck"]');
    expect(existsSync('docker/bin/healthcheck')).toBe(true);
    expect(text).not.toMatch(/\b(curl|wget)\b/);
  });

  test('installs exactly what the lock file says, and few packages of Debian', () => {
    for (const { text: command } of ofKeyword('RUN')) {
      expect(command).not.toMatch(/npm (i|install)\b|npx|--force|sudo|chmod 777/);
      for (const [, packages = ''] of command.matchAll(/apt-get install ([^&]*)/g)) {
        expect(packages).toMatch(/^-y --no-install-recommends /);
        const named = packages
          .trim()
          .split(/\s+/)
          .filter((word) => !word.startsWith('-'));
        for (const name of named) expect(name).toMatch(/^[\w.+-]+=[\d.]+/);
        expect(command).toMatch(/rm -rf \/var\/lib\/apt\/lists\/\*$/);
      }
    }
    expect(ofKeyword('ADD')).toEqual([]);
  });

  test('sets what there is to set, and no secret', () => {
    const env = finalStep('ENV').values;
    expect(unknownVariables(Object.keys(env))).toEqual([]);
    const set = [...ofKeyword('ENV'), ...ofKeyword('ARG')].flatMap(({ values }) => Object.keys(values));
    expect(set.filter((name) => /SECRET|PASSWORD|TOKEN|KEY$|DATABASE_URL/.test(name))).toEqual([]);
    expect(finalStep('EXPOSE').words).toEqual([env.PORT, env.WORKER_METRICS_PORT]);
    expect(env.DATA_DIR!.startsWith(`${env.ROUNDHOUSE_HOME!}/`)).toBe(true);
  });

  test('copies what is there and what .dockerignore lets through', () => {
    const copied = ofKeyword('COPY')
      .filter(({ from }) => from === undefined)
      .flatMap(({ words }) => words.slice(0, -1));
    const rules = readFileSync('.dockerignore', 'utf8')
      .split('\n')
      .filter((line) => line && !line.startsWith('#'));
    expect(rules[0]).toBe('*');
    const kept = rules.filter((rule) => rule.startsWith('!')).map((rule) => rule.slice(1));
    for (const path of copied) {
      expect(existsSync(path)).toBe(true);
      expect(kept.some((rule) => path === rule || path.startsWith(`${rule}/`))).toBe(true);
    }
    for (const rule of kept)
      expect(copied.some((path) => path === rule || path.startsWith(`${rule}/`))).toBe(true);
    for (const secret of ['.env', 'docker/.env', '.git', 'node_modules', '.roundhouse'])
      expect(kept.some((rule) => matchesGlob(secret, rule) || secret.startsWith(`${rule}/`))).toBe(false);
    for (const { from } of ofKeyword('COPY'))
      if (from !== undefined) expect(stages.map(({ name }) => name)).toContain(from);
  });

  test('comes with programs that can be run', () => {
    for (const name of readdirSync('docker/bin')) {
      const path = `docker/bin/${name}`;
      expect([path, statSync(path).mode & 0o111]).toEqual([path, 0o111]);
      expect(readFileSync(path, 'utf8')).toMatch(/^#!(\/bin\/sh|\/usr\/bin\/env node)\n/);
    }
  });
});
