import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who wants to hear of the ends of jobs, and what was delivered to them. */
export class AddWebhooks1795370400000 implements MigrationInterface {
  name = 'AddWebhooks1795370400000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE jobs ADD COLUMN callback_url text');
    await runner.query(`
      CREATE TABLE webhooks (
        id uuid NOT NULL,
        url text NOT NULL,
        description text,
        events text[] NOT NULL,
        queues text[],
        types text[],
        secret text NOT NULL,
        previous_secret text,
        previous_secret_expires_at timestamptz(3),
        enabled boolean NOT NULL DEFAULT true,
        disabled_at timestamptz(3),
        disabled_reason text,
        failures integer NOT NULL DEFAULT 0,
        failing_since timestamptz(3),
        held_until timestamptz(3),
        probed_until timestamptz(3),
        created_by text,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        updated_at timestamptz(3) NOT NULL DEFAULT now(),
        CONSTRAINT "PK_webhooks" PRIMARY KEY (id),
        CONSTRAINT "CHK_webhooks_disabled" CHECK (
          enabled = (disabled_at IS NULL) AND enabled = (disabled_reason IS NULL)),
        CONSTRAINT "CHK_webhooks_rotation" CHECK (
          (previous_secret IS NULL) = (previous_secret_expires_at IS NULL)),
        CONSTRAINT "CHK_webhooks_failures" CHECK (failures >= 0 AND (failures > 0) = (failing_since IS NOT NULL))
      )`);
    // No foreign keys: jobs and endpoints may go before what tells of them, and a settle must wait for no endpoint.
    await runner.query(`
      CREATE TABLE webhook_deliveries (
        id uuid NOT NULL,
        event_id text NOT NULL,
        event text NOT NULL,
        subject_id uuid,
        webhook_id uuid,
        callback_url text,
        body text NOT NULL,
        status text NOT NULL DEFAULT 'pending',
        attempts integer NOT NULL DEFAULT 0,
        response_status integer,
        response_body text,
        duration_ms integer,
        error text,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        attempted_at timestamptz(3),
        finished_at timestamptz(3),
        CONSTRAINT "PK_webhook_deliveries" PRIMARY KEY (id),
        CONSTRAINT "CHK_webhook_deliveries_target" CHECK ((webhook_id IS NULL) <> (callback_url IS NULL)),
        CONSTRAINT "CHK_webhook_deliveries_status" CHECK (
          status IN ('pending', 'delivered', 'failed', 'cancelled')
          AND (status = 'pending') = (finished_at IS NULL))
      )`);
    await runner.query(
      `CREATE INDEX "IDX_webhook_deliveries_webhook" ON webhook_deliveries (webhook_id, id) WHERE webhook_id IS NOT NULL`,
    );
    await runner.query(
      `CREATE INDEX "IDX_webhook_deliveries_subject" ON webhook_deliveries (subject_id, id) WHERE subject_id IS NOT NULL`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE webhook_deliveries, webhooks');
    await runner.query('ALTER TABLE jobs DROP COLUMN callback_url');
  }
}
