import { ShopError } from '@cartograph/errors';
import { NIL } from 'uuid';
import type {
  AdjustStockMutation,
  ArchiveProductMutation,
  CancelOrderMutation,
  CreateOrderMutation,
  CreateProductMutation,
  ChangePasswordMutation,
  LoginMutation,
  PayOrderMutation,
  RecordPaymentEventMutation,
  RefreshSessionMutation,
  RefundPaymentMutation,
  RegisterMutation,
  RestoreProductMutation,
  RevokeSessionMutation,
  UpdateOrderStatusMutation,
  UpdateProductMutation,
  UpdateProfileMutation,
} from '../generated/operations.ts';
import { viewOrder } from '../views/order.ts';
import { toFieldErrors } from './field-names.ts';
import { Refusal } from './refusal.ts';

type MutationResult =
  | AdjustStockMutation['adjustStock']
  | ArchiveProductMutation['archiveProduct']
  | CancelOrderMutation['cancelOrder']
  | CreateOrderMutation['createOrder']
  | CreateProductMutation['createProduct']
  | ChangePasswordMutation['changePassword']
  | LoginMutation['login']
  | PayOrderMutation['payOrder']
  | RecordPaymentEventMutation['recordPaymentEvent']
  | RefreshSessionMutation['refreshSession']
  | RefundPaymentMutation['refundPayment']
  | RegisterMutation['register']
  | RestoreProductMutation['restoreProduct']
  | RevokeSessionMutation['revokeSession']
  | UpdateOrderStatusMutation['updateOrderStatus']
  | UpdateProductMutation['updateProduct']
  | UpdateProfileMutation['updateProfile'];

type SuccessName =
  'Order' | 'PaymentEvent' | 'Product' | 'Refund' | 'Session' | 'SessionsEnded' | 'User';
type GraphProblem = Exclude<MutationResult, { readonly __typename: SuccessName }>;

const refuseUnknown = (problem: never): ShopError =>
  new ShopError('INTERNAL', undefined, {
    cause: new Error(`the graph answered an unknown result: ${JSON.stringify(problem)}`),
  });

/** Every problem of every operation, as a refusal. One that has no case here does not compile. */
const toRefusal = (problem: GraphProblem): Refusal | ShopError => {
  const { message: detail } = problem;
  switch (problem.__typename) {
    case 'EmailTakenProblem':
      return new Refusal('EMAIL_TAKEN', { detail });
    case 'IdempotencyConflictProblem':
      return new Refusal('IDEMPOTENCY_CONFLICT', { detail });
    case 'IllegalTransitionProblem': {
      const { from, to, allowed } = problem;
      return new Refusal('ILLEGAL_TRANSITION', { detail, extensions: { from, to, allowed } });
    }
    case 'InvalidCredentialsProblem':
      return new Refusal('INVALID_CREDENTIALS', { detail });
    case 'InvalidRefreshTokenProblem':
      return new Refusal('INVALID_REFRESH_TOKEN', { detail });
    case 'SessionNotFoundProblem':
      return new Refusal('SESSION_NOT_FOUND', { detail });
    case 'MixedCurrenciesProblem':
      return new Refusal('MIXED_CURRENCIES', { detail });
    case 'OrderNotFoundProblem':
      return new Refusal('ORDER_NOT_FOUND', { detail });
    case 'OrderNotPaidProblem':
      return new Refusal('ORDER_NOT_PAID', { detail });
    case 'OrderNotPendingProblem':
      return new Refusal('ORDER_NOT_PENDING', {
        detail,
        extensions: { order: viewOrder(problem.order) },
      });
    case 'OutOfStockProblem':
      return new Refusal('OUT_OF_STOCK', {
        detail,
        extensions: {
          shortages: problem.shortages.map(({ productId, sku, requested, available }) => ({
            product_id: productId,
            sku,
            requested,
            available,
          })),
        },
      });
    case 'PaymentDeclinedProblem':
      return new Refusal('PAYMENT_DECLINED', {
        detail,
        extensions: { reason: problem.reason, order: viewOrder(problem.order) },
      });
    case 'PaymentEventRefusedProblem':
      return new Refusal('PAYMENT_EVENT_REFUSED', { detail });
    case 'PaymentNotFoundProblem':
      return new Refusal('PAYMENT_NOT_FOUND', { detail });
    case 'PaymentNotRefundableProblem':
      return new Refusal('PAYMENT_NOT_REFUNDABLE', { detail });
    case 'ProductNotFoundProblem':
      return new Refusal('PRODUCT_NOT_FOUND', {
        detail,
        // The nil UUID is ours: it stood for a path that names nothing.
        extensions: problem.productId === NIL ? {} : { product_id: problem.productId },
      });
    case 'RefundExceedsCapturedProblem': {
      const { amount, currency } = problem.refundable;
      return new Refusal('REFUND_EXCEEDS_CAPTURED', {
        detail,
        extensions: { refundable_cents: amount, currency },
      });
    }
    case 'RequestInFlightProblem':
      return new Refusal('REQUEST_IN_FLIGHT', {
        detail,
        retryAfterSeconds: problem.retryAfterSeconds,
      });
    case 'SkuTakenProblem':
      return new Refusal('SKU_TAKEN', { detail, extensions: { sku: problem.sku } });
    case 'TooManyAttemptsProblem':
      return new Refusal('TOO_MANY_ATTEMPTS', {
        detail,
        retryAfterSeconds: problem.retryAfterSeconds,
      });
    case 'TooManyOpenOrdersProblem':
      return new Refusal('TOO_MANY_OPEN_ORDERS', {
        detail,
        retryAfterSeconds: problem.retryAfterSeconds,
        extensions: { limit: problem.limit },
      });
    case 'TooManyUnitsHeldProblem': {
      const { scope, limit, retryAfterSeconds } = problem;
      return new Refusal('TOO_MANY_UNITS_HELD', {
        detail,
        retryAfterSeconds,
        extensions: { scope, limit },
      });
    }
    case 'ValidationFailedProblem':
      return new Refusal('VALIDATION_FAILED', { errors: toFieldErrors(problem.fields) });
    case 'VersionConflictProblem':
      return new Refusal('VERSION_CONFLICT', {
        detail,
        extensions: { current_version: problem.currentVersion },
      });
    default:
      return refuseUnknown(problem);
  }
};

const successNames: ReadonlySet<string> = new Set<SuccessName>([
  'Order',
  'PaymentEvent',
  'Product',
  'Refund',
  'Session',
  'SessionsEnded',
  'User',
]);

const isSuccess = <Result extends MutationResult>(
  result: Result,
): result is Exclude<Result, GraphProblem> => successNames.has(result.__typename);

/**
 * Unwraps the result of a mutation.
 * @throws Refusal that says the problem, when the result is one
 */
export const orRefuse = <Result extends MutationResult>(
  result: Result,
): Exclude<Result, GraphProblem> => {
  if (isSuccess(result)) return result;
  throw toRefusal(result as GraphProblem);
};
