import type { Command } from '../../command.js';
import type { Column } from '../../output/table.js';
import { terminal } from '../../output/terminal.js';
import { serviceFor, serviceOptions } from '../../service/options.js';

interface QueueNeeds {
  readonly name: string;
  readonly arrivals_per_second: number;
  readonly run_seconds: number | null;
  readonly running: number;
  readonly backlog: number;
  readonly needed_slots: number;
  readonly held_by: string | null;
}

interface ScalingAnswer {
  readonly desired_workers: number;
  readonly current_workers: number;
  readonly slots_per_worker: number;
  readonly needed_slots: number;
  readonly queues: readonly QueueNeeds[];
}

const columns: readonly Column<QueueNeeds>[] = [
  { title: 'QUEUE', of: ({ name }) => name, shrinks: true },
  { title: 'JOBS/S', of: (queue) => rounded(queue.arrivals_per_second), isRight: true },
  {
    title: 'S/RUN',
    of: (queue) => (queue.run_seconds === null ? null : rounded(queue.run_seconds)),
    isRight: true,
  },
  { title: 'RUNNING', of: ({ running }) => running, isRight: true },
  { title: 'BACKLOG', of: ({ backlog }) => backlog, isRight: true },
  { title: 'SLOTS', of: (queue) => rounded(queue.needed_slots), isRight: true },
  { title: 'HELD BY', of: (queue) => queue.held_by },
];

export const needed: Command = {
  extras: {
    queues: { value: 'QUEUES', says: 'Those that the workers serve, separated by commas; all otherwise.' },
    slots: { value: 'N', says: 'Slots of one worker; those of the workers that run otherwise.' },
    target: { value: 'FRACTION', says: 'How much of the slots is to be busy; 0.8 otherwise.' },
    min: { value: 'N', says: 'The fewest workers; 1 otherwise.' },
    max: { value: 'N', says: 'The most workers; 100 otherwise.' },
    ...serviceOptions,
  },
  examples: [
    { line: 'roundhouse workers needed', says: 'How many workers there should be, and why.' },
    { line: 'roundhouse workers needed --queues emails --slots 5 --json', says: 'For those of one queue.' },
  ],
  async run(_settings, extras) {
    const { queues, slots, target, min, max } = extras;
    const query = { queues, slots, target, min, max };
    const answer = await serviceFor(extras).get<ScalingAnswer>('/admin/scaling', { query });
    if (extras.json !== undefined) {
      terminal.printJson(answer);
      return 0;
    }
    terminal.printTable(columns, answer.queues, 'There are no queues yet: each begins with its first job.');
    terminal.print(sentence(answer));
    return 0;
  },
};

function sentence(answer: ScalingAnswer): string {
  const slots = `${rounded(answer.needed_slots)} slots at ${answer.slots_per_worker} a worker`;
  return `Workers needed: ${answer.desired_workers} (${slots}). Workers there are: ${answer.current_workers}.`;
}

function rounded(value: number): number {
  return Number(value.toPrecision(3));
}
