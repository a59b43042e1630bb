export { EgressModule } from './egress.module.js';
export { EgressRules, LONGEST_URL } from './egress-rules.js';
export { ForbiddenTargetError } from './forbidden-target.error.js';
export { type OpenResponse, OutboundHttp, type OutboundResponse } from './outbound-http.js';
export { codeOf, isRefusal, targetOf } from './answers.js';
export { retryAfterSeconds } from './retry-after.js';
export { webhookRules } from './webhook-rules.js';
