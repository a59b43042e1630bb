import { Injectable } from '@nestjs/common';
import { isJsonObject } from '../common/json-object.js';
import { type JsonObject, Redactions } from '../queue/index.js';
import type { Schedule } from './schedule.js';

declare const isShown: unique symbol;

/** A schedule without what the types of its jobs keep back. */
export type ShownSchedule = Schedule & { readonly [isShown]: true };

/** The type of a job that names none, neither so nor as `task` in its payload. */
const DEFAULT_TYPE = 'echo';

/** Schedules as they may be shown: what they start has payloads. */
@Injectable()
export class ShownSchedules {
  constructor(private readonly redactions: Redactions) {}

  async all(schedules: readonly Schedule[]): Promise<ShownSchedule[]> {
    const shown: ShownSchedule[] = [];
    for (const schedule of schedules) shown.push(await this.one(schedule));
    return shown;
  }

  async one(schedule: Schedule): Promise<ShownSchedule> {
    const { target } = schedule;
    const started = { ...(await this.job(target)) };
    if (Array.isArray(target.jobs)) started.jobs = await this.jobs(target.jobs);
    if (isJsonObject(target.on_finished)) started.on_finished = await this.job(target.on_finished);
    return { ...schedule, target: started } as ShownSchedule;
  }

  private async jobs(jobs: readonly unknown[]): Promise<unknown[]> {
    const shown: unknown[] = [];
    for (const job of jobs) shown.push(isJsonObject(job) ? await this.job(job) : job);
    return shown;
  }

  /** Of a job as it was asked for; of one that names no type, all is kept back that any it may be of keeps back. */
  private async job(job: JsonObject): Promise<JsonObject> {
    if (!isJsonObject(job.payload)) return job;
    let payload = job.payload;
    for (const type of typesOf(job)) ({ payload } = await this.redactions.shownOne({ type, payload }));
    return { ...job, payload };
  }
}

function typesOf({ type, payload }: JsonObject): string[] {
  if (typeof type === 'string') return [type];
  const task = isJsonObject(payload) && typeof payload.task === 'string' ? [payload.task] : [];
  return [...task, DEFAULT_TYPE];
}
