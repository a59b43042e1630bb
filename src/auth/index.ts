export { AuthModule } from './auth.module.js';
export {
  type Client,
  clientOfRequest,
  inRequest,
  isBoundToQueues,
  maySee,
  refuseJob,
  refuseQueue,
} from './caller.js';
export { Entrance } from './entrance.js';
export type { ApiKey, UnveiledKey } from './keys/api-key.js';
export { ApiKeys } from './keys/api-keys.js';
export { scopesFault } from './keys/key.dto.js';
export { KeyDigests } from './keys/key-digests.js';
export { refuseWithoutKeys } from './keys/refuse-without-keys.js';
export { refuseStrangers } from './refuse-strangers.js';
export { KEY_SCHEME, Public, Requires, TOKEN_SCHEME } from './requires.js';
