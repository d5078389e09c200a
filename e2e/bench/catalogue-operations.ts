/** Sends a query to the product service. @throws when the response has errors */
export type Send = <Data>(query: string, variables?: object) => Promise<Data>;

/** One row of the table: a name, and the request that is measured. */
export type Operation = {
  readonly name: string;
  readonly prepare: (send: Send) => Promise<{ readonly query: string; readonly variables: object }>;
};

const PAGE = `query (
  $first: Int, $after: String, $filter: ProductFilter, $sort: ProductSort
) {
  products(first: $first, after: $after, filter: $filter, sort: $sort) {
    nodes {
      id sku name description price { amount currency } stock category imageUrl version createdAt
      updatedAt
    }
    pageInfo { endCursor hasNextPage }
  }
}`;

const LAST = `query ($sort: ProductSort, $filter: ProductFilter) {
  products(last: 21, sort: $sort, filter: $filter) { pageInfo { startCursor } }
}`;

type OneProduct = { readonly product: { readonly id: string; readonly sku: string } };

type LastPage = { readonly products: { readonly pageInfo: { readonly startCursor: string } } };

const page = (name: string, variables: object): Operation => ({
  name,
  prepare: async () => ({ query: PAGE, variables: { first: 20, ...variables } }),
});

/** The last page of a list, after its cursor, as a client reads it that has read all pages before. */
const deepest = (name: string, variables: object): Operation => ({
  name,
  prepare: async (send) => {
    const { products } = await send<LastPage>(LAST, variables);
    const after = products.pageInfo.startCursor;
    return { query: PAGE, variables: { first: 20, ...variables, after } };
  },
});

const one = (name: string, key: 'id' | 'sku'): Operation => ({
  name,
  prepare: async (send) => {
    // In both catalogues.
    const sku = 'GEN-1-1500';
    const { product } = await send<OneProduct>(
      'query ($sku: String) { product(sku: $sku) { id sku } }',
      { sku },
    );
    return {
      query: `query ($id: ID, $sku: String) {
        product(id: $id, sku: $sku) { id sku name price { amount } stock }
      }`,
      variables: { [key]: product[key] },
    };
  },
});

const search = (name: string, text: string, variables: object = {}): Operation =>
  page(`search: ${name}`, { ...variables, filter: { text } });

/** Words in the names of both catalogues, from 1 in 10 to 1 in 5,000, and some categories. */
export type Terms = {
  readonly common: string;
  readonly middling: string;
  readonly uncommon: string;
  readonly rare: string;
  readonly categories: readonly string[];
};

/** The operations of a client that browses the catalogue. */
export const makeOperations = (terms: Terms): readonly Operation[] => {
  const [category = '', ...others] = terms.categories;
  return [
    page('first page', {}),
    deepest('deepest page', {}),
    page('first page by price', { sort: 'PRICE_ASC' }),
    deepest('deepest page by price', { sort: 'PRICE_ASC' }),
    page('first page by name', { sort: 'NAME_ASC' }),
    deepest('deepest page by name', { sort: 'NAME_ASC' }),
    one('by SKU', 'sku'),
    one('by id', 'id'),
    search('a common word', terms.common),
    search('a middling word', terms.middling),
    search('an uncommon word', terms.uncommon),
    search('a rare word', terms.rare),
    search('a word that no product has', 'xylophonium'),
    search('two words', `${terms.common} ${terms.middling}`),
    search('a word begun', terms.middling.slice(0, -1)),
    search('a word misspelt', `${terms.middling.slice(0, -1)}q`),
    search('a common word, newest first', terms.common, { sort: 'NEWEST' }),
    page('a category', { filter: { category } }),
    page('a category by price', { filter: { category }, sort: 'PRICE_ASC' }),
    deepest('a category by price, deepest', { filter: { category }, sort: 'PRICE_DESC' }),
    page('four categories', { filter: { categories: [category, ...others.slice(0, 3)] } }),
    page('a price range by price', {
      filter: { minPrice: 2000, maxPrice: 5000 },
      sort: 'PRICE_ASC',
    }),
    page('a price range, newest first', { filter: { minPrice: 2000, maxPrice: 5000 } }),
    page('in stock, in one currency', { filter: { inStock: true, currency: 'EUR' } }),
    {
      name: 'the categories',
      prepare: async () => ({ query: '{ categories { name productCount } }', variables: {} }),
    },
  ];
};
