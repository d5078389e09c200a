import { buy, buyByRest, chooseBasket, createOrder } from '../production/buy.ts';
import { type Customer, LOGIN, LOWEST_PRICE, PASSWORD } from '../production/customers.ts';
import { resultOf, type ShopClient } from '../production/shop-client.ts';

/** What operations are sent with. */
export type Shoppers = {
  readonly client: ShopClient;
  /** One for each client. */
  readonly buyers: readonly Customer[];
  /** One for each client, who have five orders each and create no more. */
  readonly readers: readonly Customer[];
  readonly products: readonly string[];
};

/** One row of the table. */
export type Operation = {
  readonly name: string;
  /** How many requests the client sends. */
  readonly requests: number;
  /** The process that the client sends them to. */
  readonly entry: 'router' | 'rest';
  /** Whether the shop works on after its response. */
  readonly hasBackgroundWork: boolean;
  /** How many clients send it at most; all of them when not given. */
  readonly clients?: number;
  /** Does it once, as one of the clients. */
  readonly send: (client: number) => Promise<unknown>;
};

const PRODUCT_FIELDS = `
  id sku name description price { amount currency } stock category imageUrl version createdAt
  updatedAt`;

/** The first page of 20 products that a filter selects. */
export const PAGE = `query Page($filter: ProductFilter) {
  products(first: 20, filter: $filter) {
    nodes { ${PRODUCT_FIELDS} }
    pageInfo { endCursor hasNextPage }
  }
}`;

const PRODUCT = `query Product($id: ID!) { product(id: $id) { ${PRODUCT_FIELDS} } }`;

/** The user, order, product and payment service. */
export const ME = `query Me {
  me {
    id email
    orders(first: 5) {
      nodes {
        id number status createdAt total { amount currency }
        items { sku name quantity unitPrice { amount currency } product { id name stock } }
        payments { id status amount { amount currency } }
      }
    }
  }
}`;

type Page = { readonly products: { readonly nodes: readonly unknown[] } };

type Me = {
  readonly me: {
    readonly orders: { readonly nodes: readonly { readonly payments: readonly unknown[] }[] };
  };
};

const PAGE_SIZE = 20;
const ORDERS_OF_ME = 5;

const expectCount = (what: string, found: number, wanted: number): void => {
  if (found !== wanted) throw new Error(`${what}: ${found} instead of ${wanted}`);
};

const pick = <Value>(values: readonly Value[], index: number): Value => {
  const value = values[index % values.length];
  if (value === undefined) throw new Error('there is nothing to choose from');
  return value;
};

type Graph = <Data extends object>(query: string, variables: object) => Promise<Data>;

/** The first page of products, through any gateway: one that no cache knows, and always the same one. */
export const makePages = (
  graph: Graph,
): readonly { readonly name: string; readonly send: () => Promise<void> }[] => {
  // Each value selects all products, and is sent once.
  let minPrice = LOWEST_PRICE;
  const page = async (filter: object | undefined): Promise<void> => {
    const data = await graph<Page>(PAGE, { filter });
    expectCount('a page of products', data.products.nodes.length, PAGE_SIZE);
  };
  return [
    { name: 'page', send: () => page({ minPrice: (minPrice -= 1) }) },
    { name: 'page, cached', send: () => page(undefined) },
  ];
};

/** All operations. */
export const makeOperations = (shoppers: Shoppers): readonly Operation[] => {
  const { client, buyers, readers, products } = shoppers;
  const [page, cachedPage] = makePages(client.graph);
  if (!page || !cachedPage) throw new Error('there are two pages');
  let minPrice = LOWEST_PRICE;
  const restPage = async (query: string): Promise<void> => {
    const { data } = await client.rest<{ data: unknown[] }>('GET', `/v1/products?limit=20${query}`);
    expectCount('a page of products', data.length, PAGE_SIZE);
  };
  const read = { requests: 1, entry: 'router', hasBackgroundWork: false } as const;
  const order = { requests: 1, entry: 'router', hasBackgroundWork: true } as const;
  const basket = () => chooseBasket(products);
  return [
    { ...read, ...page },
    {
      ...read,
      name: 'REST page',
      entry: 'rest',
      send: () => restPage(`&min_price_cents=${(minPrice -= 1)}`),
    },
    { ...read, ...cachedPage },
    { ...read, name: 'REST page, cached', entry: 'rest', send: () => restPage('') },
    {
      ...read,
      name: 'product',
      send: async (index) => {
        await client.graph(PRODUCT, { id: pick(products, index) });
      },
    },
    {
      ...order,
      name: 'createOrder',
      send: (index) => createOrder(client, pick(buyers, index), basket()),
    },
    {
      ...order,
      name: 'purchase',
      requests: 2,
      send: (index) => buy(client, pick(buyers, index), basket()),
    },
    {
      ...order,
      name: 'REST purchase',
      requests: 2,
      entry: 'rest',
      send: (index) => buyByRest(client, pick(buyers, index), basket()),
    },
    {
      ...read,
      name: 'me',
      send: async (index) => {
        const { token } = pick(readers, index);
        const { me } = await client.graph<Me>(ME, {}, { token });
        const paid = me.orders.nodes.filter(({ payments }) => payments.length > 0);
        expectCount('paid orders of a customer', paid.length, ORDERS_OF_ME);
      },
    },
    {
      ...read,
      name: 'sign-in',
      // Fewer than the shop lets in at a time: it rejects others with 503.
      clients: 8,
      send: async (index) => {
        const input = { email: pick(readers, index).email, password: PASSWORD };
        resultOf(await client.graph(LOGIN, { input }), 'Session');
      },
    },
  ];
};

/** Buys what the `me` of the readers shows. */
export const buyForReaders = async ({ client, readers, products }: Shoppers): Promise<void> => {
  await Promise.all(
    readers.map(async (reader) => {
      for (let bought = 0; bought < ORDERS_OF_ME; bought += 1) {
        await buy(client, reader, chooseBasket(products));
      }
    }),
  );
};
