import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

const moment = { type: 'timestamp with time zone', precision: 3 } as const;

/** One start of a worker process, or an external worker by its name. */
@Entity('workers')
@Check('CHK_workers_pid', 'see the migration')
export class WorkerRecord {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'PK_workers' })
  id: string;

  /** Of an external worker the name it gives itself. */
  @Column('text')
  hostname: string;

  /** Null = it is external. */
  @Column('integer', { nullable: true })
  pid: number | null;

  @Column('text')
  version: string;

  /** The queues it serves, as configured; `*` = every other. */
  @Column('text', { array: true })
  queues: string[];

  @Column('integer')
  slots: number;

  @Column({ ...moment, name: 'started_at', default: () => 'now()' })
  startedAt: Date;

  @Column({ ...moment, name: 'last_seen_at', default: () => 'now()' })
  lastSeenAt: Date;

  /** Set by a worker that left in good order. */
  @Column({ ...moment, name: 'stopped_at', nullable: true })
  stoppedAt: Date | null;

  /** The job types it has handlers for. */
  @Column('text', { array: true, default: () => `'{}'` })
  types: string[];

  /** Jobs it runs, as of the last sign of life. */
  @Column('integer', { default: 0 })
  busy: number;

  /** Handlers that ignored their signal and may still hold its slots' memory and sockets. */
  @Column('integer', { default: 0 })
  stuck: number;

  /** Somebody asked it to finish its jobs and end. */
  @Column({ ...moment, name: 'drain_requested_at', nullable: true })
  drainRequestedAt: Date | null;

  /** The key of the lock by which its connection shows that it lives. */
  @Column('integer', { name: 'lease_key', generated: 'identity' })
  leaseKey: number;

  /** The start of the server on which it took that lock; locks do not outlive a server. */
  @Column('text', { name: 'leased_on', nullable: true })
  leasedOn: string | null;

  /** When others found it gone and took its jobs back; whoever was seen after that lives. */
  @Column({ ...moment, name: 'lost_at', nullable: true })
  lostAt: Date | null;

  /** When it was last able to take jobs, had it had to; null = it does not say. */
  @Column({ ...moment, name: 'could_claim_at', nullable: true })
  couldClaimAt: Date | null;

  /** It takes its jobs over HTTP and holds no lock: each of them has a lease. */
  @Column('boolean', { name: 'is_external', default: false })
  isExternal: boolean;
}
