import { Type } from 'typebox';
import { hashEtag, isNotModified } from '../http/caching.ts';
import { problems, type RestApp } from '../http/describe-api.ts';
import {
  GetProductBySkuDocument,
  GetProductDocument,
  ListCategoriesDocument,
  ListProductsDocument,
  type ProductFieldsFragment,
} from '../generated/operations.ts';
import type { CacheableResult, GraphClient } from '../graph/make-graph-client.ts';
import { idParams, readPathId, reference } from '../input/fields.ts';
import { makeProductEtag } from '../input/product.ts';
import {
  cacheHeaders,
  productsQuery,
  readPathSku,
  skuParams,
  toProductsArguments,
} from '../input/products-query.ts';
import { ProblemError } from '../problems/problem-error.ts';
import { categorySchema, productSchema, viewCategory, viewProduct } from '../views/product.ts';
import { catalogueOf, viewCataloguePage } from '../views/page.ts';

const tags = ['products'];

const unchanged = {
  304: Type.Unsafe<undefined>(Type.Null({ description: 'Not modified.' })),
};

/** @throws ProblemError PRODUCT_NOT_FOUND */
const toCacheableProduct = ({ result, caching }: CacheableResult<ProductFieldsFragment | null>) => {
  if (!result) throw new ProblemError('PRODUCT_NOT_FOUND');
  return { body: viewProduct(result), cache: { etag: makeProductEtag(result), ...caching } };
};

/** Public routes, which may be cached for as long as the graph says. */
export const catalogueRoutes = (app: RestApp, graph: GraphClient): void => {
  app.get(
    '/v1/products',
    {
      schema: {
        summary: 'The catalogue; by default newest first',
        tags,
        querystring: productsQuery,
        headers: cacheHeaders,
        response: {
          200: catalogueOf(reference(productSchema)),
          ...unchanged,
          ...problems('BAD_USER_INPUT'),
        },
      },
    },
    async (request, reply) => {
      const { result, caching } = await graph.executeCacheable(
        request,
        ListProductsDocument,
        toProductsArguments(request.query),
        (data) => data.products,
      );
      const body = { data: result.nodes.map(viewProduct), page: viewCataloguePage(result) };
      const cache = { etag: hashEtag(body), ...caching };
      return isNotModified(request.headers['if-none-match'], reply, cache)
        ? reply.code(304).send(undefined)
        : reply.send(body);
    },
  );

  app.get(
    '/v1/categories',
    {
      schema: {
        summary: 'The categories that have products',
        tags,
        headers: cacheHeaders,
        response: {
          200: Type.Object({ data: Type.Array(reference(categorySchema)) }),
          ...unchanged,
          ...problems(),
        },
      },
    },
    async (request, reply) => {
      const { result, caching } = await graph.executeCacheable(
        request,
        ListCategoriesDocument,
        {},
        (data) => data.categories,
      );
      const body = { data: result.map(viewCategory) };
      const cache = { etag: hashEtag(body), ...caching };
      return isNotModified(request.headers['if-none-match'], reply, cache)
        ? reply.code(304).send(undefined)
        : reply.send(body);
    },
  );

  const oneProduct = {
    tags,
    headers: cacheHeaders,
    response: { 200: reference(productSchema), ...unchanged, ...problems('PRODUCT_NOT_FOUND') },
  };

  app.get(
    '/v1/products/:id',
    { schema: { summary: 'One product', params: idParams, ...oneProduct } },
    async (request, reply) => {
      const response = await graph.executeCacheable(
        request,
        GetProductDocument,
        { id: readPathId(request.params) },
        (data) => data.product,
      );
      const { body, cache } = toCacheableProduct(response);
      return isNotModified(request.headers['if-none-match'], reply, cache)
        ? reply.code(304).send(undefined)
        : reply.send(body);
    },
  );

  app.get(
    '/v1/products/by-sku/:sku',
    { schema: { summary: 'One product, by its article number', params: skuParams, ...oneProduct } },
    async (request, reply) => {
      const response = await graph.executeCacheable(
        request,
        GetProductBySkuDocument,
        { sku: readPathSku(request.params) },
        (data) => data.product,
      );
      const { body, cache } = toCacheableProduct(response);
      return isNotModified(request.headers['if-none-match'], reply, cache)
        ? reply.code(304).send(undefined)
        : reply.send(body);
    },
  );
};
