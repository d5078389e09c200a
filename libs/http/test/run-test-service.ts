/** A process of its own for the tests of `runService`. */
import {
  ConfigError,
  milliseconds,
  parseEnv,
  port,
  processConfig,
  processEnv,
} from '@cartograph/config';
import { makeHttpServer, runService } from '../src/index.ts';

const env = processEnv.extend({ TEST_PORT: port(), TEST_ANSWER_MS: milliseconds().default(500) });

await runService({
  env: process.env,
  readConfig: (given) => {
    const values = parseEnv(env, given);
    return processConfig('test', values.TEST_PORT, values, values.TEST_ANSWER_MS);
  },
  makeServer: async ({ config, ...infrastructure }) => {
    if (process.env['TEST_FAULT']) throw new ConfigError([process.env['TEST_FAULT']]);
    const app = makeHttpServer(infrastructure, {}, { limits: config.httpLimits });
    app.get<{ Querystring: { ms: string } }>('/slow', async ({ query }) => {
      process.send?.('begun');
      await new Promise((resolve) => setTimeout(resolve, Number(query.ms)));
      return 'done';
    });
    app.post<{ Querystring: { lines: string } }>('/crash', ({ query }, reply) => {
      const count = Number(query.lines);
      for (let line = 1; line <= count; line += 1)
        infrastructure.log.info({ line }, 'line written');
      setImmediate(() => {
        throw new Error('crashed as it was told to');
      });
      return reply.hijack();
    });
    return app;
  },
});
