import { Module } from '@nestjs/common';
import { QueueModule } from '../queue/index.js';
import { DeliverWebhookHandler } from './delivery/deliver-webhook.handler.js';
import { DeliveryStore } from './delivery/delivery-store.js';
import { SigningSecrets } from './delivery/signing-secrets.js';
import { WebhookSender } from './delivery/webhook-sender.js';
import { SecretBox } from './secrets/secret-box.js';
import { WebhookSwitch } from './webhook-switch.js';

/** The job type that delivers events. */
@Module({
  imports: [QueueModule],
  providers: [DeliverWebhookHandler, DeliveryStore, WebhookSender, SigningSecrets, SecretBox, WebhookSwitch],
  exports: [SecretBox, WebhookSwitch],
})
export class WebhookJobsModule {}
