export {
  type Config,
  ConfigError,
  ISOLATED_FLAG,
  childEnvironment,
  loadConfig,
  resolveConfig,
} from './config.js';
export { HTTP_TIMEOUT_SECONDS } from './contradictions.js';
export { CONFIG, ConfigModule } from './config.module.js';
export type { HttpLimits, HttpRate } from './http-limits.js';
export type { IssuerConfig } from './issuer.js';
export { faultOfTrustedUrl } from './issuer-variables.js';
export { isLoopback } from './loopback.js';
export { HIGHEST_TARGET, LONGEST_START, LOWEST_TARGET, type Objective, SHORTEST_START } from './objective.js';
export { variables } from './environment.js';
export { SECRET_VARIABLES } from './secret-files.js';
export type { WorkerPoolConfig } from './validators.js';
