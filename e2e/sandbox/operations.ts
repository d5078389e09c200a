import type { ServiceName } from './service-process.ts';

const MONEY = '{ amount currency }';

const FIELDS = `id number status total ${MONEY} reservedUntil createdAt updatedAt
  items { sku name quantity unitPrice ${MONEY} lineTotal ${MONEY} product { id } }
  cancellation { reason at }`;

const ORDER = `... on Order { ${FIELDS} }`;

const ENDED_ORDER = `... on OrderNotPendingProblem { order { ${FIELDS} } }`;

const SESSION = '... on Session { refreshToken }';

const PRODUCT = '... on Product { id version stock }';

/** The service that has a mutation, the type of its input, and what is selected of its result. */
const OPERATIONS = {
  register: ['user', 'RegisterInput', SESSION],
  login: ['user', 'LoginInput', SESSION],
  refreshSession: ['user', 'RefreshSessionInput', SESSION],
  createProduct: ['product', 'CreateProductInput', PRODUCT],
  updateProduct: ['product', 'UpdateProductInput', '... on Product { version }'],
  archiveProduct: ['product', 'ArchiveProductInput', '... on Product { version }'],
  restoreProduct: ['product', 'ArchiveProductInput', '... on Product { version }'],
  adjustStock: ['product', 'AdjustStockInput', '... on Product { stock }'],
  reserveStock: ['product', 'ReserveStockInput', ''],
  createOrder: [
    'order',
    'CreateOrderInput',
    `${ORDER} ... on OutOfStockProblem { shortages { productId requested available } }`,
  ],
  payOrder: [
    'order',
    'PayOrderInput',
    `${ORDER} ${ENDED_ORDER} ... on PaymentDeclinedProblem { reason order { ${FIELDS} } }`,
  ],
  cancelOrder: ['order', 'CancelOrderInput', `${ORDER} ${ENDED_ORDER}`],
  updateOrderStatus: ['order', 'UpdateOrderStatusInput', ORDER],
  refundPayment: [
    'payment',
    'RefundPaymentInput',
    `... on Refund { id status amount ${MONEY} createdAt }
     ... on RefundExceedsCapturedProblem { refundable ${MONEY} }`,
  ],
  recordPaymentEvent: ['payment', 'RecordPaymentEventInput', '... on PaymentEvent { id }'],
} as const satisfies Record<string, readonly [ServiceName, string, string]>;

export type Operation = keyof typeof OPERATIONS;

/** A member of a mutation's result union: which fields it has depends on its type. */
export type Result = {
  readonly __typename: string;
  readonly id: string;
  readonly status: string;
  readonly code?: string;
  readonly reason?: string;
  readonly version: number;
  readonly stock: number;
  readonly refreshToken?: string;
  readonly total: { readonly amount: number };
  readonly amount?: { readonly amount: number };
  readonly items: readonly { readonly quantity: number; readonly product: { id: string } }[];
  readonly shortages?: readonly { productId: string; requested: number; available: number }[];
  readonly refundable?: { readonly amount: number };
};

/** The service that has the mutation, and its document with one variable: the input. */
export const documentOf = (operation: Operation): { service: ServiceName; query: string } => {
  const [service, input, selection] = OPERATIONS[operation];
  const query = `mutation ($input: ${input}!) {
    ${operation}(input: $input) { __typename ... on Problem { code message } ${selection} }
  }`;
  return { service, query };
};
