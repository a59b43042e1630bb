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
export type { HttpLimits, HttpRate } from './http-limits.js';
export { isLoopback } from './loopback.js';
export { HIGHEST_TARGET, LONGEST_START, LOWEST_TARGET, type Objective, SHORTEST_START } from './objective.js';
export { variables } from './environment.js';
export { SECRET_VARIABLES } from './secret-files.js';
export type { WorkerPoolConfig } from './validators.js';
