import { readFileSync } from 'node:fs';
import {
  type Dashboard,
  type Panel,
  alerts,
  dashboards,
  ruleFiles,
  textOf,
} from '../support/monitoring-files.js';

const COLUMNS = 24;

const OPENAPI = JSON.parse(textOf('openapi.json')) as {
  paths: Record<string, Record<string, { parameters?: { name: string; in: string }[] } | undefined>>;
};

/** What is wrong with a dashboard; empty = nothing. */
function faultsOf({ id, uid, title, description, schemaVersion, templating, panels }: Dashboard): string[] {
  const faults: string[] = [];
  const check = (isSound: boolean, fault: string) => isSound || faults.push(fault);
  check(/^roundhouse-[a-z-]+$/.test(uid), `uid ${uid}`);
  check(id === undefined || id === null, 'the id is of one installation');
  check(title !== '' && description !== '', 'no title or description');
  check(schemaVersion >= 39, 'an old schema');
  const [source] = templating.list;
  check(source?.type === 'datasource' && source.name === 'datasource', 'the data source is no variable');
  check(new Set(panels.map((panel) => panel.id)).size === panels.length, 'two panels have the same id');
  const known = new Set(['__rate_interval', ...templating.list.map(({ name }) => name)]);
  for (const panel of panels) {
    for (const fault of faultsOfPanel(panel, known)) faults.push(`${panel.title}: ${fault}`);
    for (const other of panels)
      check(other.id <= panel.id || !overlap(panel, other), `${panel.title} overlaps ${other.title}`);
  }
  const used = JSON.stringify(panels);
  for (const { name } of templating.list)
    check(used.includes(`$${name}`) || used.includes(`\${${name}}`), `nobody uses $${name}`);
  return faults;
}

function faultsOfPanel(panel: Panel, variables: ReadonlySet<string>): string[] {
  const { type, title, gridPos, fieldConfig, targets = [] } = panel;
  const faults: string[] = [];
  if (title === '') faults.push('has no title');
  const { x, y, w, h } = gridPos;
  if (![x, y, w, h].every(Number.isInteger) || x < 0 || y < 0 || w < 1 || h < 1 || x + w > COLUMNS)
    faults.push('is not on the grid');
  if (type === 'row') return faults;
  if (!panel.description) faults.push('does not say what it shows');
  if (!fieldConfig?.defaults.unit) faults.push('has no unit');
  const steps = fieldConfig?.defaults.thresholds?.steps ?? [];
  if (steps[0]?.value !== null) faults.push('has no thresholds');
  if (targets.length === 0) faults.push('asks nothing');
  if (new Set(targets.map(({ refId }) => refId)).size !== targets.length)
    faults.push('asks twice as the same');
  for (const { expr, datasource } of targets) {
    if (expr.trim() === '') faults.push('asks nothing');
    if (datasource.uid !== '${datasource}') faults.push('has a data source of its own');
    for (const [, name] of expr.matchAll(/\$\{?(\w+)/g))
      if (name !== undefined && !variables.has(name)) faults.push(`does not know $${name}`);
  }
  return faults;
}

function overlap({ gridPos: a }: Panel, { gridPos: b }: Panel): boolean {
  return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
}

describe('the dashboards', () => {
  test.each(dashboards().map((dashboard) => [dashboard.file, dashboard] as const))(
    '%s is sound',
    (_, dashboard) => {
      expect(faultsOf(dashboard)).toEqual([]);
    },
  );

  test('have names of their own, after which their files are called', () => {
    const all = dashboards();
    expect(new Set(all.map(({ title }) => title)).size).toBe(all.length);
    for (const { file, uid } of all) expect(file).toBe(`${uid}.json`);
  });

  test('would not pass with panels that overlap, ask nothing or have the same id', () => {
    const [sound] = dashboards() as [Dashboard];
    const [row, first, second] = sound.panels as [Panel, Panel, Panel];
    const broken = {
      ...sound,
      panels: [
        row,
        first,
        { ...second, id: first.id },
        { ...second, id: 900, gridPos: first.gridPos, targets: [] },
      ],
    };
    expect(faultsOf(broken)).toEqual(
      expect.arrayContaining([
        'two panels have the same id',
        `${second.title}: asks nothing`,
        `${first.title} overlaps ${second.title}`,
      ]),
    );
  });
});

describe('the alerts', () => {
  const mine = [...alerts('alerts.yml')];
  const explained = textOf('docs/alerts.md');
  const tests = ruleFiles('tests')
    .map((file) => readFileSync(file, 'utf8'))
    .join('\n');

  test.each([...alerts()])(
    '%s says how bad it is, after how long, what it means and what to do',
    (_, block) => {
      expect(block).toMatch(/\bseverity: (critical|warning|info)\b/);
      expect(block).toMatch(/^ +for: \d+[smh]$/m);
      expect(block).toMatch(/^ +summary: \S/m);
      expect(block).toMatch(/^ +description: \S/m);
      const [, file, anchor] = /^ +runbook_url: (docs\/[\w.-]+\.md)#([\w-]+)$/m.exec(block)!;
      const headings = [...textOf(file!).matchAll(/^#+ (.+)$/gm)].map(([, heading]) => heading!);
      expect(headings.map((heading) => heading.toLowerCase().replaceAll(' ', '-'))).toContain(anchor);
    },
  );

  test.each(mine)('%s is made to fire, and to be silent, by a test', (name) => {
    expect(tests).toMatch(new RegExp(`name: '${name} fires`));
    expect(tests).toMatch(new RegExp(`name: '${name} is silent`));
  });

  test.each(mine)('%s names only labels that it has', (_, block) => {
    const expression = /expr: ([^]*?)\n +for:/.exec(block)![1]!;
    // Those of `up` are all that a target has.
    const [, kept] = /\bby \(([\w, ]+)\)/.exec(expression) ?? /\b(\w+):\w+:/.exec(expression) ?? [];
    const labels = expression.startsWith('up{') ? ['job', 'instance'] : (kept ?? '').split(', ');
    for (const [, label] of block.matchAll(/\$labels\.(\w+)/g)) expect(labels).toContain(label);
  });

  test('have a section each in docs/alerts.md, with the same severity, and no other has one', () => {
    const sections = [...explained.matchAll(/^## (\w+)\n\n\*(\w+)\* · /gm)].map(([, name, severity]) => [
      name,
      severity,
    ]);
    expect(sections.sort()).toEqual(
      mine.map(([name, block]) => [name, /severity: (\w+)/.exec(block)![1]]).sort(),
    );
  });

  test('send to requests that the API has', () => {
    const text = [explained, ...mine.map(([, block]) => block)].join('\n');
    const requests = [...text.matchAll(/\b(GET|POST|PUT|DELETE) (\/[\w{}/-]+)(?:\?(\w+)=)?/g)];
    expect(requests.length).toBeGreaterThan(20);
    for (const [request, method, path, parameter] of requests) {
      const operation = operationOf(method!, path!);
      expect([request, operation !== undefined]).toEqual([request, true]);
      if (parameter === undefined) continue;
      expect(operation!.parameters!.map(({ name }) => name)).toContain(parameter);
    }
  });
});

/** Whatever the parameters in its path are called. */
function operationOf(method: string, path: string) {
  const shape = (template: string) => template.replace(/\{\w+\}/g, '{}');
  const found = Object.keys(OPENAPI.paths).find((template) => shape(template) === shape(path));
  return found === undefined ? undefined : OPENAPI.paths[found]![method.toLowerCase()];
}
