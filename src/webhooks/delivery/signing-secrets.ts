import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../../config/index.js';
import { SecretBox } from '../secrets/secret-box.js';
import type { DueDelivery } from './delivery-store.js';

/** What deliveries are signed with. */
@Injectable()
export class SigningSecrets {
  constructor(
    private readonly box: SecretBox,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /**
   * The secrets of its endpoint, the present one first, or of the service for a callback. Nothing is sent unsigned.
   * @throws UnknownKeyError; an error when this process has no secret for callbacks
   */
  async of({ webhookId, secret, previousSecret }: DueDelivery): Promise<string[]> {
    if (webhookId === null) {
      const { signingSecrets } = this.config.webhooks;
      if (signingSecrets.length > 0) return [...signingSecrets];
      throw new Error(
        'This worker cannot sign callbacks: give it the WEBHOOK_SIGNING_SECRET that the API has',
      );
    }
    const sealed = [secret, previousSecret].filter((text) => text !== null);
    return Promise.all(sealed.map((text) => this.box.open(text, webhookId)));
  }
}
