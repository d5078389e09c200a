import { problemTypeName, type ProblemCode } from '@cartograph/errors';
import { Type, type TSchema } from 'typebox';
import { EXAMPLE_ID, reference } from '../input/fields.ts';
import { orderStatusSchema } from '../input/order.ts';
import { problemSchema } from '../problems/problem-body.ts';
import { sentenceOf, statuses, type Code, type ProblemDetails } from '../problems/problem-error.ts';
import { cancelledOrderExample, declinedOrderExample } from '../views/examples.ts';
import { cents, count, currencyCode, uuid } from '../views/fields.ts';
import { orderSchema } from '../views/order.ts';

/** What the body of a problem has besides the members of every problem. */
type Particulars = {
  readonly required: Readonly<Record<string, TSchema>>;
  readonly optional?: Readonly<Record<string, TSchema>>;
  /** What makes the example. */
  readonly example: ProblemDetails;
};

const { errors, retry_after_seconds: retryAfter } = problemSchema.properties;

const shortage = Type.Object({
  product_id: uuid(),
  sku: Type.String(),
  requested: count(),
  available: count('The units that are left.'),
});

const order: TSchema = { ...reference(orderSchema), description: 'The order as it is now.' };

const quota = Type.Object(
  {
    limit: count('The number of attempts.'),
    window_seconds: Type.Integer({
      minimum: 1,
      description: 'The length of the time, in seconds. It begins with the first attempt.',
    }),
  },
  {
    description:
      'How many attempts are allowed in a time. Left out when too many were made at the same time.',
  },
);

const retryOnly = (seconds: number): Particulars => ({
  required: { retry_after_seconds: retryAfter },
  example: { retryAfterSeconds: seconds },
});

/** The codes whose body has more members. `EXCEPTIONS` in unwrap-or-throw.ts makes them. */
const PARTICULARS: Partial<Record<Code, Particulars>> = {
  BAD_USER_INPUT: {
    required: {},
    optional: { errors },
    example: { errors: [{ field: 'cursor', message: 'is not a cursor of this list' }] },
  },
  ILLEGAL_TRANSITION: {
    required: {
      from: orderStatusSchema,
      to: orderStatusSchema,
      allowed: Type.Array(orderStatusSchema, {
        description: 'The statuses that it can have next.',
      }),
    },
    example: { extensions: { from: 'CANCELLED', to: 'CONFIRMED', allowed: [] } },
  },
  ORDER_NOT_PENDING: {
    required: { order },
    example: { extensions: { order: cancelledOrderExample } },
  },
  OUT_OF_STOCK: {
    required: {
      shortages: Type.Array(shortage, { description: 'Every product that is short.' }),
    },
    example: {
      extensions: {
        shortages: [{ product_id: EXAMPLE_ID, sku: 'MUG-1', requested: 4, available: 3 }],
      },
    },
  },
  PAYMENT_DECLINED: {
    required: {
      reason: Type.String({ description: 'The provider’s reason: `card_declined`.' }),
      order,
    },
    example: { extensions: { reason: 'card_declined', order: declinedOrderExample } },
  },
  PRODUCT_NOT_FOUND: {
    required: {},
    optional: { product_id: uuid('Which one, unless the path says it.') },
    example: { extensions: { product_id: EXAMPLE_ID } },
  },
  REFUND_EXCEEDS_CAPTURED: {
    required: {
      refundable_cents: cents('The amount that can still be refunded.'),
      currency: currencyCode(),
    },
    example: { extensions: { refundable_cents: 1299, currency: 'EUR' } },
  },
  REQUEST_IN_FLIGHT: retryOnly(1),
  SKU_TAKEN: {
    required: { sku: Type.String() },
    example: { extensions: { sku: 'MUG-1' } },
  },
  TOO_MANY_ATTEMPTS: {
    required: { retry_after_seconds: retryAfter },
    optional: { quota },
    example: { quota: { limit: 10, windowSeconds: 900 }, retryAfterSeconds: 60 },
  },
  TOO_MANY_OPEN_ORDERS: {
    required: {
      limit: count('How many may be pending at a time.'),
      retry_after_seconds: retryAfter,
    },
    example: { extensions: { limit: 20 }, retryAfterSeconds: 600 },
  },
  TOO_MANY_UNITS_HELD: {
    required: {
      scope: Type.Enum(['ACCOUNT', 'ADDRESS'], {
        type: 'string',
        description: 'Whose pending orders are counted: of one account, or of one client address.',
      }),
      limit: count('How many units may be reserved at a time.'),
      retry_after_seconds: retryAfter,
    },
    example: { extensions: { scope: 'ACCOUNT', limit: 1_000 }, retryAfterSeconds: 600 },
  },
  UNAVAILABLE: {
    required: {},
    optional: { retry_after_seconds: retryAfter },
    example: { retryAfterSeconds: 1 },
  },
  VALIDATION_FAILED: {
    required: { errors },
    example: { errors: [{ field: 'items.0.qty', message: 'must be 1000 or less' }] },
  },
  VERSION_CONFLICT: {
    required: {
      current_version: Type.Integer({ minimum: 1, description: 'The version that it has now.' }),
    },
    example: { extensions: { current_version: 4 } },
  },
};

/** `OUT_OF_STOCK` -> `OutOfStockProblem`: the name of the schema of a code, as in the graph. */
export const problemSchemaName = (code: Code): string => problemTypeName(code as ProblemCode);

/** The members that only the problem of this code has. */
export const problemMembers = (
  code: Code,
): readonly { readonly name: string; readonly description: string }[] => {
  const { required = {}, optional = {} } = PARTICULARS[code] ?? {};
  return Object.entries({ ...required, ...optional }).map(([name, schema]) => {
    const { description = '' } = schema as { readonly description?: string };
    return { name, description };
  });
};

/** What makes the example of a problem. */
export const problemExample = (code: Code): ProblemDetails => PARTICULARS[code]?.example ?? {};

/** The body of one code: what every problem has, and its own members. */
const toSchema = (code: Code) => {
  const { required = {}, optional = {} } = PARTICULARS[code] ?? {};
  return {
    $id: problemSchemaName(code),
    description: sentenceOf(code),
    allOf: [
      { $ref: 'Problem#' },
      {
        type: 'object',
        required: ['code', ...Object.keys(required)],
        properties: { code: { type: 'string', const: code }, ...required, ...optional },
      },
    ],
  };
};

/** One schema for each code of the catalogue. */
export const problemSchemas = (Object.keys(statuses) as Code[]).map(toSchema);
