import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { CONFIG, type Config } from '../config/index.js';
import { NotificationListener, Pooler, type Session } from '../database/index.js';
import { EVERYTHING, WAKEUP_CHANNEL, type Wakeup, decodeWakeup } from '../queue/index.js';
import { Lookout } from './lookout.js';

/** What commits elsewhere tell this worker. It listens to its very end: jobs are cancelled also while it stops. */
@Injectable()
export class Notices implements OnApplicationShutdown {
  private readonly listener: NotificationListener;
  private readonly subscribers: ((wakeup: Wakeup) => void)[] = [];
  private readonly keepers: ((session: Session) => Promise<void>)[] = [];

  constructor(
    @Inject(CONFIG) config: Config,
    pooler: Pooler,
    private readonly lookout: Lookout,
  ) {
    const subscriber = {
      onNotification: (payload: string) => this.tell(decodeWakeup(payload)),
      // What was said while nobody listened is lost.
      onListening: () => this.tell(EVERYTHING),
      onDeaf: () => lookout.start((wakeup) => this.tell(wakeup)),
      keep: async (session: Session) => {
        for (const keep of this.keepers) await keep(session);
      },
    };
    this.listener = new NotificationListener(config, WAKEUP_CHANNEL, subscriber, pooler);
  }

  subscribe(subscriber: (wakeup: Wakeup) => void): void {
    this.subscribers.push(subscriber);
  }

  /** Lets somebody hold something by the connection; called when there is a new one, and every few seconds. */
  keepConnection(keep: (session: Session) => Promise<void>): void {
    this.keepers.push(keep);
  }

  start(): Promise<void> {
    return this.listener.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.lookout.stop();
    await this.listener.stop();
  }

  private tell(wakeup: Wakeup): void {
    for (const subscriber of this.subscribers) subscriber(wakeup);
  }
}
