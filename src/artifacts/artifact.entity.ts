import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

const key = { primaryKeyConstraintName: 'PK_artifacts' } as const;

/** pg gives a bigint as text. */
const number = { to: (value: number) => value, from: (text: string) => Number(text) };

/** A file of a job, with its content or with where that is. */
@Entity('artifacts')
@Check('CHK_artifacts_place', 'see the migration')
export class ArtifactRecord {
  @PrimaryColumn('uuid', { ...key, name: 'job_id' })
  jobId: string;

  @PrimaryColumn('text', key)
  name: string;

  @Column('text', { name: 'content_type' })
  contentType: string;

  @Column('bigint', { transformer: number })
  bytes: number;

  @Column('text')
  sha256: string;

  /** Null when it is in a file; read only when it is asked for. */
  @Column('bytea', { nullable: true, select: false })
  content: Buffer | null;

  /** The file's name in the folder of its job; null when the content is here. */
  @Column('text', { nullable: true })
  file: string | null;

  @Column({ type: 'timestamp with time zone', precision: 3, name: 'created_at', default: () => 'now()' })
  createdAt: Date;
}
