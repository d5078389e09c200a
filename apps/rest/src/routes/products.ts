import type { FastifyRequest } from 'fastify';
import { bodyProblems, problems, type RestApp, signedIn } from '../http/describe-api.ts';
import {
  AdjustStockDocument,
  ArchiveProductDocument,
  CreateProductDocument,
  GetPriceDocument,
  ListStockMovementsDocument,
  RestoreProductDocument,
  UpdateProductDocument,
  type MoneyInput,
} from '../generated/operations.ts';
import type { Caller, GraphClient } from '../graph/make-graph-client.ts';
import { idParams, pageQuery, readPathId, reference, toPageArguments } from '../input/fields.ts';
import {
  changeHeaders,
  newProduct,
  productChange,
  readVersion,
  stockChange,
} from '../input/product.ts';
import { unwrapOrThrow } from '../graph/unwrap-or-throw.ts';
import { ProblemError } from '../problems/problem-error.ts';
import { listOf, viewPage } from '../views/page.ts';
import {
  productSchema,
  stockMovementSchema,
  viewProduct,
  viewStockMovement,
} from '../views/product.ts';

type PriceChange = {
  readonly amount: number | undefined;
  readonly currency: string | undefined;
};

/**
 * Completes a price of which the client sent only the amount or only the currency: the graph changes
 * a price as a whole. The version check of the change covers the part that is read here.
 * @throws ProblemError PRODUCT_NOT_FOUND when there is no product to read it from
 */
const findPrice = async (
  graph: GraphClient,
  caller: Caller,
  id: string,
  { amount, currency }: PriceChange,
): Promise<MoneyInput | undefined> => {
  if (amount === undefined && currency === undefined) return undefined;
  if (amount !== undefined && currency !== undefined) return { amount, currency };
  const product = await graph.execute(caller, GetPriceDocument, { id }, (data) => data.product);
  if (!product) throw new ProblemError('PRODUCT_NOT_FOUND');
  const { price } = product;
  return { amount: amount ?? price.amount, currency: currency ?? price.currency };
};

const forAdmin = { tags: ['products'], security: signedIn };

/** A change without a version could overwrite another administrator's change. */
const requireVersion = async (request: Pick<FastifyRequest, 'headers'>): Promise<void> => {
  if (request.headers['if-match'] === undefined) throw new ProblemError('PRECONDITION_REQUIRED');
};

/** Administration of the catalogue. */
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
          ...problems(
            'BAD_USER_INPUT',
            'FORBIDDEN',
            'SKU_TAKEN',
            'UNAUTHENTICATED',
            ...bodyProblems,
          ),
        },
      },
    },
    async (request, reply) => {
      const { price_cents, currency, image_url, ...fields } = request.body;
      const result = await graph.execute(
        request,
        CreateProductDocument,
        { ...fields, price: { amount: price_cents, currency }, imageUrl: image_url },
        (data) => data.createProduct,
      );
      const product = viewProduct(unwrapOrThrow(result));
      return reply.code(201).header('location', `/v1/products/${product.id}`).send(product);
    },
  );

  app.patch(
    '/v1/products/:id',
    {
      schema: {
        summary: 'Change a product, unless its version has changed',
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
            ...bodyProblems,
          ),
        },
      },
      preValidation: requireVersion,
    },
    async (request) => {
      const { price_cents, currency, image_url, ...fields } = request.body;
      const id = readPathId(request.params);
      const version = readVersion(request.headers['if-match']);
      const price = await findPrice(graph, request, id, { amount: price_cents, currency });
      const result = await graph.execute(
        request,
        UpdateProductDocument,
        { input: { ...fields, id, version, price, imageUrl: image_url } },
        (data) => data.updateProduct,
      );
      return viewProduct(unwrapOrThrow(result));
    },
  );

  app.post(
    '/v1/products/:id/stock',
    {
      schema: {
        summary: 'Adjust the stock',
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
            ...bodyProblems,
          ),
        },
      },
    },
    async (request) => {
      const { delta, reason } = request.body;
      const result = await graph.execute(
        request,
        AdjustStockDocument,
        { input: { productId: readPathId(request.params), delta, reason } },
        (data) => data.adjustStock,
      );
      return viewProduct(unwrapOrThrow(result));
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
      const movements = await graph.execute(
        request,
        ListStockMovementsDocument,
        { productId: readPathId(request.params), ...toPageArguments(request.query) },
        ({ product, stockMovements }) => product && stockMovements,
      );
      if (!movements) throw new ProblemError('PRODUCT_NOT_FOUND');
      return { data: movements.nodes.map(viewStockMovement), page: viewPage(movements.pageInfo) };
    },
  );

  const stateChange = (summary: string) => ({
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
    preValidation: requireVersion,
  });

  app.post(
    '/v1/products/:id/archive',
    stateChange('Remove a product from the catalogue; orders are not affected'),
    async (request) => {
      const version = readVersion(request.headers['if-match']);
      const result = await graph.execute(
        request,
        ArchiveProductDocument,
        { input: { id: readPathId(request.params), version } },
        (data) => data.archiveProduct,
      );
      return viewProduct(unwrapOrThrow(result));
    },
  );

  app.post(
    '/v1/products/:id/restore',
    stateChange('Put an archived product back into the catalogue'),
    async (request) => {
      const version = readVersion(request.headers['if-match']);
      const result = await graph.execute(
        request,
        RestoreProductDocument,
        { input: { id: readPathId(request.params), version } },
        (data) => data.restoreProduct,
      );
      return viewProduct(unwrapOrThrow(result));
    },
  );
};
