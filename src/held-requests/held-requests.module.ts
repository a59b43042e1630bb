import { Module } from '@nestjs/common';
import { HeldRequests } from './held-requests.js';

/** Requests whose answers wait for something. */
@Module({ providers: [HeldRequests], exports: [HeldRequests] })
export class HeldRequestsModule {}
