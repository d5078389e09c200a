/** Lists have no edges here: a page has its cursors in `page`. */
const ONE_BODY =
  'An order is the same in each response: a repeat with an idempotency key has the bytes of the first. Its status and reserved_until say it.';

const NO_EDGES = 'The nodes of a page are in `data`, its cursors in `page`.';

/** Each field of the graph that no operation of the API reads, and why. A new field needs a row, or a member. */
export const UNREAD: Readonly<Record<string, string>> = {
  'ActiveSessionConnection.edges': NO_EDGES,
  'ActiveSessionEdge.cursor': NO_EDGES,
  'ActiveSessionEdge.node': NO_EDGES,
  'Money.decimal': 'Amounts are whole numbers of cents, as in requests; a client formats them.',
  'Order.canCancel': ONE_BODY,
  'Order.canPay': ONE_BODY,
  'Order.updatedAt': ONE_BODY,
  'OrderConnection.edges': NO_EDGES,
  'OrderEdge.cursor': NO_EDGES,
  'OrderEdge.node': NO_EDGES,
  'PaymentEvent.id': 'A payment provider knows the id of its event.',
  'PaymentEvent.received': 'A payment provider needs only to know that it was received.',
  'ProductConnection.edges': NO_EDGES,
  'ProductEdge.cursor': NO_EDGES,
  'ProductEdge.node': NO_EDGES,
  'StockMovementConnection.edges': NO_EDGES,
  'StockMovementEdge.cursor': NO_EDGES,
  'StockMovementEdge.node': NO_EDGES,
};

/**
 * Each argument of the graph, or field of an input, whose name in a request does not follow from its own, or
 * why there is none. Any other has a parameter or a member of this name.
 */
export const PARAMETERS: Readonly<Record<string, string | { readonly missing: string }>> = {
  'Mutation.adjustStock.input.productId': 'id',
  'Mutation.cancelOrder.input.orderId': 'id',
  'Mutation.payOrder.input.orderId': 'id',
  'Mutation.recordPaymentEvent.input.payload': 'the body',
  'Mutation.recordPaymentEvent.input.signature': 'Simulator-Signature',
  'Mutation.refundPayment.input.paymentId': 'id',
  'Mutation.revokeSession.input.sessionId': 'id',
  'Mutation.updateOrderStatus.input.orderId': 'id',
  'Query.stockMovements.orderId': 'id',
  'Query.stockMovements.productId': 'id',
};
