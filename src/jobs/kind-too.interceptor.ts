import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { type Observable, catchError } from 'rxjs';
import { withFurtherFaults } from '../common/index.js';
import { JobsService } from './jobs.service.js';

/** Of a job whose form is wrong it also tells what is wrong with its type and its payload. */
@Injectable()
export class KindTooInterceptor implements NestInterceptor {
  constructor(private readonly jobs: JobsService) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const { body } = context.switchToHttp().getRequest<FastifyRequest>();
    return next.handle().pipe(
      catchError(async (error: unknown) => {
        throw await withFurtherFaults(error, () => this.jobs.checkKind(body));
      }),
    );
  }
}
