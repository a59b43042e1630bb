import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../../config/index.js';
import { type EgressRules, webhookRules } from '../../egress/index.js';
import { DELIVERY_TYPE } from '../settle/webhook-event.js';
import { type NewJob, type ResolvedJob, faultOf } from './new-job.js';

/** Which URLs a job, or a workflow, may name to be told of its end. */
@Injectable()
export class CallbackRules {
  private readonly rules: EgressRules;

  constructor(@Inject(CONFIG) private readonly config: Config) {
    this.rules = webhookRules(config);
  }

  /** @throws DomainError validation_failed when nobody could be told there, or nobody could trust it */
  check(jobs: readonly ResolvedJob[]): void {
    for (const job of jobs) {
      const fault = job.callback_url === null ? undefined : this.faultOf(job, job.callback_url);
      if (fault !== undefined) throw faultOf(job, '/callback_url', fault, 'callback_url');
    }
  }

  /** @throws DomainError validation_failed */
  checkWorkflow({ callbackUrl, at = '' }: Pick<NewJob, 'callbackUrl' | 'at'>): void {
    const fault = callbackUrl === undefined ? undefined : this.faultOfUrl(callbackUrl);
    if (fault !== undefined) throw faultOf({ at }, '/callback_url', fault, 'callback_url');
  }

  private faultOf({ type }: ResolvedJob, url: string): string | undefined {
    if (type === DELIVERY_TYPE) return `Nobody is told of the end of a ${type} job: leave callback_url out`;
    return this.faultOfUrl(url);
  }

  private faultOfUrl(url: string): string | undefined {
    if (this.config.webhooks.signingSecrets.length === 0) {
      return 'Callbacks are not possible here, as nothing could sign them: ask the operator to set WEBHOOK_SIGNING_SECRET, or use an endpoint of POST /webhooks';
    }
    const fault = this.rules.faultOf(url);
    return fault && `callback_url ${fault}`;
  }
}
