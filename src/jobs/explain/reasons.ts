import { isFinal, isSuspect } from '../../queue/index.js';
import { type Circumstances, MOST_AHEAD } from './circumstances.js';
import { limitReached, plural } from './limit-reasons.js';
import type { NamedJob, ReasonResponse } from './explanation.response.js';

/** All that keeps a job from running, what has to go first, first; never empty. */
export function reasonsOf(job: Circumstances): ReasonResponse[] {
  if (isFinal(job.status)) return [finished(job)];
  if (job.status === 'PROCESSING') return [running(job), ...cancelRequested(job)];
  const blocks = [...waitsForJobs(job), ...waitsForLock(job)];
  const [paused, circuit, limits] = [queuePaused(job), circuitOpen(job), limitReached(job)];
  const others = [
    ...waitsForTime(job),
    ...paused,
    ...withoutWorker(job),
    ...circuit,
    ...limits,
    ...runsAlone(job),
  ];
  if (blocks.length > 0) return [...blocks, ...others];
  const isHeld = [paused, circuit, limits].some((reasons) => reasons.length > 0);
  return [...others, ...waitsForTurn(job, isHeld)];
}

function finished(job: Circumstances): ReasonResponse {
  const since = job.finishedAt?.toISOString() ?? null;
  const again = `POST /jobs/${job.id}/retry lets it run again.`;
  const { lastActor: by } = job;
  const details: Partial<Record<Circumstances['status'], string>> = {
    COMPLETED: `It completed at ${since} in attempt ${job.attempts}: there is nothing left to run.`,
    FAILED: `It failed for good at ${since} in attempt ${job.attempts} (${job.errorMessage}). ${again}`,
    CANCELLED: `It was cancelled at ${since}${by === null ? '' : ` by ${by}`}. ${again}`,
  };
  return {
    code: 'finished',
    detail: details[job.status] ?? '',
    since,
    attempt: job.attempts,
    error: job.errorMessage,
    ...(job.status === 'CANCELLED' ? { by } : {}),
  };
}

function running(job: Circumstances): ReasonResponse {
  const since = job.startedAt?.toISOString() ?? null;
  const limit = job.maxAttempts ?? 'as many as it takes';
  return {
    code: 'running',
    detail: `It is running: attempt ${job.attempts} of ${limit}, since ${since}, on worker ${job.workerId}. Wait for its end, or cancel it.`,
    since,
    attempt: job.attempts,
    worker_id: job.workerId,
  };
}

function cancelRequested({ cancelRequestedAt, lastEvent, lastActor }: Circumstances): ReasonResponse[] {
  if (!cancelRequestedAt) return [];
  const since = cancelRequestedAt.toISOString();
  const by = lastEvent === 'cancel_requested' ? lastActor : null;
  const detail = `Somebody asked at ${since} to cancel it: it ends when its handler heeds that, or a few seconds later.`;
  return [{ code: 'cancel_requested', detail, since, by }];
}

function waitsForJobs({ status, parents, openDependencies: open }: Circumstances): ReasonResponse[] {
  if (status !== 'BLOCKED' || open === 0) return [];
  const [first, ...more] = parents.map(nameOf);
  const names =
    first === undefined ? '' : `: ${[first, ...more.slice(0, 2)].join(', ')}${more.length > 2 ? ', …' : ''}`;
  const goesOn = parents.some(({ on_failure }) => on_failure === 'continue');
  const verb = goesOn
    ? open === 1
      ? 'has ended'
      : 'have ended'
    : open === 1
      ? 'is COMPLETED'
      : 'are COMPLETED';
  const detail = `It waits until ${plural(open, 'other job')} ${verb}${names}.`;
  return [{ code: 'waits_for_jobs', detail, jobs: [...parents], open }];
}

/** Of a workflow, jobs are known by their names there. */
function nameOf({ job_id, ref, status }: NamedJob): string {
  return ref === undefined ? `${job_id} (${status})` : `"${ref}" (job ${job_id}, ${status})`;
}

function waitsForLock(job: Circumstances): ReasonResponse[] {
  const { status, lock, openDependencies, lockHolder, lockHolderStatus } = job;
  if (status !== 'BLOCKED' || lock === null || openDependencies > 0 || lockHolder === null) return [];
  const { ahead, inWords, at_least } = counted(job.lockAhead);
  const holder = `Job ${lockHolder} (${lockHolderStatus ?? 'deleted'}) holds its lock "${lock}"`;
  const turn = ahead === 0 ? 'it is the next' : `${inWords} for it before this one`;
  const jobs = lockHolderStatus === null ? [] : [{ job_id: lockHolder, status: lockHolderStatus }];
  const detail = `${holder}, and ${turn}. The lock goes on when the job that holds it has ended.`;
  return [{ code: 'waits_for_lock', detail, lock, jobs, ahead, at_least }];
}

function waitsForTime(job: Circumstances): ReasonResponse[] {
  if (job.scheduledAt <= job.now) return [];
  const until = job.scheduledAt.toISOString();
  const sooner = job.status === 'PENDING' ? ` POST /jobs/${job.id}/run-now starts it now.` : '';
  if (job.attempts === 0) {
    return [{ code: 'scheduled', detail: `It is scheduled for ${until}.${sooner}`, until }];
  }
  const { attempts, errorMessage } = job;
  const why = errorMessage === null ? '' : ` (${errorMessage})`;
  const detail = `After attempt ${attempts}${why} it waits until ${until} for the next one.${sooner}`;
  return [{ code: 'waits_for_retry', detail, until, attempt: attempts, error: errorMessage }];
}

