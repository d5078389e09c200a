import type { ProductService } from './open-product.ts';

const LIST = `query (
  $first: Int, $after: String, $last: Int, $before: String
  $filter: ProductFilter, $sort: ProductSort
) {
  products(
    first: $first, after: $after, last: $last, before: $before, filter: $filter, sort: $sort
  ) {
    nodes { id sku name price { amount } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}`;

/** What a test reads of a product in a list. */
export type Listed = {
  readonly id: string;
  readonly sku: string;
  readonly name: string;
  readonly price: { readonly amount: number };
};

type ListPage = {
  readonly nodes: readonly Listed[];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
};

/** Reads the catalogue as a client does. */
export const makeReader = ({ asRouter }: ProductService) => {
  const readPage = async (variables: object): Promise<ListPage> => {
    const { data, errors } = await asRouter(LIST, variables);
    if (errors[0]) throw new Error(`${errors[0].extensions.code}: ${errors[0].message}`);
    return data.products as ListPage;
  };

  /** Reads a list to its end, from either end; `between` runs after each page. */
  const readAll = async (
    query: { filter?: object; sort?: string },
    options: { size?: number; backward?: boolean; between?: () => Promise<void> } = {},
  ): Promise<readonly Listed[]> => {
    const { size = 7, backward = false, between } = options;
    const seen: Listed[] = [];
    let cursor: string | null = null;
    for (;;) {
      const page: ListPage = await readPage({
        ...query,
        ...(backward ? { last: size, before: cursor } : { first: size, after: cursor }),
      });
      if (backward) seen.unshift(...page.nodes);
      else seen.push(...page.nodes);
      const { pageInfo } = page;
      cursor = backward ? pageInfo.startCursor : pageInfo.endCursor;
      if (!(backward ? pageInfo.hasPreviousPage : pageInfo.hasNextPage)) return seen;
      await between?.();
    }
  };

  return {
    readPage,
    readAll,
    namesOf: async (query: { filter?: object; sort?: string }) =>
      (await readAll(query)).map(({ name }) => name),
    /** The code of the error of a query, or null when it succeeds. */
    codeOf: async (variables: object): Promise<string | null> => {
      const { errors } = await asRouter(LIST, variables);
      return errors[0]?.extensions.code ?? null;
    },
  };
};

export type Reader = ReturnType<typeof makeReader>;
