import { hashEtag } from '@cartograph/http';
import type { ProductFieldsFragment } from '../generated/operations.ts';
import { viewProduct } from './product.ts';

/**
 * The entity tag of a product: a hash of its body. A sale does not change the version, nor does a release that
 * shows more of the product, and both make another representation (RFC 9110, section 8.8.1).
 */
export const makeProductEtag = (product: ProductFieldsFragment): string =>
  hashEtag(JSON.stringify(viewProduct(product)));
