import type { TestingModule } from '@nestjs/testing';
import { DataSource } from 'typeorm';
import { uuidv7 } from 'uuidv7';
import { type DomainError } from '../../src/common/index.js';
import { HandlersModule } from '../../src/worker/index.js';
import { TasksModule } from '../../src/tasks/index.js';
import type { CreateWorkflowRequest } from '../../src/workflows/create-workflow.dto.js';
import { WorkflowSubmissionModule } from '../../src/workflows/workflow-submission.module.js';
import { WorkflowsService } from '../../src/workflows/workflows.service.js';
import { compile } from '../support/compile.js';
import { type TestDatabase, createTestDatabase } from '../support/database.js';

const REQUEST: CreateWorkflowRequest = {
  name: 'nightly',
  jobs: [
    { ref: 'b', depends_on: ['a'], payload: { after: { $job: 'a' } } },
    { ref: 'a', payload: {} },
  ],
  on_finished: { type: 'echo', payload: { of: { $workflow: 'id' } } },
};

describe('a request for a workflow, in the process,', () => {
  let database: TestDatabase;
  let app: TestingModule;
  let service: WorkflowsService;
  beforeAll(async () => {
    database = await createTestDatabase('workflow requests');
    app = await compile(database.url, { imports: [HandlersModule, TasksModule, WorkflowSubmissionModule] });
    await app.init();
    service = app.get(WorkflowsService);
  });
  beforeEach(() => database.pool.query('TRUNCATE jobs, job_dependencies, workflows, pgboss.job'));
  afterAll(async () => {
    await app?.close();
    await database?.drop();
  });

  const count = async (table: string) =>
    (await database.pool.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${table}`)).rows[0]!.n;

  test('joins the caller’s transaction, and is gone with it', async () => {
    const source = app.get(DataSource);
    const inTransaction = (id: string, fails: boolean) =>
      source.transaction(async (manager) => {
        await service.start(REQUEST, { id, manager });
        if (fails) throw new Error('changed its mind');
      });
    await expect(inTransaction(uuidv7(), true)).rejects.toThrow('changed its mind');
    expect([await count('workflows'), await count('jobs')]).toEqual([0, 0]);
    await inTransaction(uuidv7(), false);
    expect([await count('workflows'), await count('jobs'), await count('pgboss.job')]).toEqual([1, 2, 1]);
  });

  test('makes nothing new when it comes again under an id of the caller’s', async () => {
    const id = uuidv7();
    const all = await Promise.all([1, 2, 3].map(() => service.start(REQUEST, { id })));
    expect(all.filter(({ created }) => created)).toHaveLength(1);
    expect(new Set(all.map((started) => JSON.stringify(started.jobs))).size).toBe(1);
    expect(await count('jobs')).toBe(2);
  });

  test('may be checked beforehand, which starts nothing', async () => {
    await service.check(REQUEST);
    const fault = await service
      .check({ ...REQUEST, on_finished: { type: 'echo', payload: { x: { $job: 'c' } } } })
      .catch((error: unknown) => error);
    expect((fault as DomainError).options.faults).toMatchObject([
      { pointer: '/on_finished/payload/x', code: 'unknown_reference' },
    ]);
    expect(await count('workflows')).toBe(0);
  });
});
