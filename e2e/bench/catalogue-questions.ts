import type { ProductService } from './open-product-service.ts';

/** What a client asks, and what it sends with it. */
type Question = { readonly query: string; readonly variables: object };

/** One row of the table: a name, and the question that each side asks for it. */
export type Operation = {
  readonly name: string;
  readonly questionFor: (service: ProductService) => Promise<Question>;
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
  questionFor: async () => ({ query: PAGE, variables: { first: 20, ...variables } }),
});

/** The last page of a list, read from its start as somebody does who has paged through all of it. */
const deepest = (name: string, variables: object): Operation => ({
  name,
  questionFor: async ({ ask }) => {
    const { products } = await ask<LastPage>(LAST, variables);
    const after = products.pageInfo.startCursor;
    return { query: PAGE, variables: { first: 20, ...variables, after } };
  },
});

const one = (name: string, key: 'id' | 'sku'): Operation => ({
  name,
  questionFor: async ({ ask }) => {
    // Somewhere in the middle, the same way at either size.
    const sku = 'GEN-1-1500';
    const { product } = await ask<OneProduct>(
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

/** Words that names of both catalogues have, from 1 in 10 to 1 in 5,000, and some of the shelves. */
export type Words = {
  readonly common: string;
  readonly middling: string;
  readonly uncommon: string;
  readonly rare: string;
  readonly categories: readonly string[];
};

/** What browsing is made of. */
export const makeOperations = (words: Words): readonly Operation[] => {
  const [category = '', ...others] = words.categories;
  return [
    page('first page', {}),
    deepest('deepest page', {}),
    page('first page by price', { sort: 'PRICE_ASC' }),
    deepest('deepest page by price', { sort: 'PRICE_ASC' }),
    page('first page by name', { sort: 'NAME_ASC' }),
    deepest('deepest page by name', { sort: 'NAME_ASC' }),
    one('by SKU', 'sku'),
    one('by id', 'id'),
    search('a common word', words.common),
    search('a middling word', words.middling),
    search('an uncommon word', words.uncommon),
    search('a rare word', words.rare),
    search('a word that no product has', 'xylophonium'),
    search('two words', `${words.common} ${words.middling}`),
    search('a word begun', words.middling.slice(0, -1)),
    search('a word misspelt', `${words.middling.slice(0, -1)}q`),
    search('a common word, newest first', words.common, { sort: 'NEWEST' }),
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
      questionFor: async () => ({
        query: '{ categories { name productCount } }',
        variables: {},
      }),
    },
  ];
};
