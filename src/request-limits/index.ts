export { ClientAddresses } from './client-addresses.js';
export { limitBodies } from './limit-bodies.js';
export { limitConnections } from './limit-connections.js';
export { limitRequests } from './limit-requests.js';
export { RequestLimitsModule } from './request-limits.module.js';
export { RequestRates } from './request-rates.js';