function queuePaused(job: Circumstances): ReasonResponse[] {
  if (!job.pausedAt) return [];
  const [since, until] = [job.pausedAt.toISOString(), job.pausedUntil?.toISOString() ?? null];
  const { queue, pausedBy: by, pauseReason: reason } = job;
  const because = reason === null ? '' : ` ("${reason}")`;
  const end = until === null ? 'until somebody resumes it' : `until ${until}`;
  const who = by === null ? '' : ` by ${by}`;
  const detail = `Its queue "${queue}" is paused${who} since ${since}${because}, ${end}: POST /queues/${queue}/resume.`;
  return [{ code: 'queue_paused', detail, since, until, by, reason }];
}

function withoutWorker({ queue, type, isDeclared, serving }: Circumstances): ReasonResponse[] {
  const external = `start an external worker that asks POST /leases for type "${type}" and queue "${queue}"`;
  if (serving.workers === 0) {
    const start = isDeclared ? external : 'start one whose WORKER_QUEUES names it, or is not set';
    const detail = `No live worker serves its queue "${queue}": ${start}.`;
    return [{ code: 'no_worker_for_queue', detail, workers: 0 }];
  }
  if (serving.knowing > 0) return [];
  const { workers } = serving;
  const lacks = isDeclared
    ? `none takes its type "${type}", which was declared: ${external}.`
    : `none has a handler for its type "${type}": start a worker whose build has one.`;
  const detail = `${plural(workers, 'live worker')} ${workers === 1 ? 'serves' : 'serve'} its queue "${queue}", but ${lacks}`;
  return [{ code: 'no_worker_for_type', detail, workers }];
}

function circuitOpen({ type, circuit, now }: Circumstances): ReasonResponse[] {
  if (!circuit || circuit.state === 'closed') return [];
  const { failures, openedAt, until } = circuit;
  const isCooling = circuit.state === 'open' && until !== null && until > now;
  const next = isCooling
    ? `Until ${until.toISOString()} none of them starts, then one is tried`
    : 'One of them is tried at a time now';
  const detail =
    `The circuit of "${type}" is open: its jobs failed ${plural(failures, 'time')} in a row. ${next}, and when it ` +
    `succeeds, the others follow. No attempt is spent meanwhile: see to what these jobs depend on.`;
  return [
    {
      code: 'circuit_open',
      detail,
      since: openedAt?.toISOString() ?? null,
      until: isCooling ? until.toISOString() : null,
    },
  ];
}

function runsAlone(job: Circumstances): ReasonResponse[] {
  if (!isSuspect(job)) return [];
  const { interruptions, runningAlone: jobs } = job;
  const [first, ...more] = jobs;
  const others = more.length === 0 ? '' : ` and ${plural(more.length, 'other')}`;
  const now =
    first === undefined
      ? 'None does now'
      : `Now job ${first.job_id}${others} ${more.length === 0 ? 'does' : 'do'}`;
  const detail =
    `It was interrupted ${plural(interruptions, 'time')}, so it runs alone: in a process of its own, one such job at a ` +
    `time on each worker. ${now}. POST /jobs/${job.id}/cancel gives it up.`;
  return [{ code: 'runs_alone', detail, jobs: [...jobs] }];
}

/** @param isHeld a pause, a limit or a circuit keeps it from starting, whatever its place */
function waitsForTurn(job: Circumstances, isHeld: boolean): ReasonResponse[] {
  if (job.scheduledAt > job.now) return [];
  if (job.status !== 'PENDING' || job.ahead === undefined) {
    const detail =
      'Nothing holds it up any more: it joins the line within a moment, at the latest in a minute.';
    return [{ code: 'joins_line', detail }];
  }
  // Of its own key some may be put aside, whom nobody counts.
  const isKeyed = job.limitKey !== null && job.limits?.key !== undefined;
  const { ahead, inWords, at_least } = counted(job.ahead, isKeyed);
  const { knowing: workers, slots } = job.serving;
  const first = at_least ? `It waits in queue "${job.queue}"` : `It is the next of queue "${job.queue}"`;
  const place = ahead === 0 ? first : `In queue "${job.queue}" ${inWords} before it`;
  const capacity =
    workers === 0 ? '' : `; ${plural(workers, 'live worker')} can run ${plural(slots, 'job')} at once`;
  const advice = isHeld ? '' : ' To start it sooner, raise its priority or add workers.';
  const detail = `${place}${capacity}.${advice}`;
  return [{ code: 'in_line', detail, ahead, at_least, workers, slots }];
}

/** How many are ahead, as far as they were counted. */
function counted(total: number, isPart = false): { ahead: number; at_least: boolean; inWords: string } {
  const ahead = Math.min(total, MOST_AHEAD);
  const atLeast = isPart || total > MOST_AHEAD;
  const inWords = `${atLeast ? 'at least ' : ''}${plural(ahead, 'job')} ${ahead === 1 ? 'waits' : 'wait'}`;
  return { ahead, at_least: atLeast, inWords };
}
