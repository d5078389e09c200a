import { type RestApp, signedIn } from '../http/describe-api.ts';
import { ArchiveProductDocument, RestoreProductDocument } from '../generated/operations.ts';
import type { GraphClient } from '../graph/make-graph-client.ts';
import { readVersion } from '../graph/read-version.ts';
import { unwrapOrThrow } from '../graph/unwrap-or-throw.ts';
import { idParams, readPathId } from '../input/fields.ts';
import { requireVersion } from '../input/if-match.ts';
import { changeHeaders } from '../input/product.ts';
import { productChangeResponses } from '../openapi/product-change-responses.ts';
import { viewProduct } from '../views/product.ts';

/** Archiving of products. */
export const productStateRoutes = (app: RestApp, graph: GraphClient): void => {
  const stateChange = (operationId: string, summary: string) => ({
    schema: {
      operationId,
      summary,
      tags: ['products'],
      security: signedIn,
      params: idParams,
      headers: changeHeaders,
      response: productChangeResponses,
    },
    preValidation: requireVersion,
  });

  app.post(
    '/v1/products/:id/archive',
    stateChange('archiveProduct', 'Remove a product from the catalogue; orders are not affected'),
    async (request) => {
      const id = readPathId(request.params);
      const version = await readVersion(graph, request, id);
      const result = await graph.execute(
        request,
        ArchiveProductDocument,
        { input: { id, version } },
        (data) => data.archiveProduct,
      );
      return viewProduct(unwrapOrThrow(result));
    },
  );

  app.post(
    '/v1/products/:id/restore',
    stateChange('restoreProduct', 'Put an archived product back into the catalogue'),
    async (request) => {
      const id = readPathId(request.params);
      const version = await readVersion(graph, request, id);
      const result = await graph.execute(
        request,
        RestoreProductDocument,
        { input: { id, version } },
        (data) => data.restoreProduct,
      );
      return viewProduct(unwrapOrThrow(result));
    },
  );
};
