import { ShopError } from '@cartograph/errors';
import { ListOrderPaymentsDocument } from '../generated/operations.ts';
import type { PaidOrder, PaymentOfOrder } from '../views/order.ts';
import type { Caller, GraphClient } from './make-graph-client.ts';

/**
 * The payment of an order that was paid: from the result of payOrder, which a repeat returns unchanged.
 * A result that an earlier release stored lacks the id, which is then read from the payments of the order.
 * @throws ShopError UNAVAILABLE when it could not be read. The client repeats the request, and is not
 * charged twice
 */
export const readPayment = async (
  graph: GraphClient,
  caller: Caller,
  { id, status, paymentId, paymentStatus }: PaidOrder,
): Promise<PaymentOfOrder> => {
  // The oldest stored results have no status either: it follows from the order's.
  const storedStatus = paymentStatus ?? (status === 'PENDING' ? 'PROCESSING' : 'SUCCEEDED');
  if (paymentId !== null) return { id: paymentId, status: storedStatus };
  const payments = await graph.execute(
    caller,
    ListOrderPaymentsDocument,
    { id },
    ({ order }) => order?.payments ?? [],
  );
  const payment = payments.at(-1);
  if (!payment) {
    throw new ShopError('UNAVAILABLE', undefined, {
      cause: new Error(`the payment of the order ${id} was not read`),
    });
  }
  return { id: payment.id, status: storedStatus };
};
