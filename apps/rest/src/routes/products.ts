import { type RestApp, signedIn } from '../http/describe-api.ts';
import {
  AdjustStockDocument,
  CreateProductDocument,
  GetPriceDocument,
  ListStockMovementsDocument,
  UpdateProductDocument,
  type MoneyInput,
} from '../generated/operations.ts';
import type { Caller, GraphClient } from '../graph/make-graph-client.ts';
import { idParams, pageQuery, readPathId, reference, toPageArguments } from '../input/fields.ts';
import { changeHeaders, newProduct, productChange, stockChange } from '../input/product.ts';
import {
  answer,
  bodyProblems,
  inputProblems,
  PATCH_TYPES,
  problems,
} from '../openapi/responses.ts';
import { productChangeResponses } from '../openapi/product-change-responses.ts';
import { readVersion } from '../graph/read-version.ts';
import { requireVersion } from '../input/if-match.ts';
import { unwrapOrThrow } from '../graph/unwrap-or-throw.ts';
import { ProblemError } from '../problems/problem-error.ts';
import { makePageLinks } from '../views/page-links.ts';
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

/** Administration of the catalogue. */
export const productRoutes = (app: RestApp, graph: GraphClient): void => {
  app.post(
    '/v1/products',
    {
      schema: {
        operationId: 'createProduct',
        summary: 'Add a product to the catalogue',
        ...forAdmin,
        body: newProduct,
        response: {
          201: answer(reference(productSchema), {
            description: 'The product is in the catalogue.',
            headers: ['Location'],
          }),
          ...problems('FORBIDDEN', 'SKU_TAKEN', ...bodyProblems),
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
        operationId: 'updateProduct',
        summary: 'Change a product, unless its version has changed',
        ...forAdmin,
        params: idParams,
        headers: changeHeaders,
        body: productChange,
        consumes: PATCH_TYPES,
        response: productChangeResponses,
      },
      preValidation: requireVersion,
    },
    async (request) => {
      const { price_cents, currency, image_url, ...fields } = request.body;
      const id = readPathId(request.params);
      const version = await readVersion(graph, request, id);
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
        operationId: 'adjustStock',
        summary: 'Adjust the stock',
        ...forAdmin,
        params: idParams,
        body: stockChange,
        response: {
          200: answer(reference(productSchema), { description: 'The product with its new stock.' }),
          ...problems(
            'FORBIDDEN',
            'NOT_FOUND',
            'OUT_OF_STOCK',
            'PRODUCT_NOT_FOUND',
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
        operationId: 'listStockMovements',
        summary: 'The stock ledger of a product, newest first',
        ...forAdmin,
        params: idParams,
        querystring: pageQuery,
        response: {
          200: answer(listOf(reference(stockMovementSchema)), {
            description: 'A page of the ledger.',
            headers: ['Link'],
          }),
          ...problems('FORBIDDEN', 'NOT_FOUND', 'PRODUCT_NOT_FOUND', ...inputProblems),
        },
      },
    },
    async (request, reply) => {
      const movements = await graph.execute(
        request,
        ListStockMovementsDocument,
        { productId: readPathId(request.params), ...toPageArguments(request.query) },
        ({ product, stockMovements }) => product && stockMovements,
      );
      if (!movements) throw new ProblemError('PRODUCT_NOT_FOUND');
      const page = viewPage(movements.pageInfo);
      const link = makePageLinks(request.url, page);
      if (link !== undefined) reply.header('link', link);
      return { data: movements.nodes.map(viewStockMovement), page };
    },
  );
};
