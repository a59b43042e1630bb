import { Column, Entity, Index, PrimaryGeneratedColumn, Unique } from 'typeorm';

const moment = { type: 'timestamp with time zone', precision: 3 } as const;

/** A joke as it was last fetched. */
@Entity('jokes')
@Unique('UQ_jokes_joke_id', ['jokeId'])
@Index('IDX_jokes_category', ['category', 'id'])
export class Joke {
  /** Ours, in the order in which jokes were first fetched; a bigint, which pg gives as text. */
  @PrimaryGeneratedColumn('identity', {
    type: 'bigint',
    generatedIdentity: 'ALWAYS',
    primaryKeyConstraintName: 'PK_jokes',
  })
  id: string;

  /** The API's. */
  @Column('text', { name: 'joke_id' })
  jokeId: string;

  @Column('text')
  value: string;

  /** Null = the API names none. */
  @Column('text', { nullable: true })
  category: string | null;

  @Column('text', { nullable: true })
  url: string | null;

  @Column('text', { name: 'icon_url', nullable: true })
  iconUrl: string | null;

  @Column({ ...moment, name: 'created_at', default: () => 'now()' })
  createdAt: Date;

  /** When it was last fetched. */
  @Column({ ...moment, name: 'updated_at', default: () => 'now()' })
  updatedAt: Date;
}
