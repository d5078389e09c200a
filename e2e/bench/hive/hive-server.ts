/**
 * Hive Gateway in front of the subgraphs of a shop: what our own router is compared with. It is a child
 * process of `npm run bench -- shop --hive` and of a test, which send it a HivePlan and receive its port.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createGatewayRuntime } from '@graphql-hive/gateway-runtime';
import { unifiedGraphHandler } from '@graphql-hive/router-runtime';
import { ROUTER_AUTHORIZATION_HEADER } from '@cartograph/auth';

/** What the gateway serves. */
export type HivePlan = {
  /** Of our own router, with the addresses of the subgraphs. */
  readonly supergraph: string;
  /** The static secret by which subgraphs know a router that can't sign. */
  readonly secret: string;
  /** Hive's query planner in Rust, or the one in JavaScript that it has without a package of its own. */
  readonly planner: 'rust' | 'javascript';
};

const serve = async ({ supergraph, secret, planner }: HivePlan): Promise<number> => {
  const gateway = createGatewayRuntime({
    supergraph,
    ...(planner === 'rust' && { unifiedGraphHandler }),
    propagateHeaders: {
      fromClientToSubgraphs: ({ request }) => {
        const authorization = request.headers.get('authorization');
        return {
          [ROUTER_AUTHORIZATION_HEADER]: secret,
          ...(authorization !== null && { authorization }),
        };
      },
    },
    // Identical requests under way are joined, as our own router joins them.
    inboundInflightRequestDeduplication: true,
    logging: false,
    landingPage: false,
    graphiql: false,
  });
  const server = createServer((request, response) => void gateway(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
};

process.on('disconnect', () => process.exit());
process.once('message', (plan: HivePlan) => {
  void serve(plan).then((port) => process.send?.({ port }));
});
