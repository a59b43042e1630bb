import { planFaults } from '../chaos/fault-plan.js';
import type { Asked } from '../chaos/load/client.js';
import type { Facts, JobFact, WorkflowFact } from '../chaos/verdict/facts.js';
import { judge } from '../chaos/verdict/verdict.js';

const OPTIONS = { seed: 'a', minutes: 30, workers: 3, apis: 2, intensity: 1 };

describe('the plan of a chaos run', () => {
  test('is the same for the same seed, and another for another', () => {
    expect(planFaults(OPTIONS)).toEqual(planFaults(OPTIONS));
    expect(planFaults({ ...OPTIONS, seed: 'b' })).not.toEqual(planFaults(OPTIONS));
  });

  test('of half an hour has 300 kills of workers and 20 of the database at least, and freezes of up to 45 s', () => {
    const plan = planFaults(OPTIONS);
    const of = (wanted: string) => plan.filter(({ kind }) => kind === wanted);
    expect(of('kill-worker').length).toBeGreaterThan(300);
    expect(of('kill-postmaster').length).toBeGreaterThan(20);
    expect(Math.max(...of('freeze-worker').map(({ forMs }) => forMs))).toBeLessThanOrEqual(45_000);
  });
});

const job = (facts: Partial<JobFact> = {}): JobFact => ({
  id: 'j1',
  type: 'chaos_work',
  status: 'COMPLETED',
  marker: 'job 1',
  attempts: 1,
  interruptions: 0,
  createdAt: 1_000,
  finishedAt: 1_020,
  lock: null,
  uniqueKey: null,
  workflow: null,
  ...facts,
});

const asked = (facts: Partial<Asked> = {}): Asked => ({
  marker: 'job 1',
  kind: 'plain',
  waits: 0,
  body: {},
  sentAt: 990,
  fate: 'accepted',
  ids: ['j1'],
  parents: [],
  ...facts,
});

const ledger = (id: string, ...events: string[]) =>
  events.map((text, index) => {
    const [event = '', attempt] = text.split(' ');
    return { job: id, attempt: Number(attempt), event, at: 1_010 + index };
  });

const life = { slot: 'worker-1', pid: 7, startedAt: 0, readyAt: 1, frozen: [] };

const run = (id: string, from: number, to: number, attempt = 1, pid = 7) => [
  { at: from, event: 'started', job: id, attempt, pid } as const,
  { at: to - 1, event: 'effect', job: id, attempt, pid } as const,
  { at: to, event: 'ended', job: id, attempt, pid, how: 'returned' } as const,
];

/** One job that was accepted, ran and completed. */
const sound: Facts = {
  jobs: [job()],
  workflows: [],
  events: ledger('j1', 'started 1', 'completed 1'),
  effects: [],
  asked: [asked()],
  records: run('j1', 100, 110),
  lives: [life],
  deaths: [],
  outages: [],
};

const found = (facts: Partial<Facts>) =>
  judge({ ...sound, ...facts })
    .findings.filter(({ count }) => count > 0)
    .map(({ name }) => name);

