import { fork } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { Kind, parse, print, visit } from 'graphql';
import { Pool } from 'undici';
import { type ServiceName, SERVICES } from '../../../tools/services.ts';
import { ROOT, type ProductionShop } from '../production/open-production-shop.ts';
import type { HivePlan } from './hive-server.ts';

/** Hive Gateway in front of a shop. */
export type Hive = {
  readonly pid: number;
  /** The address of its graph. */
  readonly url: string;
  /** Sends an operation. @throws when the response is not 200 or has errors */
  readonly graph: <Data>(query: string, variables: object) => Promise<Data>;
  readonly close: () => Promise<void>;
};

const isService = (name: string): name is ServiceName =>
  (SERVICES as readonly string[]).includes(name);

/** The supergraph of our router, in which each subgraph has the address that it has in this shop. */
export const addressSupergraph = (sdl: string, urlOf: (service: ServiceName) => string): string =>
  print(
    visit(parse(sdl), {
      Directive: (node) => {
        if (node.name.value !== 'join__graph') return undefined;
        const valueOf = (name: string): string => {
          const value = node.arguments?.find((one) => one.name.value === name)?.value;
          return value?.kind === Kind.STRING ? value.value : '';
        };
        const service = valueOf('name');
        if (!isService(service)) throw new Error(`there is no service ${service}`);
        return {
          ...node,
          arguments: (node.arguments ?? []).map((one) =>
            one.name.value === 'url'
              ? { ...one, value: { kind: Kind.STRING as const, value: urlOf(service) } }
              : one,
          ),
        };
      },
    }),
  );

/**
 * Starts Hive Gateway.
 * @param secret an entry of the shop's ROUTER_AUTHORIZATION, without its name
 */
export const openHive = async (
  shop: Pick<ProductionShop, 'originOf'>,
  secret: string,
  connections: number,
  planner: HivePlan['planner'] = 'rust',
): Promise<Hive> => {
  const file = path.join(ROOT, 'apps', 'router', 'supergraph.graphql');
  const urlOf = (service: ServiceName) => `${shop.originOf(service)}/graphql`;
  const supergraph = addressSupergraph(fs.readFileSync(file, 'utf8'), urlOf);
  const child = fork(path.join(import.meta.dirname, 'hive-server.ts'), {
    stdio: 'inherit',
    env: { ...process.env, NODE_ENV: 'production' },
  });
  const answered = once(child, 'message') as Promise<[{ port: number }]>;
  child.send({ supergraph, secret, planner } satisfies HivePlan);
  const ended = once(child, 'exit').then(() => {
    throw new Error('Hive Gateway has ended');
  });
  ended.catch(() => {});
  const [{ port }] = await Promise.race([answered, ended]);
  const pool = new Pool(`http://127.0.0.1:${port}`, { connections, pipelining: 1 });
  return {
    pid: child.pid ?? 0,
    url: `http://127.0.0.1:${port}/graphql`,
    graph: async <Data>(query: string, variables: object): Promise<Data> => {
      const response = await pool.request({
        method: 'POST',
        path: '/graphql',
        headers: { 'content-type': 'application/json', accept: 'application/json' },
        body: JSON.stringify({ query, variables }),
      });
      const text = await response.body.text();
      const { data, errors } = JSON.parse(text) as { data?: Data; errors?: unknown[] };
      if (response.statusCode === 200 && data && !errors) return data;
      throw new Error(`Hive Gateway: ${response.statusCode} ${text.slice(0, 300)}`);
    },
    close: async () => {
      await pool.close();
      const exited = once(child, 'exit');
      child.disconnect();
      await exited;
    },
  };
};
