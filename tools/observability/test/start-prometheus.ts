import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { eventually } from '@cartograph/testing';
import { configurePrometheus } from '../configure-prometheus.ts';
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

/** A Prometheus that reads a shop every second or two, with the rules of docker/prometheus/. */
export type RunningPrometheus = {
  /** Evaluates an expression now. @throws when Prometheus refuses it */
  readonly query: (expr: string) => Promise<readonly Sample[]>;
  readonly rules: () => Promise<readonly EvaluatedRule[]>;
  /** The ids of the traces of the exemplars of the series that an expression reads, of the last minutes. */
  readonly exemplarTraces: (expr: string) => Promise<readonly string[]>;
  readonly close: () => Promise<void>;
};

const EXEMPLARS_S = 600;

const findFreePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address ? address.port : 0;
};

/** The window of a rate or an aggregation, such as `[5m]`. */
const WINDOW = /\[\d+[smhd]\]/g;

/** How long an expression must be true before its alert fires. */
const FOR = /^ +for: .*\n/gm;

/**
 * Writes the rules as they are for a test that can't wait for hours: every window is `window`, and an
 * alert fires as soon as its expression is true. Nothing else of them is changed.
 */
const writeShortened = (folder: string, window: string): Promise<readonly string[]> =>
  Promise.all(
    ruleFiles().map(async (file) => {
      const rules = await readFile(file, 'utf8');
      const shortened = path.join(folder, path.basename(file));
      await writeFile(shortened, rules.replaceAll(WINDOW, `[${window}]`).replaceAll(FOR, ''));
      return shortened;
    }),
  );

/**
 * Starts Prometheus with an empty database of its own.
 * @param targets the private port of each service
 * @param options.window of all rules, such as `20s`: alerts then fire at once; as committed, if not given
 */
export const startPrometheus = async (
  program: string,
  targets: Readonly<Record<string, number>>,
  {
    window,
    intervalSeconds = 1,
  }: { readonly window?: string; readonly intervalSeconds?: number } = {},
): Promise<RunningPrometheus> => {
  const folder = await mkdtemp(path.join(tmpdir(), 'prometheus-'));
  const config = path.join(folder, 'prometheus.yaml');
  const addresses = Object.entries(targets).map(
    ([service, port]) => [service, `127.0.0.1:${port}`] as const,
  );
  const rules = window === undefined ? ruleFiles() : await writeShortened(folder, window);
  await writeFile(
    config,
    configurePrometheus({ targets: Object.fromEntries(addresses), rules, intervalSeconds }),
  );
  const address = `127.0.0.1:${await findFreePort()}`;
  const child = spawn(
    program,
    [
      `--config.file=${config}`,
      `--storage.tsdb.path=${folder}/data`,
      `--web.listen-address=${address}`,
      '--enable-feature=exemplar-storage',
    ],
    { stdio: 'ignore' },
  );
  const exited = once(child, 'exit');

  const call = async (target: string, parameters: Record<string, string> = {}) => {
    const response = await fetch(`http://${address}/api/v1/${target}`, {
      method: target === 'rules' ? 'GET' : 'POST',
      ...(target !== 'rules' && { body: new URLSearchParams(parameters) }),
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
    exemplarTraces: async (expr) => {
      const now = Date.now() / 1_000;
      const found = (await call('query_exemplars', {
        query: expr,
        start: String(now - EXEMPLARS_S),
        end: String(now),
      })) as readonly {
        readonly exemplars: readonly { readonly labels: { trace_id: string } }[];
      }[];
      return found.flatMap(({ exemplars }) => exemplars.map(({ labels }) => labels.trace_id));
    },
    close,
  };
};
