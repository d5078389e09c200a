export { readCorsOrigins } from './cors-origins.ts';
export { httpUrl, milliseconds, pem, port, postgresUrl, secret } from './fields.ts';
export { ConfigError, DEVELOPMENT_SECRET_PREFIX, parseEnv, type Env } from './parse-env.ts';
export { processConfig, processEnv, type ProcessConfig } from './process-config.ts';
