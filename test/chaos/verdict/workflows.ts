import { isFinisher } from './accounts.js';
import type { Facts, JobFact, WorkflowFact } from './facts.js';
import { type Finding, fault } from './finding.js';

/** Whether workflows know how their jobs ended, and what follows their end followed once, after all of them. */
export function checkWorkflows({ workflows, jobs }: Pick<Facts, 'workflows' | 'jobs'>): Finding[] {
  const byWorkflow = Map.groupBy(jobs, ({ workflow }) => workflow);
  const each = (look: (workflow: WorkflowFact, members: JobFact[], followers: JobFact[]) => string[]) =>
    workflows.flatMap((workflow) => {
      const all = byWorkflow.get(workflow.id) ?? [];
      const faults = look(
        workflow,
        all.filter((job) => !isFinisher(job)),
        all.filter(isFinisher),
      );
      return faults.map((what) => `${workflow.id} (${workflow.name}): ${what}`);
    });
  return [
    fault('workflow miscounted', each(miscounted)),
    fault('workflow not followed once', each(followed)),
  ];
}

function miscounted(workflow: WorkflowFact, members: readonly JobFact[]): string[] {
  const count = (...statuses: string[]) => members.filter(({ status }) => statuses.includes(status)).length;
  const actual = {
    jobs: members.length,
    open: count('PENDING', 'BLOCKED', 'PROCESSING'),
    failed: count('FAILED'),
    cancelled: count('CANCELLED'),
  };
  const names = ['jobs', 'open', 'failed', 'cancelled'] as const;
  const wrong = names
    .filter((name) => workflow[name] !== actual[name])
    .map((name) => `counts ${workflow[name]} ${name}, and there are ${actual[name]}`);
  const isOver = actual.open === 0;
  return isOver === workflow.hasEnded ? wrong : [...wrong, isOver ? 'has not ended' : 'has ended too early'];
}

function followed({ hasEnded }: WorkflowFact, members: readonly JobFact[], followers: readonly JobFact[]) {
  if (followers.length !== (hasEnded ? 1 : 0)) return [`${followers.length} jobs follow its end`];
  const endedAt = Math.max(...members.map(({ finishedAt }) => finishedAt ?? Infinity));
  return followers
    .filter(({ createdAt }) => createdAt < endedAt)
    .map(() => 'what follows came before its end');
}
