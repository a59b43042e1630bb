export { type HeldKind, HeldRequests } from './held-requests.js';
export { HeldRequestsModule } from './held-requests.module.js';
