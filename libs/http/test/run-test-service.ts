/** A process of its own for the tests of `runService`. */
import { ConfigError, parseEnv, port, processConfig, processEnv } from '@cartograph/config';
import { makeHttpServer, runService } from '../src/index.ts';

const env = processEnv.extend({ TEST_PORT: port() });

await runService({
  env: process.env,
  readConfig: (given) => {
    const values = parseEnv(env, given);
    return processConfig('test', values.TEST_PORT, values);
  },
  makeServer: async ({ config, ...infrastructure }) => {
    if (process.env['TEST_FAULT']) throw new ConfigError([process.env['TEST_FAULT']]);
    return makeHttpServer(infrastructure, {}, { limits: config.httpLimits });
  },
});
