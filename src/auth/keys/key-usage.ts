import { Injectable, Logger } from '@nestjs/common';
import { messageOf } from '../../common/index.js';
import { Postgres } from '../../database/index.js';
import { NOTE_USE } from './api-keys.sql.js';

/** How exact (s) it is known when a key was used last. */
const NOTED_EVERY_SECONDS = 60;

/** Notes when keys are used; no request waits for it, and none fails because of it. */
@Injectable()
export class KeyUsage {
  private readonly logger = new Logger(KeyUsage.name);
  private readonly notedAt = new Map<string, number>();

  constructor(private readonly postgres: Postgres) {}

  note(id: string): void {
    const now = performance.now();
    const last = this.notedAt.get(id);
    if (last !== undefined && now - last < NOTED_EVERY_SECONDS * 1000) return;
    this.notedAt.set(id, now);
    this.postgres.query(NOTE_USE, [id, NOTED_EVERY_SECONDS]).catch((error: unknown) => {
      this.notedAt.delete(id);
      this.logger.debug(`The use of an API key was not noted: ${messageOf(error)}`);
    });
  }
}
