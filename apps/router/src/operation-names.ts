import { z } from 'zod';

/** Names of operations that metrics show, at most: each is a series for every bucket. */
export const MAX_OPERATION_NAMES = 200;

const NAME = /^[_A-Za-z]\w{0,99}$/;

/** The operations of the REST API: apps/rest/operations. A test compares them. */
export const REST_OPERATIONS = [
  'AdjustStock',
  'ArchiveProduct',
  'CancelOrder',
  'ChangePassword',
  'CreateOrder',
  'CreateProduct',
  'GetOrder',
  'GetOrderHistory',
  'GetPayment',
  'GetPrice',
  'GetProduct',
  'GetProductBySku',
  'GetUser',
  'ListAllOrders',
  'ListCategories',
  'ListOrderPayments',
  'ListOrderStockMovements',
  'ListOrders',
  'ListPaymentMethods',
  'ListProducts',
  'ListRefunds',
  'ListStockMovements',
  'ListUserOrders',
  'ListUserSessions',
  'Login',
  'Logout',
  'LogoutEverywhere',
  'Me',
  'MySessions',
  'PayOrder',
  'PreviewOrder',
  'RecordPaymentEvent',
  'RefreshSession',
  'RefundPayment',
  'Register',
  'RestoreProduct',
  'RevokeSession',
  'UpdateOrderStatus',
  'UpdateProduct',
  'UpdateProfile',
  'WatchOrder',
] as const;

/** METRICS_OPERATION_NAMES: names of operations of other clients, separated by commas. */
export const operationNames = (): z.ZodType<readonly string[], unknown> =>
  z
    .string()
    .default('')
    .transform((text) =>
      text
        .split(',')
        .map((name) => name.trim())
        .filter((name) => name !== ''),
    )
    .refine(
      (names) => names.every((name) => NAME.test(name)),
      'must be names of GraphQL operations, separated by commas',
    )
    .refine(
      (names) => names.length + REST_OPERATIONS.length <= MAX_OPERATION_NAMES,
      `must be ${MAX_OPERATION_NAMES - REST_OPERATIONS.length} names at most`,
    );

/** An operation with a name at the beginning of a document. */
const NAMED = /^\s*(?:query|mutation)\s+([_A-Za-z]\w*)/;

/** One without a name. */
const ANONYMOUS = /^\s*(?:\{|(?:query|mutation)\s*[({@])/;

type Parameters = { readonly query?: unknown; readonly operationName?: unknown } | null;

/**
 * Makes the choice of the name under which metrics have an operation. A client cannot make names of its
 * own: those that are not known are `other`.
 * @param known names of operations, besides those of REST
 */
export const makeNameChoice = (known: readonly string[]): ((parameters: unknown) => string) => {
  const names = new Set<string>([...REST_OPERATIONS, ...known].slice(0, MAX_OPERATION_NAMES));
  return (parameters) => {
    const { query, operationName } = (parameters ?? {}) as NonNullable<Parameters>;
    const text = typeof query === 'string' ? query : '';
    const given = typeof operationName === 'string' && operationName !== '' ? operationName : null;
    const name = given ?? NAMED.exec(text)?.[1];
    if (name !== undefined) return names.has(name) ? name : 'other';
    return ANONYMOUS.test(text) ? 'anonymous' : 'other';
  };
};