describe('the verdict of a chaos run', () => {
  test('is that a sound run is sound', () => {
    expect(found({})).toEqual([]);
  });

  test.each<[string, string[], Partial<Facts>]>([
    ['an accepted job that is not there', ['lost', 'ledger gaps'], { jobs: [] }],
    [
      'an accepted job that has not finished, apart from one that is not there',
      ['unfinished'],
      { jobs: [job({ status: 'PROCESSING', finishedAt: null })], events: ledger('j1', 'started 1') },
    ],
    ['a job that nobody asked for', ['unexpected'], { asked: [] }],
    [
      'a second job of one request',
      ['unexpected'],
      {
        jobs: [job(), job({ id: 'j2' })],
        events: [...sound.events, ...ledger('j2', 'started 1', 'completed 1')],
        records: [...run('j1', 100, 110), ...run('j2', 120, 130)],
      },
    ],
    [
      'two answers to one request',
      ['two answers to one request'],
      {
        asked: [asked({ ids: ['j1', 'j2'] }), asked({ marker: 'job 2', ids: ['j2'] })],
        jobs: [job(), job({ id: 'j2', marker: 'job 2' })],
        events: [...sound.events, ...ledger('j2', 'started 1', 'completed 1')],
        records: [...run('j1', 100, 110), ...run('j2', 120, 130)],
      },
    ],
    [
      'a job that failed although its handler never would',
      ['ended otherwise than their handlers would'],
      { jobs: [job({ status: 'FAILED' })], events: ledger('j1', 'started 1', 'failed 1') },
    ],
    [
      'a job that completed twice',
      ['doubly completed', 'ledger gaps'],
      { events: ledger('j1', 'started 1', 'completed 1', 'completed 1') },
    ],
    [
      'an attempt without an end',
      ['ledger gaps'],
      {
        jobs: [job({ attempts: 2 })],
        events: ledger('j1', 'started 1', 'started 2', 'completed 2'),
        records: run('j1', 100, 110, 2),
      },
    ],
    [
      'a handler that ran off the record',
      ['ledger gaps'],
      { records: [...run('j1', 100, 110), ...run('j1', 120, 130, 2)] },
    ],
    ['a completion without its effect', ['completed without its effect'], { records: [] }],
    [
      'a transaction that took effect twice',
      ['transaction not exactly once'],
      {
        jobs: [job({ type: 'chaos_transaction' })],
        effects: [
          { job: 'j1', attempt: 1 },
          { job: 'j1', attempt: 1 },
        ],
      },
    ],
    [
      'a job enqueued by a transaction that was rolled back',
      ['transaction not exactly once'],
      {
        jobs: [job(), job({ id: 'j2', marker: 'child of j9' })],
        events: [...sound.events, ...ledger('j2', 'started 1', 'completed 1')],
        records: [...run('j1', 100, 110), ...run('j2', 120, 130)],
      },
    ],
    [
      'a scheduled job that came too early',
      ['started before their time or their parents'],
      { asked: [asked({ waits: 5 })] },
    ],
  ])('names %s', (_, names, facts) => {
    expect(found(facts)).toEqual(expect.arrayContaining(names));
    expect(found(facts).filter((name) => name !== 'effects more than once')).toHaveLength(names.length);
  });

  /** A workflow of two jobs, the first of which has failed, and what follows it. */
  const flow = (counts: Partial<WorkflowFact> = {}, last: Partial<JobFact> = {}): Partial<Facts> => {
    const second = job({ id: 'j2', marker: 'job 2', workflow: 'w1', createdAt: 1_030, finishedAt: 1_040 });
    const finisher = job({ id: 'j3', marker: 'end of flow', workflow: 'w1', createdAt: 1_041, ...last });
    return {
      jobs: [job({ status: 'FAILED', workflow: 'w1' }), second, finisher],
      workflows: [
        { id: 'w1', name: 'flow', jobs: 2, open: 0, failed: 1, cancelled: 0, hasEnded: true, ...counts },
      ],
      asked: [
        asked({ kind: 'hopeless' }),
        asked({ marker: 'job 2', ids: ['j2'], parents: ['job 1'], tolerated: ['job 1'] }),
      ],
      events: [
        ...ledger('j1', 'started 1', 'failed 1'),
        ...ledger('j2', 'started 1', 'completed 1').map((event) => ({ ...event, at: 1_035 })),
        ...ledger('j3', 'started 1', 'completed 1').map((event) => ({ ...event, at: 1_045 })),
      ],
      records: [...run('j1', 100, 110), ...run('j2', 120, 130), ...run('j3', 140, 150)],
    };
  };

  test('names workflows that count wrong, and what does not follow their end once, after it', () => {
    expect(found(flow())).toEqual([]);
    expect(found(flow({ failed: 0, cancelled: 1 }))).toEqual(['workflow miscounted']);
    expect(found(flow({ jobs: 3 }))).toEqual(['workflow miscounted']);
    expect(found(flow({ hasEnded: false }))).toEqual(['workflow miscounted', 'workflow not followed once']);
    expect(found(flow({}, { createdAt: 1_039 }))).toEqual(['workflow not followed once']);
    expect(found(flow({}, { workflow: null }))).toEqual(['workflow not followed once']);
  });

  test('lets go on after a failure who was to, and nobody else', () => {
    const [first, second] = flow().asked!;
    expect(found({ ...flow(), asked: [first!, { ...second!, tolerated: [] }] })).toEqual([
      'ended otherwise than their handlers would',
      'started before their time or their parents',
    ]);
  });

  /** Two jobs of one lock, the second of which runs from 105 on. */
  const locked = (more: Partial<Facts> = {}): Partial<Facts> => ({
    jobs: [job({ lock: 'a' }), job({ id: 'j2', marker: 'job 2', lock: 'a', createdAt: 1_001 })],
    asked: [asked(), asked({ marker: 'job 2', ids: ['j2'] })],
    events: [
      ...sound.events,
      ...ledger('j2', 'started 1', 'completed 1').map((event) => ({ ...event, at: event.at + 5 })),
    ],
    records: [...run('j1', 100, 110), ...run('j2', 105, 120, 1, 8)],
    lives: [life, { ...life, slot: 'worker-2', pid: 8 }],
    ...more,
  });

  test('names two at once under a lock, unless the first stood still while the second ran', () => {
    expect(found(locked())).toEqual(['two at once under one lock']);
    const stoodStill = { ...life, frozen: [{ from: 102, to: 130 }] };
    const records = [...run('j1', 100, 132), ...run('j2', 105, 120, 1, 8)];
    expect(found(locked({ records, lives: [stoodStill, { ...life, pid: 8 }] }))).toEqual([]);
    const movedAgain = { ...life, frozen: [{ from: 102, to: 115 }] };
    expect(found(locked({ records, lives: [movedAgain, { ...life, pid: 8 }] }))).toEqual([
      'overlaps with a process that had stood still',
    ]);
  });

  test('takes an attempt in a process of its own for ended when that process was seen dead', () => {
    const facts = {
      jobs: [job({ attempts: 2 })],
      events: ledger('j1', 'started 1', 'interrupted 1', 'started 2', 'completed 2'),
      records: [run('j1', 100, 110, 1, 9)[0]!, ...run('j1', 605, 610, 2)],
    };
    expect(found({ ...facts, deaths: [{ pid: 9, at: 120 }] })).toEqual([]);
    expect(found({ ...facts, deaths: [{ pid: 9, at: 607 }] })).toEqual(['two attempts of a job at once']);
    expect(found(facts)).toEqual(['two attempts of a job at once']);
  });

  test('names a job that overtook another one of its lock', () => {
    const { events = [], ...facts } = locked({ records: [...run('j1', 100, 110), ...run('j2', 120, 130)] });
    const overtaken = events.map((event) => (event.job === 'j1' ? { ...event, at: event.at + 50 } : event));
    expect(found({ ...facts, events: overtaken })).toEqual(['started out of the order of their lock']);
  });

  test('measures from the kill of a worker to the next start of its jobs, while the database and a colleague are there', () => {
    const killed = { ...life, endedAt: 105, how: 'killed' } as const;
    const facts = {
      ...sound,
      jobs: [job({ attempts: 2 })],
      events: ledger('j1', 'started 1', 'interrupted 1', 'started 2', 'completed 2'),
      records: [run('j1', 100, 110)[0]!, ...run('j1', 605, 610, 2, 8)],
      lives: [killed, { ...life, pid: 8 }],
    };
    expect(judge(facts).afterKills).toEqual({ jobs: 1, p50: 500, p99: 500, longest: 500 });
    expect(judge({ ...facts, outages: [{ from: 200, to: 300 }] }).afterKills.jobs).toBe(0);
    const colleague = { ...life, pid: 8, readyAt: 300 };
    expect(judge({ ...facts, lives: [killed, colleague] }).afterKills.jobs).toBe(0);
  });
});
