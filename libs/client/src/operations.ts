import * as generated from './generated/graphql.ts';
import { readOperation, type Operation } from './operation.ts';

/** All operations of this library, as they are sent. The manifest for routers lists them. */
export const operations: readonly Operation[] = Object.entries(generated)
  .filter(([name]) => name.endsWith('Document'))
  .map(([, document]) => readOperation(document as generated.TypedDocumentString<unknown, never>))
  .toSorted((one, other) => ((one.name ?? '') < (other.name ?? '') ? -1 : 1));
