import { setTimeout as sleep } from 'node:timers/promises';
import { CONFIG_EXIT_CODE, ConfigError, type Env, type ProcessConfig } from '@cartograph/config';
import { makeLogger, openBufferedOutput } from '@cartograph/logging';
import { startTelemetry } from '@cartograph/telemetry';
import type { FastifyInstance } from 'fastify';
import { makeDrill } from './make-drill.ts';
import type { Infrastructure } from './make-http-server.ts';
import { makePrivateServer } from './make-private-server.ts';
import { prepareListeners } from './prepare-listeners.ts';

/**
 * Returns memory to the system that only the start has needed, about 30 MB, which V8 alone does not do
 * while a process is idle. It blocks the process for some tenths of a second. Without `--expose-gc`
 * it does nothing.
 */
const releaseStartMemory = (): void => {
  // Other collections free objects, but return hardly any pages.
  globalThis.gc?.({ type: 'major', execution: 'sync', flavor: 'last-resort' });
};

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

/** @param name of the process */
const listenOrFail = async (
  listen: (place: Place) => Promise<unknown>,
  name: string,
  { host, port }: Place,
): Promise<void> => {
  try {
    await listen({ host, port });
  } catch (error) {
    const sentence = listenSentence(error, name, { host, port });
    if (sentence) fail(sentence);
    throw error;
  }
};

/**
 * Runs a process: reads the configuration, starts telemetry, makes the server, and listens. On SIGTERM,
 * SIGINT or the end of its parent process it is not ready any more, so that load balancers choose
 * others. After SHUTDOWN_DELAY_MS it accepts no new requests, finishes those in progress, closes, and
 * exits with 0. A second signal ends it immediately. An operator's mistake is one sentence on standard
 * error: an invalid configuration exits with 78 (CONFIG_EXIT_CODE), a port that cannot be used with 1.
 */
export const runService = async <Config extends ProcessConfig>(service: {
  env: Env;
  readConfig: (env: Env) => Config;
  makeServer: (deps: Infrastructure & { readonly config: Config }) => Promise<FastifyInstance>;
  /** True for a server with long polls, such as the revocation feed. */
  servesLongPolls?: boolean;
  /** Adds what else this process serves on its private port. */
  addPrivateRoutes?: (privateApp: FastifyInstance, config: Config) => void;
}): Promise<void> => {
  const config = readOrFail(service.readConfig, service.env);
  // First: a metric that is made before is never exported.
  const telemetry = await startTelemetry({
    serviceName: `cartograph-${config.name}`,
    otlpEndpoint: config.otlpEndpoint,
    servesLongPolls: service.servesLongPolls ?? false,
    env: service.env,
  });
  const log = makeLogger({ name: config.name, level: config.logLevel }, openBufferedOutput());
  const die = (error: unknown): void => {
    log.fatal({ err: error }, 'process failed');
    process.exit(1);
  };
  process.on('uncaughtException', die);
  process.on('unhandledRejection', die);

  const drills = config.environment === 'production' ? {} : { drill: makeDrill() };
  const app = await service.makeServer({ config, log, ...drills }).catch((error: unknown) => {
    if (error instanceof ConfigError) fail(error.message, CONFIG_EXIT_CODE);
    throw error;
  });
  const { writeMetrics } = telemetry;
  const privateApp = makePrivateServer({
    writeMetrics,
    readiness: app.readiness,
    limits: config.httpLimits,
    ...drills,
  });
  service.addPrivateRoutes?.(privateApp, config);
  let stopping = false;
  const stop = async (reason: string): Promise<void> => {
    if (stopping) process.exit(1);
    stopping = true;
    log.info({ reason }, 'process stopping');
    app.readiness.drain();
    await sleep(config.shutdownDelayMs);
    const timer = setTimeout(() => die(new Error('draining took too long')), config.drainTimeoutMs);
    await app.close();
    // Last, so that metrics and readiness can be read until the end.
    await privateApp.close();
    await telemetry.stop();
    clearTimeout(timer);
    log.info('process stopped');
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop(signal));
  // A parent that was killed cannot signal its children: they see its IPC channel close.
  // Undefined without a channel. It may have ended while this process was loading.
  if (process.connected === false) return stop('parent ended');
  process.once('disconnect', () => void stop('parent ended'));

  const listen = prepareListeners(app);
  releaseStartMemory();
  await listenOrFail(
    (place) => privateApp.listen(place),
    `${config.name} (METRICS_PORT)`,
    config.metrics,
  );
  log.info({ address: privateApp.server.address() }, 'metrics served');
  await listenOrFail(listen, config.name, config);
  // To `npm start`: another process may answer on the port of one that could not listen.
  // It may have ended: `disconnect` says so.
  if (process.connected) process.send?.('listening', undefined, undefined, () => {});
};
