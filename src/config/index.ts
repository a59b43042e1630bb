export {
  type Config,
  ConfigError,
  HTTP_TIMEOUT_SECONDS,
  ISOLATED_FLAG,
  childEnvironment,
  loadConfig,
  resolveConfig,
} from './config.js';
export { CONFIG, ConfigModule } from './config.module.js';
export type { IssuerConfig } from './issuer.js';
export { faultOfTrustedUrl } from './issuer-variables.js';
export { isLoopback } from './loopback.js';
export { variables } from './environment.js';
export type { WorkerPoolConfig } from './validators.js';
