import type { FastifyRequest } from 'fastify';
import { problems, signedIn, unreadable } from '../describe-api.ts';
import {
  AdjustStockDocument,
  ArchiveProductDocument,
  CreateProductDocument,
  ListStockMovementsDocument,
  RestoreProductDocument,
  UpdateProductDocument,
} from '../generated/operations.ts';
import { findPrice } from '../graph/find-price.ts';
import type { GraphClient } from '../graph/make-graph-client.ts';
import { idParams, pageQuery, readPathId, toPageArguments } from '../input/fields.ts';
import { readVersion } from '../input/product-etag.ts';
import { changeHeaders, newProduct, productChange, stockChange } from '../input/product.ts';
import { orRefuse } from '../problems/or-refuse.ts';
import { Refusal } from '../problems/refusal.ts';
import type { RestApp } from '../rest-app.ts';
import { listOf, viewPage } from '../views/page.ts';
import { productSchema, viewProduct } from '../views/product.ts';
import { reference } from '../views/reference.ts';
import { stockMovementSchema, viewStockMovement } from '../views/stock-movement.ts';

const forAdmin = { tags: ['products'], security: signedIn };

/** Before the header is read: a change without a version would undo somebody else's. */
const demandVersion = async (request: Pick<FastifyRequest, 'headers'>): Promise<void> => {
  if (request.headers['if-match'] === undefined) throw new Refusal('PRECONDITION_REQUIRED');
};

/** What an administrator does to the catalogue. */
export const productRoutes = (app: RestApp, graph: GraphClient): void => {
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
      preValidation: demandVersion,
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

  app.get(
    '/v1/products/:id/stock-movements',
    {
      schema: {
        summary: 'The stock ledger of a product, newest first',
        ...forAdmin,
        params: idParams,
        querystring: pageQuery,
        response: {
          200: listOf(reference(stockMovementSchema)),
          ...problems('BAD_USER_INPUT', 'FORBIDDEN', 'PRODUCT_NOT_FOUND', 'UNAUTHENTICATED'),
        },
      },
    },
    async (request) => {
      const movements = await graph.ask(
        request,
        ListStockMovementsDocument,
        { productId: readPathId(request.params), ...toPageArguments(request.query) },
        ({ product, stockMovements }) => product && stockMovements,
      );
      if (!movements) throw new Refusal('PRODUCT_NOT_FOUND');
      return { data: movements.nodes.map(viewStockMovement), page: viewPage(movements.pageInfo) };
    },
  );

  const changeOfState = (summary: string) => ({
    schema: {
      summary,
      ...forAdmin,
      params: idParams,
      headers: changeHeaders,
      response: {
        200: reference(productSchema),
        ...problems(
          'FORBIDDEN',
          'PRECONDITION_REQUIRED',
          'PRODUCT_NOT_FOUND',
          'UNAUTHENTICATED',
          'VERSION_CONFLICT',
        ),
      },
    },
    preValidation: demandVersion,
  });

  app.post(
    '/v1/products/:id/archive',
    changeOfState('Take a product out of the catalogue; orders that hold it keep it'),
    async (request) => {
      const version = readVersion(request.headers['if-match']);
      const result = await graph.ask(
        request,
        ArchiveProductDocument,
        { input: { id: readPathId(request.params), version } },
        (data) => data.archiveProduct,
      );
      return viewProduct(orRefuse(result));
    },
  );

  app.post(
    '/v1/products/:id/restore',
    changeOfState('Put an archived product back into the catalogue'),
    async (request) => {
      const version = readVersion(request.headers['if-match']);
      const result = await graph.ask(
        request,
        RestoreProductDocument,
        { input: { id: readPathId(request.params), version } },
        (data) => data.restoreProduct,
      );
      return viewProduct(orRefuse(result));
    },
  );
};
