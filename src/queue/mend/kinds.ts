/** What may have to be mended, and what was done about it. In a sound system nothing ever is. */
export const MENDED = {
  ended_by_hand:
    'jobs that somebody set to an end got the time of it, and others that waited for them were told',
  revived_by_hand: 'ended jobs that somebody set to wait or run got rid of the traces of their end',
  lost_worker: 'running jobs without a worker got theirs back, or a new turn if none had started them',
  endless_lease: 'leases without an end were ended',
  lost_lock: 'locks that nobody held any more got back the job that is entitled to them',
  wrong_holder: 'locks whose holder is not entitled to them were given to the job that is',
  jumped_lock: 'jobs that were in line without their lock went behind its holder',
  wrong_ticket: 'places in line that fit no waiting job were removed',
  lost_ticket: 'jobs that had lost their place in line got another one',
  lost_parent: 'jobs that did not wait for a parent that has not completed do so again',
  forgotten_dependent: 'jobs that waited for parents that have all ended were told',
  forgotten_job: 'blocked jobs that nothing blocked were let go',
  miscounted_workflow: 'workflows that had counted their unfinished jobs wrong were counted again',
  lost_key: 'unfinished jobs got their unique key back',
  lost_queue: 'queues that were missing in the list of queues were entered',
} as const;

export type MendedKind = keyof typeof MENDED;
