export { DEVELOPMENT_SECRET_PREFIX, PUBLISHED_PASSWORDS } from './development-secrets.ts';
export {
  httpUrl,
  isPercentEncoded,
  milliseconds,
  millisecondsFrom,
  NOT_PERCENT_ENCODED,
  pem,
  port,
  postgresUrl,
  readCorsOrigins,
  secret,
  timerMilliseconds,
  timerMillisecondsFrom,
  trustedProxies,
} from './fields.ts';
export {
  DEFAULT_HTTP_LIMITS,
  httpLimitsEnv,
  readHttpLimits,
  type HttpLimits,
} from './http-limits.ts';
export {
  CONFIG_EXIT_CODE,
  ConfigError,
  DEFAULT_MODE,
  inDevelopment,
  parseEnv,
  type Env,
} from './parse-env.ts';
export {
  DEFAULT_RESPONSE_TIMEOUT_MS,
  DEFAULT_SLOW_REQUEST_MS,
  processConfig,
  processEnv,
  readDrainTimeout,
  STOP_MARGIN_MS,
  type ProcessConfig,
} from './process-config.ts';
