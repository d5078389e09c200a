import { readFile } from 'node:fs/promises';
import { ApolloGateway } from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import { ApolloServerPluginLandingPageDisabled } from '@apollo/server/plugin/disabled';
import { ApolloServerPluginLandingPageLocalDefault } from '@apollo/server/plugin/landingPage/default';
import { fastifyApolloDrainPlugin, fastifyApolloHandler } from '@as-integrations/fastify';
import { makeGraphqlErrorFormatter } from '@cartograph/errors';
import { makeHttpServer, type Infrastructure } from '@cartograph/http';
import { renderGraphiQL } from '@graphql-yoga/render-graphiql';
import type { FastifyInstance } from 'fastify';
import type { Config } from './config.ts';
import type { Context } from './context.ts';
import { makeSubgraphSource, type SubgraphSource } from './make-subgraph-source.ts';

/** What one query may select in all, fragments unfolded: 742 bytes of them can ask for 2^18. */
const MAX_SELECTIONS = 2_000;

/**
 * Wires the router: the gateway on the committed supergraph, so that it starts with any subgraph
 * down and answers with what the others know. Nothing listens yet.
 */
export const makeServer = async ({
  config,
  ...infrastructure
}: Infrastructure & { readonly config: Config }): Promise<FastifyInstance> => {
  const { log } = infrastructure;
  const isProduction = config.environment === 'production';
  const app = makeHttpServer(infrastructure, {}, { trustProxy: config.trustedProxies });
  const sources: SubgraphSource[] = [];

  const gateway = new ApolloGateway({
    supergraphSdl: await readFile(new URL('../supergraph.graphql', import.meta.url), 'utf8'),
    buildService: ({ name, url }) => {
      const source = makeSubgraphSource({
        url: config.subgraphUrls[name] ?? url ?? '',
        secret: config.secret,
        timeoutMs: config.timeoutMs,
        onFailure: (error) => log.error({ subgraph: name, err: error }, 'subgraph did not answer'),
      });
      sources.push(source);
      return source;
    },
    logger: log,
  });
  const apollo = new ApolloServer<Context>({
    gateway,
    formatError: makeGraphqlErrorFormatter((error) =>
      log.error({ err: error }, 'request failed unexpectedly'),
    ),
    includeStacktraceInErrorResponses: false,
    introspection: !isProduction,
    maxRecursiveSelections: MAX_SELECTIONS,
    stopOnTerminationSignals: false,
    plugins: [
      fastifyApolloDrainPlugin(app),
      isProduction
        ? ApolloServerPluginLandingPageDisabled()
        : ApolloServerPluginLandingPageLocalDefault({ embed: true, footer: false }),
    ],
    logger: log,
  });
  await apollo.start();

  app.route({
    url: '/graphql',
    method: ['GET', 'POST', 'OPTIONS'],
    handler: fastifyApolloHandler(apollo, {
      context: async (request) => ({
        requestId: request.id,
        authorization: request.headers.authorization,
        device: request.headers['user-agent'],
        address: request.ip,
      }),
    }),
  });
  if (!isProduction) {
    const page = renderGraphiQL({ title: 'Cartograph', endpoint: '/graphql' });
    app.get('/graphiql', (_request, reply) => reply.type('text/html; charset=utf-8').send(page));
    app.get('/', (_request, reply) => reply.redirect('/graphql'));
  }
  app.addHook('onClose', async () => {
    await Promise.all(sources.map((source) => source.close()));
  });
  return app;
};
