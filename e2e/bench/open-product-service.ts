import { makeSubgraphCaller, TEST_SECRET, testInfrastructure } from '@cartograph/testing';
import { readConfig } from '../../apps/product/src/config.ts';
import { makeServer } from '../../apps/product/src/server.ts';

/** The real product service on a database, reached through its whole HTTP stack. */
export const openProductService = async (databaseUrl: string) => {
  const config = readConfig({
    NODE_ENV: 'test',
    PRODUCT_DATABASE_URL: databaseUrl,
    ROUTER_SECRET: TEST_SECRET,
    ORDER_SECRET: TEST_SECRET,
    PRODUCT_SECRET: TEST_SECRET,
  });
  const app = await makeServer({ config, ...testInfrastructure() });
  const send = makeSubgraphCaller(app);
  return {
    /** @throws when the answer has errors */
    ask: async <Data>(query: string, variables: object = {}): Promise<Data> => {
      const answer = await send(query, variables);
      if (answer.errors[0]) throw new Error(answer.errors[0].message);
      return answer.data as Data;
    },
    close: () => app.close(),
  };
};

export type ProductService = Awaited<ReturnType<typeof openProductService>>;
