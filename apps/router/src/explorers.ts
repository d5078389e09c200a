import type { ApolloServerPlugin, LandingPage } from '@apollo/server';
import { ApolloServerPluginLandingPageLocalDefault } from '@apollo/server/plugin/landingPage/default';
import { renderGraphiQL } from '@graphql-yoga/render-graphiql';
import type { FastifyInstance } from 'fastify';

/** The operations that GraphiQL opens with. */
const FIRST_QUERY = `# The catalogue, newest first.
# To see orders, run the login mutation below
# and put this under Headers:
# {"authorization": "Bearer <accessToken>"}
query Catalogue {
  products(first: 5) {
    nodes { name sku price { amount currency } stock }
    pageInfo { endCursor }
  }
}

mutation Login {
  login(input: {
    email: "shopper@example.com"
    password: "cartograph-shopper"
  }) {
    ... on Session { accessToken user { email } }
    ... on Problem { code message }
  }
}

query MyOrders {
  me {
    email
    orders(first: 5) {
      nodes {
        number
        status
        items { name quantity product { stock } }
        payments { status }
      }
    }
  }
}
`;

/** Apollo's page covers its own text about a missing connection with an empty element. */
const addLink = (html: string): string => {
  const nonce = /<style nonce=(\w+)>/.exec(html)?.[1] ?? '';
  const style = `<style nonce=${nonce}>#embeddableSandbox:empty { display: none }</style>`;
  const link = '<p><a href="/graphiql">GraphiQL</a> works without internet.</p>';
  return html.replace(/(<div class="fallback">[\s\S]*?)<\/div>/, `$1${link}</div>${style}`);
};

/** Apollo Sandbox as the page of `/graphql`. Without internet it leads to GraphiQL. */
export const sandboxPage = (): ApolloServerPlugin => {
  const plugin = ApolloServerPluginLandingPageLocalDefault({ embed: true, footer: false });
  return {
    serverWillStart: async (service) => {
      const listener = await plugin.serverWillStart?.(service);
      return {
        renderLandingPage: async () => {
          const page = (await listener?.renderLandingPage?.()) as LandingPage;
          const html = page.html;
          return { html: async () => addLink(typeof html === 'string' ? html : await html()) };
        },
      };
    },
  };
};

/** Serves GraphiQL at `/graphiql`, with first operations to run; `/` leads there. */
export const serveGraphiql = (app: FastifyInstance): void => {
  const page = renderGraphiQL({ title: 'Cartograph', endpoint: '/graphql' });
  app.get<{ Querystring: { query?: string } }>('/graphiql', (request, reply) =>
    // Without a query in its address the page shows a long introduction.
    request.query.query === undefined
      ? reply.redirect(`/graphiql?query=${encodeURIComponent(FIRST_QUERY)}`)
      : reply.type('text/html; charset=utf-8').send(page),
  );
  app.get('/', (_request, reply) => reply.redirect('/graphiql'));
};
