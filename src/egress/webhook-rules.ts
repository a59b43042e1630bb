import type { Config } from '../config/index.js';
import { EgressRules } from './egress-rules.js';

/** Where webhooks may go: as requests of jobs, by settings of their own. */
export function webhookRules({ webhooks }: Pick<Config, 'webhooks'>): EgressRules {
  return new EgressRules({ ...webhooks, settings: 'WEBHOOK' });
}
