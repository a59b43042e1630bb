import { Module } from '@nestjs/common';
import { HeldRequestsModule } from '../held-requests/index.js';
import { QueueModule } from '../queue/index.js';
import { JobJournalStore } from '../worker/index.js';
import { ExternalWorkersStore } from './external-workers.store.js';
import { LeaseClaims } from './lease-claims.js';
import { LeaseDesk } from './lease-desk.js';
import { LEASE_SETTINGS, leaseSettings } from './lease-settings.js';
import { LeaseTokens } from './lease-tokens.js';
import { LeasedAttempts } from './leased-attempts.js';
import { LeasesController } from './leases.controller.js';
import { LeasesService } from './leases.service.js';
import { QueueNews } from './queue-news.js';

/** Jobs for workers in any language, over HTTP. */
@Module({
  imports: [QueueModule, HeldRequestsModule],
  controllers: [LeasesController],
  providers: [
    LeasesService,
    LeaseDesk,
    LeaseClaims,
    LeaseTokens,
    LeasedAttempts,
    ExternalWorkersStore,
    QueueNews,
    JobJournalStore,
    { provide: LEASE_SETTINGS, useValue: leaseSettings },
  ],
})
export class LeasesModule {}
