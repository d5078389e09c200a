import { Type } from 'typebox';
import { problems, signedIn, unreadable } from '../describe-api.ts';
import {
  AdjustStockDocument,
  CreateProductDocument,
  GetProductDocument,
  ListProductsDocument,
  UpdateProductDocument,
} from '../generated/operations.ts';
import type { GraphClient } from '../graph/make-graph-client.ts';
import { idParams, readPathId, toPageArguments } from '../input/fields.ts';
import { findPrice } from '../graph/find-price.ts';
import { makeProductEtag, namesEtag, readVersion } from '../input/product-etag.ts';
import {
  cacheHeaders,
  changeHeaders,
  newProduct,
  productChange,
  productsQuery,
  stockChange,
} from '../input/product.ts';
import { orRefuse } from '../problems/or-refuse.ts';
import { Refusal } from '../problems/refusal.ts';
import type { RestApp } from '../rest-app.ts';
import { listOf, viewPage } from '../views/page.ts';
import { productSchema, viewProduct } from '../views/product.ts';
import { reference } from '../views/reference.ts';

const tags = ['products'];
const forAdmin = { tags, security: signedIn };

/** The catalogue. */
export const productRoutes = (app: RestApp, graph: GraphClient): void => {
  app.get(
    '/v1/products',
    {
      schema: {
        summary: 'The catalogue, newest first',
        tags,
        querystring: productsQuery,
        response: { 200: listOf(reference(productSchema)), ...problems('BAD_USER_INPUT') },
      },
    },
    async (request) => {
      const { q, category, min_price_cents, max_price_cents, in_stock, ...page } = request.query;
      const filter = {
        text: q,
        category,
        minPrice: min_price_cents,
        maxPrice: max_price_cents,
        inStock: in_stock,
      };
      const products = await graph.ask(
        request,
        ListProductsDocument,
        { ...toPageArguments(page), filter },
        (data) => data.products,
      );
      return { data: products.nodes.map(viewProduct), page: viewPage(products.pageInfo) };
    },
  );

  app.post(
    '/v1/products',
    {
      schema: {
        summary: 'Add a product to the catalogue',
        ...forAdmin,
        body: newProduct,
        response: {
          201: reference(productSchema),
          ...problems('BAD_USER_INPUT', 'FORBIDDEN', 'SKU_TAKEN', 'UNAUTHENTICATED', ...unreadable),
        },
      },
    },
    async (request, reply) => {
      const { price_cents, currency, image_url, ...fields } = request.body;
      const result = await graph.ask(
        request,
        CreateProductDocument,
        { ...fields, price: { amount: price_cents, currency }, imageUrl: image_url },
        (data) => data.createProduct,
      );
      const product = viewProduct(orRefuse(result));
      return reply.code(201).header('location', `/v1/products/${product.id}`).send(product);
    },
  );

  app.get(
    '/v1/products/:id',
    {
      schema: {
        summary: 'One product',
        tags,
        params: idParams,
        headers: cacheHeaders,
        response: {
          200: reference(productSchema),
          304: Type.Unsafe<undefined>(
            Type.Null({ description: 'The client’s copy is still good.' }),
          ),
          ...problems('PRODUCT_NOT_FOUND'),
        },
      },
    },
    async (request, reply) => {
      const product = await graph.ask(
        request,
        GetProductDocument,
        { id: readPathId(request.params) },
        (data) => data.product,
      );
      if (!product) throw new Refusal('PRODUCT_NOT_FOUND');
      const etag = makeProductEtag(product);
      reply.header('etag', etag);
      const known = request.headers['if-none-match'];
      if (known !== undefined && namesEtag(known, etag)) return reply.code(304).send(undefined);
      return reply.send(viewProduct(product));
    },
  );

  app.patch(
    '/v1/products/:id',
    {
      schema: {
        summary: 'Change a product, unless somebody else changed it first',
        ...forAdmin,
        params: idParams,
        headers: changeHeaders,
        body: productChange,
        response: {
          200: reference(productSchema),
          ...problems(
            'BAD_USER_INPUT',
            'FORBIDDEN',
            'PRECONDITION_REQUIRED',
            'PRODUCT_NOT_FOUND',
            'UNAUTHENTICATED',
            'VERSION_CONFLICT',
            ...unreadable,
          ),
        },
      },
      preValidation: async (request) => {
        if (request.headers['if-match'] === undefined) throw new Refusal('PRECONDITION_REQUIRED');
      },
    },
    async (request) => {
      const { price_cents, currency, image_url, ...fields } = request.body;
      const id = readPathId(request.params);
      const version = readVersion(request.headers['if-match']);
      const price = await findPrice(graph, request, id, { amount: price_cents, currency });
      const result = await graph.ask(
        request,
        UpdateProductDocument,
        { input: { ...fields, id, version, price, imageUrl: image_url } },
        (data) => data.updateProduct,
      );
      return viewProduct(orRefuse(result));
    },
  );

  app.post(
    '/v1/products/:id/stock',
    {
      schema: {
        summary: 'Count units in or out',
        ...forAdmin,
        params: idParams,
        body: stockChange,
        response: {
          200: reference(productSchema),
          ...problems(
            'FORBIDDEN',
            'OUT_OF_STOCK',
            'PRODUCT_NOT_FOUND',
            'UNAUTHENTICATED',
            ...unreadable,
          ),
        },
      },
    },
    async (request) => {
      const { delta, reason } = request.body;
      const result = await graph.ask(
        request,
        AdjustStockDocument,
        { input: { productId: readPathId(request.params), delta, reason } },
        (data) => data.adjustStock,
      );
      return viewProduct(orRefuse(result));
    },
  );
};
