import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { DomainError } from '../common/index.js';
import { NEEDS_NO_DATABASE } from '../common/http/index.js';
import { QueueReadiness } from '../queue/index.js';

const RETRY_AFTER_SECONDS = 2;

/** Refuses whatever needs the database for as long as this process has not reached it yet. */
@Injectable()
export class DatabaseGuard implements CanActivate {
  constructor(
    private readonly readiness: QueueReadiness,
    private readonly reflector: Reflector,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    if (this.readiness.isReady) return true;
    const marked = [context.getHandler(), context.getClass()];
    if (this.reflector.getAllAndOverride<boolean | undefined>(NEEDS_NO_DATABASE, marked)) return true;
    throw new DomainError(
      'database_unavailable',
      'This process has just started and waits for the database: try again shortly',
      { retryAfterSeconds: RETRY_AFTER_SECONDS },
    );
  }
}
