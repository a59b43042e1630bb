import { Injectable } from '@nestjs/common';
import { type JobCount, JobCounts, type JobRate, Line, type WaitingLine } from '../queue/index.js';
import { NO_FIGURES, type QueueFigures } from './queue-figures.js';

const FIVE_MINUTES = 300;

/** How all queues are doing. */
@Injectable()
export class QueueFiguresQuery {
  constructor(
    private readonly counts: JobCounts,
    private readonly line: Line,
  ) {}

  /** The figures by queue; queues without jobs may be missing. */
  async read(): Promise<ReadonlyMap<string, QueueFigures>> {
    const [counts, rates, lines] = await Promise.all([
      this.counts.read(),
      this.counts.rates(FIVE_MINUTES),
      this.line.waiting(),
    ]);
    const figures = new Map<string, QueueFigures>();
    const change = (queue: string, to: (figures: QueueFigures) => QueueFigures) =>
      figures.set(queue, to(figures.get(queue) ?? NO_FIGURES));
    for (const count of counts) change(count.queue, (before) => withCount(before, count));
    for (const rate of rates) change(rate.queue, (before) => withRate(before, rate));
    for (const line of lines) change(line.queue, (before) => withLine(before, line));
    return figures;
  }
}

function withCount(figures: QueueFigures, { status, jobs }: JobCount): QueueFigures {
  return { ...figures, depth: { ...figures.depth, [status]: figures.depth[status] + jobs } };
}

function withRate(figures: QueueFigures, { event, lastMinute, lastFiveMinutes }: JobRate): QueueFigures {
  return {
    ...figures,
    lastMinute: { ...figures.lastMinute, [event]: lastMinute },
    lastFiveMinutes: { ...figures.lastFiveMinutes, [event]: lastFiveMinutes / 5 },
  };
}

function withLine(figures: QueueFigures, { jobs, oldestId, oldestAge }: WaitingLine): QueueFigures {
  return { ...figures, waiting: jobs, oldest: { id: oldestId, age: oldestAge } };
}
