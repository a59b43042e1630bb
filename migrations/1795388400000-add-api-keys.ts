import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who may call the API, and what each may do. A key itself is nowhere stored, only what it can be told by. */
export class AddApiKeys1795388400000 implements MigrationInterface {
  name = 'AddApiKeys1795388400000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE api_keys (
        id uuid NOT NULL,
        name text NOT NULL,
        scopes text[] NOT NULL,
        digest text NOT NULL,
        previous_digest text,
        previous_expires_at timestamptz(3),
        expires_at timestamptz(3),
        last_used_at timestamptz(3),
        revoked_at timestamptz(3),
        revoked_by text,
        created_by text NOT NULL,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        rotated_at timestamptz(3),
        CONSTRAINT "PK_api_keys" PRIMARY KEY (id),
        CONSTRAINT "CHK_api_keys_scopes" CHECK (cardinality(scopes) > 0),
        CONSTRAINT "CHK_api_keys_rotation" CHECK ((previous_digest IS NULL) = (previous_expires_at IS NULL)),
        CONSTRAINT "CHK_api_keys_revocation" CHECK ((revoked_at IS NULL) = (revoked_by IS NULL))
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE api_keys');
  }
}
