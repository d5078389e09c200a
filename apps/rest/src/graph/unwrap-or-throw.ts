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
  PreviewOrderQuery,
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
import { isCode, ProblemError, type ProblemDetails } from '../problems/problem-error.ts';
import { viewOrder } from '../views/order.ts';
import { toFieldErrors } from './field-names.ts';

type OperationResult =
  | AdjustStockMutation['adjustStock']
  | ArchiveProductMutation['archiveProduct']
  | CancelOrderMutation['cancelOrder']
  | CreateOrderMutation['createOrder']
  | CreateProductMutation['createProduct']
  | ChangePasswordMutation['changePassword']
  | LoginMutation['login']
  | PayOrderMutation['payOrder']
  | NonNullable<PreviewOrderQuery['orderPreview']>
  | RecordPaymentEventMutation['recordPaymentEvent']
  | RefreshSessionMutation['refreshSession']
  | RefundPaymentMutation['refundPayment']
  | RegisterMutation['register']
  | RestoreProductMutation['restoreProduct']
  | RevokeSessionMutation['revokeSession']
  | UpdateOrderStatusMutation['updateOrderStatus']
  | UpdateProductMutation['updateProduct']
  | UpdateProfileMutation['updateProfile'];

type GraphProblem = Extract<OperationResult, { readonly code: string; readonly message: string }>;

/** The members of a problem that need a translation of their own. */
type OwnMember<Problem> = Exclude<
  keyof Problem,
  '__typename' | 'code' | 'message' | 'retryAfterSeconds'
>;

type NameWithOwnMembers<Problem = GraphProblem> = Problem extends GraphProblem
  ? [OwnMember<Problem>] extends [never]
    ? never
    : Problem['__typename']
  : never;

type Exceptions = {
  readonly [Name in NameWithOwnMembers]: (
    problem: Extract<GraphProblem, { readonly __typename: Name }>,
  ) => ProblemDetails;
};

/**
 * What problems contain besides code, sentence and `retryAfterSeconds`. A problem with members of its
 * own that is not listed does not compile.
 */
const EXCEPTIONS: Exceptions = {
  IllegalTransitionProblem: ({ from, to, allowed }) => ({ extensions: { from, to, allowed } }),
  OrderNotPendingProblem: ({ order }) => ({ extensions: { order: viewOrder(order) } }),
  OutOfStockProblem: ({ shortages }) => ({
    extensions: {
      shortages: shortages.map(({ productId, sku, requested, available }) => ({
        product_id: productId,
        sku,
        requested,
        available,
      })),
    },
  }),
  PaymentDeclinedProblem: ({ reason, order }) => ({
    extensions: { reason, order: viewOrder(order) },
  }),
  ProductNotFoundProblem: ({ productId }) => ({
    // `readPathId` sends the nil UUID for a path that is not an id.
    extensions: productId === NIL ? {} : { product_id: productId },
  }),
  RefundExceedsCapturedProblem: ({ refundable: { amount, currency } }) => ({
    extensions: { refundable_cents: amount, currency },
  }),
  SkuTakenProblem: ({ sku }) => ({ extensions: { sku } }),
  TooManyAttemptsProblem: ({ quota }) => (quota ? { quota } : {}),
  TooManyOpenOrdersProblem: ({ limit }) => ({ extensions: { limit } }),
  TooManyUnitsHeldProblem: ({ scope, limit }) => ({ extensions: { scope, limit } }),
  ValidationFailedProblem: ({ fields }) => ({ errors: toFieldErrors(fields) }),
  VersionConflictProblem: ({ currentVersion }) => ({
    extensions: { current_version: currentVersion },
  }),
};

const toProblemError = (problem: GraphProblem): ProblemError | ShopError => {
  const { code, message } = problem;
  if (!isCode(code)) {
    const cause = new Error(`the graph returned an unknown problem: ${JSON.stringify(problem)}`);
    return new ShopError('INTERNAL', undefined, { cause });
  }
  const exceptions: Readonly<Record<string, unknown>> = EXCEPTIONS;
  const toDetails = exceptions[problem.__typename] as
    ((problem: GraphProblem) => ProblemDetails) | undefined;
  const details = toDetails?.(problem) ?? {};
  return new ProblemError(code, {
    // The sentence of a field's fault has the graph's name of the field.
    ...(details.errors === undefined && { detail: message }),
    ...('retryAfterSeconds' in problem && { retryAfterSeconds: problem.retryAfterSeconds }),
    ...details,
  });
};

const isProblem = (result: OperationResult): result is GraphProblem =>
  'code' in result && 'message' in result;

/**
 * Unwraps the result of a mutation, or of the preview of one.
 * @throws ProblemError when the result is a problem
 */
export const unwrapOrThrow = <Result extends OperationResult>(
  result: Result,
): Exclude<Result, GraphProblem> => {
  if (isProblem(result)) throw toProblemError(result);
  return result as Exclude<Result, GraphProblem>;
};
