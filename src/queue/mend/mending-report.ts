import { Injectable, Logger } from '@nestjs/common';
import { listed } from '../../common/index.js';
import { JobEvents } from '../job-events.js';
import { MENDED, type MendedKind } from './kinds.js';

/** Enough to look them up; the metric and the history tell the rest. */
const IDS_SHOWN = 5;

/** Tells what had to be mended: in the log, and to whoever counts. */
@Injectable()
export class MendingReport {
  private readonly logger = new Logger('Mender');

  constructor(private readonly events: JobEvents) {}

  tell(kind: MendedKind, ids: readonly string[]): void {
    if (ids.length === 0) return;
    this.logger.warn(`Mended ${ids.length} ${kind}: ${MENDED[kind]} (${listed(ids, IDS_SHOWN)})`);
    this.events.emit('mended', kind, ids);
  }
}
