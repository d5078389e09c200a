import { readFileSync } from 'node:fs';
import { ApolloGateway } from '@apollo/gateway';
import { TEST_SECRET, testInfrastructure } from '@cartograph/testing';
import fc from 'fast-check';
import { buildSchema, getOperationAST, parse, validate, type DocumentNode } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hideClientNames } from '../src/hide-client-names.ts';
import { makeKnownPlans } from '../src/execute-known-plans.ts';
import { makeSubgraphSource, type SubgraphSource } from '../src/make-subgraph-source.ts';
import { makeRandomOperation } from './kit/random-operation.ts';
import { startSimulatedShop, type SimulatedShop } from './kit/simulated-shop.ts';

const RUNS = 300;

const readFile = (name: string): string =>
  readFileSync(new URL(`../${name}`, import.meta.url), 'utf8');

const schema = buildSchema(readFile('api.graphql'));

type Gateway = ReturnType<ReturnType<typeof makeKnownPlans>['use']>;
type Executor = NonNullable<Awaited<ReturnType<Gateway['load']>>['executor']>;

/** A gateway, and the same one with known plans, in front of simulated subgraphs. */
const open = async (shop: SimulatedShop) => {
  const { log } = testInfrastructure();
  const sources = new Map<string, SubgraphSource>();
  const plans = makeKnownPlans({ sources, log, onHit: () => {} });
  const gateway = new ApolloGateway({
    supergraphSdl: readFile('supergraph.graphql'),
    buildService: ({ name }) => {
      const url = shop.env[`${name.toUpperCase()}_URL`] ?? '';
      const onFailure = () => {};
      const source = makeSubgraphSource({
        name,
        url,
        secret: TEST_SECRET,
        timeoutMs: 30_000,
        onFailure,
      });
      sources.set(name, source);
      return source;
    },
    experimental_didResolveQueryPlan: plans.receive,
    logger: log,
  });
  const options = { apollo: {} };
  const loaded = await gateway.load(options);
  let executions = 0;
  const counted: Gateway = {
    load: async () => ({
      executor: (context) => {
        executions += 1;
        return loaded.executor(context);
      },
    }),
    onSchemaLoadOrUpdate: () => () => {},
    stop: async () => {},
  };
  const supergraph = parse(readFile('supergraph.graphql'));
  const loadExecutor = async (inner: Gateway): Promise<Executor> => {
    const { executor } = await hideClientNames(inner, supergraph).load(options);
    if (!executor) throw new Error('a gateway has an executor');
    return executor;
  };
  const reference = await loadExecutor(counted);
  const planned = await loadExecutor(plans.use(counted));

  const execute = async (by: Executor, document: DocumentNode, variables: object) => {
    const maxAges: number[] = [];
    const requests = shop.requests();
    const { data, errors, extensions } = await by({
      document,
      // A text of its own for each document.
      queryHash: `${Math.random()}`,
      schema,
      operation: getOperationAST(document),
      request: { variables },
      context: { lane: 'general' },
      metrics: {},
      overallCachePolicy: { restrict: ({ maxAge }: { maxAge: number }) => maxAges.push(maxAge) },
      logger: log,
    } as unknown as Parameters<Executor>[0]);
    const asJson: unknown = JSON.parse(JSON.stringify({ data, errors, extensions }));
    return {
      result: asJson,
      requests: shop.requests() - requests,
      isCacheable: maxAges.length > 0,
    };
  };

  return {
    byGateway: (document: DocumentNode, variables: object) =>
      execute(reference, document, variables),
    byPlan: (document: DocumentNode, variables: object) => execute(planned, document, variables),
    executions: () => executions,
    close: () => Promise.all([...sources.values()].map((source) => source.close())),
  };
};

describe.each([
  ['whose subgraphs send no errors', 0],
  ['of which subgraphs send errors', 9],
])('operations with a known plan, %s', (_what, failing) => {
  let shop: SimulatedShop;
  let gateway: Awaited<ReturnType<typeof open>>;

  beforeAll(async () => {
    shop = await startSimulatedShop({ failing });
    gateway = await open(shop);
  });

  afterAll(async () => {
    await gateway.close();
    shop.close();
  });

  it('have the result that the gateway makes, from no more calls', async () => {
    let compared = 0;
    let withoutGateway = 0;
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.boolean(), fc.boolean(), async (seed, yes, no) => {
        const document = parse(makeRandomOperation(schema, seed));
        if (validate(schema, document).length > 0) return;
        const first = { yes: !yes, __no: !no };
        const variables = { yes, __no: no };
        await gateway.byPlan(document, first);
        const before = gateway.executions();
        const seen = await gateway.byPlan(document, variables);
        if (gateway.executions() === before) withoutGateway += 1;
        compared += 1;
        expect(seen).toEqual(await gateway.byGateway(document, variables));
      }),
      { numRuns: RUNS },
    );
    expect(compared).toBeGreaterThan(RUNS / 4);
    expect(withoutGateway).toBeGreaterThan(compared / 20);
  });
});
