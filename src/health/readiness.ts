import { Injectable, type OnModuleDestroy, ServiceUnavailableException } from '@nestjs/common';

/** Knows whether this process is going away. */
@Injectable()
export class Readiness implements OnModuleDestroy {
  private stopping = false;

  /** Whether callers should go elsewhere from now on. */
  get isStopping(): boolean {
    return this.stopping;
  }

  /** Tells whoever asks from now on that this process is not ready. */
  stop(): void {
    this.stopping = true;
  }

  /** The first of all shutdown hooks: a worker spends the later ones waiting for its jobs. */
  onModuleDestroy(): void {
    this.stop();
  }

  /** @throws ServiceUnavailableException in Terminus' shape, from the start of shutdown on */
  refuseWhenStopping(): void {
    if (!this.stopping) return;
    throw new ServiceUnavailableException({ status: 'shutting_down', info: {}, error: {}, details: {} });
  }
}
