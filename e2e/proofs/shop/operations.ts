const MONEY = '{ amount currency }';

const ORDER = `id number status total ${MONEY} reservedUntil createdAt updatedAt
  items { sku name quantity unitPrice ${MONEY} lineTotal ${MONEY} product { id } }
  cancellation { reason at }`;

const ENDED = `... on OrderNotPendingProblem { order { ${ORDER} } }`;

/** What customers and administrators send, each with one variable: its input. */
export const OPERATIONS = {
  createOrder: `mutation ($input: CreateOrderInput!) {
    createOrder(input: $input) {
      __typename
      ... on Order { ${ORDER} }
      ... on Problem { code }
      ... on OutOfStockProblem { shortages { productId requested available } }
    }
  }`,
  payOrder: `mutation ($input: PayOrderInput!) {
    payOrder(input: $input) {
      __typename
      ... on Order { ${ORDER} }
      ... on Problem { code }
      ${ENDED}
      ... on PaymentDeclinedProblem { reason order { ${ORDER} } }
    }
  }`,
  cancelOrder: `mutation ($input: CancelOrderInput!) {
    cancelOrder(input: $input) {
      __typename ... on Order { ${ORDER} } ... on Problem { code } ${ENDED}
    }
  }`,
  updateOrderStatus: `mutation ($input: UpdateOrderStatusInput!) {
    updateOrderStatus(input: $input) {
      __typename ... on Order { ${ORDER} } ... on Problem { code }
    }
  }`,
  refundPayment: `mutation ($input: RefundPaymentInput!) {
    refundPayment(input: $input) {
      __typename
      ... on Refund { id status amount ${MONEY} }
      ... on Problem { code }
      ... on RefundExceedsCapturedProblem { refundable ${MONEY} }
    }
  }`,
  createProduct: `mutation ($input: CreateProductInput!) {
    createProduct(input: $input) { __typename ... on Product { id version } ... on Problem { code } }
  }`,
  updateProduct: `mutation ($input: UpdateProductInput!) {
    updateProduct(input: $input) { __typename ... on Product { version } ... on Problem { code } }
  }`,
  adjustStock: `mutation ($input: AdjustStockInput!) {
    adjustStock(input: $input) { __typename ... on Product { stock } ... on Problem { code } }
  }`,
  archiveProduct: `mutation ($input: ArchiveProductInput!) {
    archiveProduct(input: $input) { __typename ... on Product { version } ... on Problem { code } }
  }`,
  restoreProduct: `mutation ($input: ArchiveProductInput!) {
    restoreProduct(input: $input) { __typename ... on Product { version } ... on Problem { code } }
  }`,
} as const;

export type Operation = keyof typeof OPERATIONS;

/** Which service answers an operation. */
export const SERVICE_OF: Readonly<Record<Operation, 'product' | 'order' | 'payment'>> = {
  createOrder: 'order',
  payOrder: 'order',
  cancelOrder: 'order',
  updateOrderStatus: 'order',
  refundPayment: 'payment',
  createProduct: 'product',
  updateProduct: 'product',
  adjustStock: 'product',
  archiveProduct: 'product',
  restoreProduct: 'product',
};

/** How the REST door hands a webhook in. */
export const RECORD_EVENT = `mutation ($input: RecordPaymentEventInput!) {
  recordPaymentEvent(input: $input) { __typename }
}`;
