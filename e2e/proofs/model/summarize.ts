import type { Result } from '../shop/open-shop.ts';
import type { Cast } from './real-shop.ts';

type Amounts = {
  readonly total?: { readonly amount: number };
  readonly amount?: { readonly amount: number };
};

/** What matters of an answer, in the words of the model. */
export const summarize = (result: Result & Amounts, { productIds }: Cast): string => {
  const { __typename: type, status, code = '' } = result;
  switch (type) {
    case 'Order':
      return `Order ${status}`;
    case 'Refund':
      return `Refund ${status} ${result.amount?.amount}`;
    case 'Product':
      return result.stock === undefined ? 'Product' : `Product ${result.stock}`;
    case 'OutOfStockProblem': {
      if (!result.shortages) return code;
      const shortages = result.shortages.map(
        ({ productId, requested, available }) =>
          `${productIds.indexOf(productId)}:${requested}/${available}`,
      );
      return `${code} ${shortages.toSorted().join(' ')}`;
    }
    case 'RefundExceedsCapturedProblem':
      return `${code} ${result.refundable?.amount}`;
    default:
      return code;
  }
};
