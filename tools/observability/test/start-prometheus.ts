import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { eventually } from '@cartograph/testing';
import { stringify } from 'yaml';
import { ruleFiles } from '../read-rules.ts';

/** The newest value of a series. */
export type Sample = {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: readonly [at: number, value: string];
};

/** A rule as Prometheus evaluated it. */
export type EvaluatedRule = {
  readonly name: string;
  readonly health: 'ok' | 'err' | 'unknown';
  readonly lastError?: string;
};

/** A Prometheus that reads a shop every second, with the rules of docker/prometheus/. */
export type RunningPrometheus = {
  /** Evaluates an expression now. @throws when Prometheus refuses it */
  readonly query: (expr: string) => Promise<readonly Sample[]>;
  readonly rules: () => Promise<readonly EvaluatedRule[]>;
  readonly close: () => Promise<void>;
};

const findFreePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address ? address.port : 0;
};

const configure = (targets: Readonly<Record<string, number>>): object => ({
  global: { scrape_interval: '1s', evaluation_interval: '1s' },
  rule_files: ruleFiles(),
  scrape_configs: [
    {
      job_name: 'cartograph',
      static_configs: Object.entries(targets).map(([service, port]) => ({
        targets: [`127.0.0.1:${port}`],
        labels: { service },
      })),
    },
  ],
});

/**
 * Starts Prometheus with an empty database of its own.
 * @param targets the private port of each service
 */
export const startPrometheus = async (
  program: string,
  targets: Readonly<Record<string, number>>,
): Promise<RunningPrometheus> => {
  const folder = await mkdtemp(path.join(tmpdir(), 'prometheus-'));
  const config = path.join(folder, 'prometheus.yaml');
  await writeFile(config, stringify(configure(targets)));
  const address = `127.0.0.1:${await findFreePort()}`;
  const child = spawn(
    program,
    [
      `--config.file=${config}`,
      `--storage.tsdb.path=${folder}/data`,
      `--web.listen-address=${address}`,
    ],
    { stdio: 'ignore' },
  );
  const exited = once(child, 'exit');

  const call = async (target: string, parameters: Record<string, string> = {}) => {
    const response = await fetch(`http://${address}/api/v1/${target}`, {
      method: target === 'query' ? 'POST' : 'GET',
      ...(target === 'query' && { body: new URLSearchParams(parameters) }),
    });
    const body = (await response.json()) as { readonly error?: string; readonly data: unknown };
    if (!response.ok) throw new Error(`${JSON.stringify(parameters)}: ${body.error}`);
    return body.data;
  };
  const close = async (): Promise<void> => {
    child.kill('SIGKILL');
    await exited;
    await rm(folder, { recursive: true });
  };

  try {
    await eventually(async () => {
      const { ok } = await fetch(`http://${address}/-/ready`);
      if (!ok) throw new Error('Prometheus is not ready');
    });
  } catch (error) {
    await close();
    throw error;
  }
  return {
    query: async (expr) =>
      ((await call('query', { query: expr })) as { readonly result: readonly Sample[] }).result,
    rules: async () => {
      const { groups } = (await call('rules')) as {
        readonly groups: readonly { readonly rules: readonly EvaluatedRule[] }[];
      };
      return groups.flatMap(({ rules }) => rules);
    },
    close,
  };
};
