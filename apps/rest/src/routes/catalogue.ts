import { ShopError } from '@cartograph/errors';
import { hashEtag } from '@cartograph/http';
import { Type } from 'typebox';
import { UNCACHED, type Caching } from '../http/caching.ts';
import type { Page, PublicPages } from '../http/public-pages.ts';
import { optionallySignedIn, type RestApp } from '../http/describe-api.ts';
import {
  GetProductBySkuDocument,
  GetProductDocument,
  ListCategoriesDocument,
  ListProductsDocument,
  type ProductFieldsFragment,
} from '../generated/operations.ts';
import type { CacheableResult, GraphClient } from '../graph/make-graph-client.ts';
import { idParams, readPathId, reference } from '../input/fields.ts';
import {
  cacheHeaders,
  productsQuery,
  readPathSku,
  skuParams,
  toProductsArguments,
} from '../input/products-query.ts';
import { answer, inputProblems, noBody, problems } from '../openapi/responses.ts';
import { ProblemError } from '../problems/problem-error.ts';
import { categorySchema, productSchema, viewCategory, viewProduct } from '../views/product.ts';
import { makePageLinks } from '../views/page-links.ts';
import { catalogueOf, viewCataloguePage } from '../views/page.ts';

const tags = ['products'];

const CACHING = ['Age', 'Cache-Control', 'ETag'] as const;

const unchanged = { 304: noBody('The copy of the client is current.', CACHING) };

const toPage = (view: object, caching: Caching, link?: string): Page => {
  const text = JSON.stringify(view);
  const page = { body: Buffer.from(text), etag: hashEtag(text), caching };
  return link === undefined ? page : { ...page, link };
};

/**
 * The entity tag is that of `makeProductEtag`.
 * @throws ProblemError PRODUCT_NOT_FOUND
 */
const toProductPage = ({
  result,
  caching,
}: CacheableResult<ProductFieldsFragment | null>): Page => {
  if (!result) throw new ProblemError('PRODUCT_NOT_FOUND');
  return toPage(viewProduct(result), caching);
};

/** Public routes, which may be cached for as long as the graph says. */
export const catalogueRoutes = (app: RestApp, graph: GraphClient, pages: PublicPages): void => {
  const onRequest = pages.sendStored;

  app.get(
    '/v1/products',
    {
      onRequest,
      schema: {
        operationId: 'listProducts',
        summary: 'The catalogue; by default newest first',
        tags,
        // For administrators, who can list archived products.
        security: optionallySignedIn,
        querystring: productsQuery,
        headers: cacheHeaders,
        response: {
          200: answer(catalogueOf(reference(productSchema)), {
            description: 'A page of the catalogue.',
            headers: [...CACHING, 'Link'],
          }),
          ...unchanged,
          ...problems('FORBIDDEN', ...inputProblems),
        },
      },
    },
    (request, reply) =>
      pages.send(request, reply, async () => {
        const { result, caching } = await graph.executeCacheable(
          request,
          ListProductsDocument,
          toProductsArguments(request.query),
          (data) => data.products,
        );
        if (!result) throw new ShopError('UNAVAILABLE');
        const view = { data: result.nodes.map(viewProduct), page: viewCataloguePage(result) };
        // A shared cache must not send to everyone what only administrators may read.
        const allowed = request.query.archived ? UNCACHED : caching;
        return toPage(view, allowed, makePageLinks(request.url, view.page));
      }),
  );

  app.get(
    '/v1/categories',
    {
      onRequest,
      schema: {
        operationId: 'listCategories',
        summary: 'The categories that have products',
        tags,
        headers: cacheHeaders,
        response: {
          200: answer(Type.Object({ data: Type.Array(reference(categorySchema)) }), {
            description: 'All categories, by name.',
            headers: CACHING,
          }),
          ...unchanged,
          ...problems(...inputProblems),
        },
      },
    },
    (request, reply) =>
      pages.send(request, reply, async () => {
        const { result, caching } = await graph.executeCacheable(
          request,
          ListCategoriesDocument,
          {},
          (data) => data.categories,
        );
        if (!result) throw new ShopError('UNAVAILABLE');
        return toPage({ data: result.map(viewCategory) }, caching);
      }),
  );

  const oneProduct = {
    tags,
    headers: cacheHeaders,
    response: {
      200: answer(reference(productSchema), { description: 'The product.', headers: CACHING }),
      ...unchanged,
      ...problems('NOT_FOUND', 'PRODUCT_NOT_FOUND', ...inputProblems),
    },
  };

  app.get(
    '/v1/products/:id',
    {
      onRequest,
      schema: {
        operationId: 'getProduct',
        summary: 'One product',
        params: idParams,
        ...oneProduct,
      },
    },
    (request, reply) =>
      pages.send(request, reply, async () =>
        toProductPage(
          await graph.executeCacheable(
            request,
            GetProductDocument,
            { id: readPathId(request.params) },
            (data) => data.product,
          ),
        ),
      ),
  );

  app.get(
    '/v1/products/by-sku/:sku',
    {
      onRequest,
      schema: {
        operationId: 'getProductBySku',
        summary: 'One product, by its article number',
        params: skuParams,
        ...oneProduct,
      },
    },
    (request, reply) =>
      pages.send(request, reply, async () =>
        toProductPage(
          await graph.executeCacheable(
            request,
            GetProductBySkuDocument,
            { sku: readPathSku(request.params) },
            (data) => data.product,
          ),
        ),
      ),
  );
};
