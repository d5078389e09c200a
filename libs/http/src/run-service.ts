import { CONFIG_EXIT_CODE, ConfigError, type Env, type ProcessConfig } from '@cartograph/config';
import { makeLogger } from '@cartograph/logging';
import { startTelemetry } from '@cartograph/telemetry';
import type { FastifyInstance } from 'fastify';
import type { Infrastructure } from './make-http-server.ts';
import { makePrivateServer } from './make-private-server.ts';

const fail = (sentence: string, exitCode = 1): never => {
  process.stderr.write(`${sentence}\n`);
  process.exit(exitCode);
};

const readOrFail = <Config>(readConfig: (env: Env) => Config, env: Env): Config => {
  try {
    return readConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) fail(error.message, CONFIG_EXIT_CODE);
    throw error;
  }
};

type Place = { readonly host: string; readonly port: number };

const listenSentence = (error: unknown, name: string, { host, port }: Place): string | null => {
  const code = (error as NodeJS.ErrnoException).code;
  const place = `${host}:${port}`;
  if (code === 'EADDRINUSE') return `${name}: ${place} is taken by another process.`;
  if (code === 'EACCES') return `${name}: this user may not listen on ${place}.`;
  if (code === 'EADDRNOTAVAIL') return `${name}: this machine has no address ${host}.`;
  return null;
};

/** @param name of the process, and of what listens there */
const listenOrFail = async (
  app: FastifyInstance,
  name: string,
  { host, port }: Place,
): Promise<void> => {
  try {
    await app.listen({ host, port });
  } catch (error) {
    const sentence = listenSentence(error, name, { host, port });
    if (sentence) fail(sentence);
    throw error;
  }
};

/**
 * The life of a process: read the configuration, start telemetry, make the server, listen, and on
 * SIGTERM, SIGINT or the end of the parent that started it: refuse new work, finish what is in
 * flight, close, exit 0. A second signal ends it at once. A mistake of the operator's is one clear
 * sentence on standard error: a configuration that is not valid ends with exit code 78
 * (CONFIG_EXIT_CODE), a port that can't be had with 1.
 */
export const runService = async <Config extends ProcessConfig>(service: {
  env: Env;
  readConfig: (env: Env) => Config;
  makeServer: (deps: Infrastructure & { readonly config: Config }) => Promise<FastifyInstance>;
  /** True when other processes wait here for news. */
  servesLongPolls?: boolean;
}): Promise<void> => {
  const config = readOrFail(service.readConfig, service.env);
  const log = makeLogger({ name: config.name, level: config.logLevel });
  const telemetry = await startTelemetry({
    serviceName: `cartograph-${config.name}`,
    otlpEndpoint: config.otlpEndpoint,
    servesLongPolls: service.servesLongPolls ?? false,
  });
  const die = (error: unknown): void => {
    log.fatal({ err: error }, 'process failed');
    process.exit(1);
  };
  process.on('uncaughtException', die);
  process.on('unhandledRejection', die);

  const app = await service.makeServer({ config, log }).catch((error: unknown) => {
    if (error instanceof ConfigError) fail(error.message, CONFIG_EXIT_CODE);
    throw error;
  });
  const { writeMetrics } = telemetry;
  const privateApp = makePrivateServer({
    writeMetrics,
    readiness: app.readiness,
    limits: config.httpLimits,
  });
  let stopping = false;
  const stop = async (reason: string): Promise<void> => {
    if (stopping) process.exit(1);
    stopping = true;
    log.info({ reason }, 'process stopping');
    const timer = setTimeout(() => die(new Error('draining took too long')), config.drainTimeoutMs);
    await app.close();
    // Last, so that it says to the end how the stop goes.
    await privateApp.close();
    await telemetry.stop();
    clearTimeout(timer);
    log.info('process stopped');
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop(signal));
  // A parent that was killed can't tell its children: they see the channel to it close.
  process.once('disconnect', () => void stop('parent ended'));

  await listenOrFail(privateApp, `${config.name} (METRICS_PORT)`, config.metrics);
  log.info({ address: privateApp.server.address() }, 'metrics served');
  await listenOrFail(app, config.name, config);
};
