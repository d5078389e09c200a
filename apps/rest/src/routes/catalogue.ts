import { Type } from 'typebox';
import { hashEtag, isKnown } from '../caching.ts';
import { problems } from '../describe-api.ts';
import {
  GetProductBySkuDocument,
  GetProductDocument,
  ListCategoriesDocument,
  ListProductsDocument,
  type ProductFieldsFragment,
} from '../generated/operations.ts';
import type { GraphClient, Reading } from '../graph/make-graph-client.ts';
import { idParams, readPathId } from '../input/fields.ts';
import { makeProductEtag } from '../input/product-etag.ts';
import {
  cacheHeaders,
  productsQuery,
  readPathSku,
  skuParams,
  toProductsArguments,
} from '../input/products-query.ts';
import { Refusal } from '../problems/refusal.ts';
import type { RestApp } from '../rest-app.ts';
import { categorySchema, viewCategory } from '../views/category.ts';
import { catalogueOf, viewCataloguePage } from '../views/page.ts';
import { productSchema, viewProduct } from '../views/product.ts';
import { reference } from '../views/reference.ts';

const tags = ['products'];

const unchanged = {
  304: Type.Unsafe<undefined>(Type.Null({ description: 'The client’s copy is still good.' })),
};

/** @throws Refusal PRODUCT_NOT_FOUND */
const toKeptProduct = ({ answer, cacheControl }: Reading<ProductFieldsFragment | null>) => {
  if (!answer) throw new Refusal('PRODUCT_NOT_FOUND');
  return { body: viewProduct(answer), kept: { etag: makeProductEtag(answer), cacheControl } };
};

/** What everybody may read, and whoever is on the way may keep for as long as the graph says. */
export const catalogueRoutes = (app: RestApp, graph: GraphClient): void => {
  app.get(
    '/v1/products',
    {
      schema: {
        summary: 'The catalogue, newest first unless the query says otherwise',
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
      const { answer, cacheControl } = await graph.read(
        request,
        ListProductsDocument,
        toProductsArguments(request.query),
        (data) => data.products,
      );
      const body = { data: answer.nodes.map(viewProduct), page: viewCataloguePage(answer) };
      const kept = { etag: hashEtag(body), cacheControl };
      return isKnown(request.headers['if-none-match'], reply, kept)
        ? reply.code(304).send(undefined)
        : reply.send(body);
    },
  );

  app.get(
    '/v1/categories',
    {
      schema: {
        summary: 'The shelves of the shop that have products',
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
      const { answer, cacheControl } = await graph.read(
        request,
        ListCategoriesDocument,
        {},
        (data) => data.categories,
      );
      const body = { data: answer.map(viewCategory) };
      const kept = { etag: hashEtag(body), cacheControl };
      return isKnown(request.headers['if-none-match'], reply, kept)
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
      const reading = await graph.read(
        request,
        GetProductDocument,
        { id: readPathId(request.params) },
        (data) => data.product,
      );
      const { body, kept } = toKeptProduct(reading);
      return isKnown(request.headers['if-none-match'], reply, kept)
        ? reply.code(304).send(undefined)
        : reply.send(body);
    },
  );

  app.get(
    '/v1/products/by-sku/:sku',
    { schema: { summary: 'One product, by its article number', params: skuParams, ...oneProduct } },
    async (request, reply) => {
      const reading = await graph.read(
        request,
        GetProductBySkuDocument,
        { sku: readPathSku(request.params) },
        (data) => data.product,
      );
      const { body, kept } = toKeptProduct(reading);
      return isKnown(request.headers['if-none-match'], reply, kept)
        ? reply.code(304).send(undefined)
        : reply.send(body);
    },
  );
};
