export { DEVELOPMENT_SECRET_PREFIX, PUBLISHED_PASSWORDS } from './development-secrets.ts';
export { readCorsOrigins } from './cors-origins.ts';
export {
  httpUrl,
  milliseconds,
  millisecondsFrom,
  pem,
  port,
  postgresUrl,
  secret,
} from './fields.ts';
export { CONFIG_EXIT_CODE, ConfigError, parseEnv, type Env } from './parse-env.ts';
export { processConfig, processEnv, type ProcessConfig } from './process-config.ts';
export {
  DEFAULT_HTTP_LIMITS,
  httpLimitsEnv,
  readHttpLimits,
  type HttpLimits,
} from './http-limits.ts';
export { DEFAULT_RESPONSE_TIMEOUT_MS, readDrainTimeout, STOP_MARGIN_MS } from './stop-times.ts';
export { trustedProxies } from './trusted-proxies.ts';
export { inDevelopment } from './in-development.ts';
