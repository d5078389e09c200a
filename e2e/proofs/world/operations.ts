const ORDER = `id number status total { amount currency } reservedUntil createdAt
  items { sku quantity } cancellation { reason at }`;

const mutation = (field: string, input: string, more: string): string =>
  `mutation ($input: ${input}!) {
    ${field}(input: $input) { __typename ... on Problem { code message } ${more} }
  }`;

export const CREATE_PRODUCT = mutation(
  'createProduct',
  'CreateProductInput',
  '... on Product { id }',
);
export const CREATE_ORDER = mutation(
  'createOrder',
  'CreateOrderInput',
  `... on Order { ${ORDER} }`,
);
export const PAY_ORDER = mutation(
  'payOrder',
  'PayOrderInput',
  `... on Order { ${ORDER} } ... on PaymentDeclinedProblem { reason }`,
);
export const CANCEL_ORDER = mutation(
  'cancelOrder',
  'CancelOrderInput',
  `... on Order { ${ORDER} }`,
);
export const REFUND_PAYMENT = mutation(
  'refundPayment',
  'RefundPaymentInput',
  '... on Refund { id status amount { amount currency } createdAt }',
);
export const RECORD_EVENT = mutation(
  'recordPaymentEvent',
  'RecordPaymentEventInput',
  '... on PaymentEvent { id }',
);
export const RESERVE_STOCK = `mutation ($input: ReserveStockInput!) {
  reserveStock(input: $input) { __typename }
}`;
