import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What claims and submissions of one statement need. */
export class AddShortWays1795334400000 implements MigrationInterface {
  name = 'AddShortWays1795334400000';

  async up(runner: QueryRunner): Promise<void> {
    // A statement takes itself back only by failing. STABLE, so that it is asked once, also when there is no row.
    await runner.query(`
      CREATE FUNCTION refuse_unequal(one bigint, other bigint) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
      BEGIN
        IF one <> other THEN
          RAISE 'Tickets and jobs do not match: %, %', one, other USING ERRCODE = 'RH001';
        END IF;
        RETURN true;
      END $$`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP FUNCTION refuse_unequal');
  }
}
