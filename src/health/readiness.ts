import { Injectable, type OnModuleDestroy, ServiceUnavailableException } from '@nestjs/common';

/** Knows whether this process is going away. */
@Injectable()
export class Readiness implements OnModuleDestroy {
  private isStopping = false;

  /** The first of all shutdown hooks: a worker spends the later ones waiting for its jobs. */
  onModuleDestroy(): void {
    this.isStopping = true;
  }

  /** @throws ServiceUnavailableException in Terminus' shape, from the start of shutdown on */
  refuseWhenStopping(): void {
    if (!this.isStopping) return;
    throw new ServiceUnavailableException({ status: 'shutting_down', info: {}, error: {}, details: {} });
  }
}
