/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '../document-type.ts';
/** The cancellation of an order. */
export type CancelOrderInput = {
  /** Any text of up to 255 characters: for 24 hours a repeat gets the first result. */
  readonly idempotencyKey?: string | null | undefined;
  /** The id of the order. */
  readonly orderId: string;
  /**
   * Up to 500 characters about why, for the order's history. A customer's note is read by that customer
   * and by administrators, an administrator's by administrators alone.
   */
  readonly reason?: string | null | undefined;
};

/** Why an order was cancelled. */
export type CancellationReason =
  /** An administrator did it. */
  | 'ADMIN'
  /** The customer asked for it. */
  | 'CUSTOMER_REQUEST'
  /** It was not paid in time. */
  | 'EXPIRED'
  /** Its stock was sold to others. */
  | 'OUT_OF_STOCK'
  /** The payment was declined. */
  | 'PAYMENT_FAILED';

/** A new order. */
export type CreateOrderInput = {
  /** Where to deliver it. It is stored with the order and does not change. */
  readonly deliveryAddress?: DeliveryAddressInput | null | undefined;
  /**
   * Any text of up to 255 characters. For 24 hours the same key with the same input gets the same
   * result, and makes one order.
   */
  readonly idempotencyKey?: string | null | undefined;
  /**
   * 1 to 100 lines. Lines of one product are added up. All of them together may not have more units than
   * one account may hold.
   */
  readonly items: ReadonlyArray<OrderItemInput>;
};

/** Where to deliver an order. */
export type DeliveryAddressInput = {
  /** City or town: 1 to 100 characters. */
  readonly city: string;
  /** The 2 characters of ISO 3166-1, in upper case: `DE`. */
  readonly country: string;
  /** Street and number: 1 to 200 characters. */
  readonly line1: string;
  /** Apartment or floor: 1 to 200 characters. */
  readonly line2?: string | null | undefined;
  /** Who receives it: 1 to 100 characters. */
  readonly name: string;
  /** 1 to 20 characters. */
  readonly postalCode?: string | null | undefined;
  /** State, province or county: 1 to 100 characters. */
  readonly region?: string | null | undefined;
};

/** The pending orders whose units are counted together. */
export type HoldScope =
  /** Of all pending orders of one account. */
  | 'ACCOUNT'
  /** Of all pending orders from one client address. */
  | 'ADDRESS';

/** An account and its password. */
export type LoginInput = {
  /** At most 254 characters. */
  readonly email: string;
  /** At most 128 characters. */
  readonly password: string;
};

/** The session to end. */
export type LogoutInput = {
  /** At most 200 characters. */
  readonly refreshToken?: string | null | undefined;
};

/** Who changed an order. */
export type OrderActor =
  /** An administrator of the shop. */
  | 'ADMIN'
  /** The customer who ordered. */
  | 'CUSTOMER'
  /** The system: a payment was settled, or the order expired. */
  | 'SHOP';

/** The type of a line of an order's history. */
export type OrderEventType =
  /** It was cancelled: the reason says why. */
  | 'CANCELLED'
  /** It was paid. */
  | 'CONFIRMED'
  /** The order was made, and its stock reserved. */
  | 'CREATED'
  /** The payment was settled: the reason is SUCCEEDED, or why it failed. */
  | 'PAYMENT_DECIDED'
  /** The payment was started. */
  | 'PAYMENT_STARTED'
  /** It was paid and then cancelled: the payment is refunded. */
  | 'REFUND_REQUESTED'
  /** Its stock was sold (reason COMMITTED) or released (RELEASED). */
  | 'STOCK_SETTLED';

/** A product, and how many units of it. */
export type OrderItemInput = {
  /** The id of the product. */
  readonly productId: string;
  /** 1 to 1000. */
  readonly quantity: number;
};

/** The status of an order. */
export type OrderStatus =
  /** Cancelled; its stock is released. */
  | 'CANCELLED'
  /** Paid; its stock is sold. */
  | 'CONFIRMED'
  /** Not paid yet; its stock is reserved. */
  | 'PENDING';

/** A payment of an order. */
export type PayOrderInput = {
  /** Any text of up to 255 characters: for 24 hours a repeat gets the first result. */
  readonly idempotencyKey?: string | null | undefined;
  /** The id of the order. */
  readonly orderId: string;
  /**
   * What `paymentMethods` says to send: the name of a method, or an id that the provider's library made. 1 to
   * 100 characters. If it is left out or null, the provider's default is used.
   */
  readonly paymentMethod?: string | null | undefined;
};

/** The status of a payment. */
export type PaymentStatus =
  /** The provider declined. */
  | 'FAILED'
  /** The provider has not settled it yet. */
  | 'PROCESSING'
  /** All of the money is refunded. */
  | 'REFUNDED'
  /** The money is captured. A part of it may be refunded: see `refunds`. */
  | 'SUCCEEDED';

/** Which products to list. All conditions must hold. */
export type ProductFilter = {
  /** Only archived products. For administrators. */
  readonly archived?: boolean | null | undefined;
  /** Only products of any of these categories: up to 100, each of at most 60 characters. */
  readonly categories?: ReadonlyArray<string> | null | undefined;
  /** Only products of this category: a `Category.name` of at most 60 characters. */
  readonly category?: string | null | undefined;
  /** Only products with a price in this currency. */
  readonly currency?: string | null | undefined;
  /** Only products that can be ordered now. */
  readonly inStock?: boolean | null | undefined;
  /** In the smallest unit of the currency. */
  readonly maxPrice?: number | null | undefined;
  /** In the smallest unit of the currency. */
  readonly minPrice?: number | null | undefined;
  /** Any of up to 100 SKUs, each of at most 64 characters. */
  readonly skus?: ReadonlyArray<string> | null | undefined;
  /**
   * Words of the name, SKU, category or description, in any form: `lamps` finds a lamp. The last word
   * may be a prefix; a word that no product contains is corrected to the most similar one.
   * At most 200 characters.
   */
  readonly text?: string | null | undefined;
  /**
   * Only products whose `updatedAt` is this time or later. A change may become visible up to two minutes
   * after its `updatedAt`: to miss none, give the time of the last request less three minutes.
   */
  readonly updatedSince?: string | null | undefined;
};

/** How to sort products. The sort is stable: products that compare as equal always come in the same order. */
export type ProductSort =
  /** By name; case and accents only break ties. */
  | 'NAME_ASC'
  /** The most recently added first. */
  | 'NEWEST'
  /** The lowest amount first; combine it with `currency` when there are several currencies. */
  | 'PRICE_ASC'
  /** The highest amount first. */
  | 'PRICE_DESC'
  /** Products with all words in their name first, then the others; the most recently added first. */
  | 'RELEVANCE';

/** The session to extend. */
export type RefreshSessionInput = {
  /** At most 200 characters. */
  readonly refreshToken: string;
};

/** A refund of a payment. */
export type RefundPaymentInput = {
  /**
   * In the smallest unit of the payment's currency. Without it, all that is left is refunded. An
   * explicit null is BAD_USER_INPUT.
   */
  readonly amount?: number | null | undefined;
  /**
   * A key that the client makes, of 1 to 255 characters, stored for 24 hours. A repeat with the same
   * key and input gets the first response.
   */
  readonly idempotencyKey?: string | null | undefined;
  /** The id of the payment. */
  readonly paymentId: string;
  /** The reason, of 1 to 500 characters. The customer can read it. */
  readonly reason: string;
};

/** The status of a refund. */
export type RefundStatus =
  /** The provider declined, or the bank returned the money. The amount can be refunded again. */
  | 'FAILED'
  /** The provider has not settled it yet. */
  | 'PROCESSING'
  /** The money is refunded. */
  | 'SUCCEEDED';

/** A new account. */
export type RegisterInput = {
  /**
   * At most 254 characters, 64 of them before the `@`: what `<input type=email>` takes, and
   * internationalised domains. All spellings of an address are one account.
   */
  readonly email: string;
  /** 8 to 128 characters, and not a common password. */
  readonly password: string;
};

/** The roles of accounts. */
export type Role =
  /** An administrator of the shop. */
  | 'ADMIN'
  /** A customer. */
  | 'USER';

export type ProductsQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
  filter?: ProductFilter | null | undefined;
  sort?: ProductSort | null | undefined;
}>;


export type ProductsQuery = { readonly products: { readonly nodes: ReadonlyArray<{ readonly id: string, readonly sku: string, readonly name: string, readonly description: string, readonly stock: number, readonly category: string, readonly imageUrl: string | null, readonly updatedAt: string, readonly price: { readonly amount: number, readonly currency: string } }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly hasPreviousPage: boolean, readonly startCursor: string | null, readonly endCursor: string | null } } | null };

export type ProductQueryVariables = Exact<{
  id?: string | null | undefined;
  sku?: string | null | undefined;
}>;


export type ProductQuery = { readonly product: { readonly id: string, readonly sku: string, readonly name: string, readonly description: string, readonly stock: number, readonly category: string, readonly imageUrl: string | null, readonly updatedAt: string, readonly price: { readonly amount: number, readonly currency: string } } | null };

export type ProductDetailsFragment = { readonly id: string, readonly sku: string, readonly name: string, readonly description: string, readonly stock: number, readonly category: string, readonly imageUrl: string | null, readonly updatedAt: string, readonly price: { readonly amount: number, readonly currency: string } };

export type MoneyDetailsFragment = { readonly amount: number, readonly currency: string };

export type PageDetailsFragment = { readonly hasNextPage: boolean, readonly hasPreviousPage: boolean, readonly startCursor: string | null, readonly endCursor: string | null };

export type CreateOrderMutationVariables = Exact<{
  input: CreateOrderInput;
}>;


export type CreateOrderMutation = { readonly createOrder:
    | { readonly __typename: 'IdempotencyConflictProblem', readonly code: string, readonly message: string }
    | { readonly __typename: 'MixedCurrenciesProblem', readonly code: string, readonly message: string }
    | { readonly __typename: 'Order', readonly id: string, readonly number: string, readonly status: OrderStatus, readonly createdAt: string, readonly reservedUntil: string, readonly items: ReadonlyArray<{ readonly sku: string, readonly name: string, readonly quantity: number, readonly unitPrice: { readonly amount: number, readonly currency: string }, readonly lineTotal: { readonly amount: number, readonly currency: string }, readonly product: { readonly id: string } | null }>, readonly total: { readonly amount: number, readonly currency: string }, readonly cancellation: { readonly reason: CancellationReason, readonly at: string } | null }
    | { readonly __typename: 'OutOfStockProblem', readonly code: string, readonly message: string, readonly shortages: ReadonlyArray<{ readonly productId: string, readonly sku: string, readonly requested: number, readonly available: number }> }
    | { readonly __typename: 'ProductNotFoundProblem', readonly code: string, readonly message: string, readonly productId: string }
    | { readonly __typename: 'RequestInFlightProblem', readonly code: string, readonly message: string, readonly retryAfterSeconds: number }
    | { readonly __typename: 'TooManyOpenOrdersProblem', readonly code: string, readonly message: string, readonly limit: number, readonly retryAfterSeconds: number }
    | { readonly __typename: 'TooManyUnitsHeldProblem', readonly code: string, readonly message: string, readonly scope: HoldScope, readonly limit: number, readonly retryAfterSeconds: number }
    | { readonly __typename: 'ValidationFailedProblem', readonly code: string, readonly message: string, readonly fields: ReadonlyArray<{ readonly path: string, readonly message: string }> }
   };

export type PayOrderMutationVariables = Exact<{
  input: PayOrderInput;
}>;


export type PayOrderMutation = { readonly payOrder:
    | { readonly __typename: 'IdempotencyConflictProblem', readonly code: string, readonly message: string }
    | { readonly __typename: 'Order', readonly paymentStatus: PaymentStatus | null, readonly id: string, readonly number: string, readonly status: OrderStatus, readonly createdAt: string, readonly reservedUntil: string, readonly items: ReadonlyArray<{ readonly sku: string, readonly name: string, readonly quantity: number, readonly unitPrice: { readonly amount: number, readonly currency: string }, readonly lineTotal: { readonly amount: number, readonly currency: string }, readonly product: { readonly id: string } | null }>, readonly total: { readonly amount: number, readonly currency: string }, readonly cancellation: { readonly reason: CancellationReason, readonly at: string } | null }
    | { readonly __typename: 'OrderNotFoundProblem', readonly code: string, readonly message: string }
    | { readonly __typename: 'OrderNotPendingProblem', readonly code: string, readonly message: string, readonly order: { readonly id: string, readonly number: string, readonly status: OrderStatus, readonly createdAt: string, readonly reservedUntil: string, readonly items: ReadonlyArray<{ readonly sku: string, readonly name: string, readonly quantity: number, readonly unitPrice: { readonly amount: number, readonly currency: string }, readonly lineTotal: { readonly amount: number, readonly currency: string }, readonly product: { readonly id: string } | null }>, readonly total: { readonly amount: number, readonly currency: string }, readonly cancellation: { readonly reason: CancellationReason, readonly at: string } | null } }
    | { readonly __typename: 'PaymentDeclinedProblem', readonly code: string, readonly message: string, readonly reason: string, readonly order: { readonly id: string, readonly number: string, readonly status: OrderStatus, readonly createdAt: string, readonly reservedUntil: string, readonly items: ReadonlyArray<{ readonly sku: string, readonly name: string, readonly quantity: number, readonly unitPrice: { readonly amount: number, readonly currency: string }, readonly lineTotal: { readonly amount: number, readonly currency: string }, readonly product: { readonly id: string } | null }>, readonly total: { readonly amount: number, readonly currency: string }, readonly cancellation: { readonly reason: CancellationReason, readonly at: string } | null } }
    | { readonly __typename: 'RequestInFlightProblem', readonly code: string, readonly message: string, readonly retryAfterSeconds: number }
    | { readonly __typename: 'ValidationFailedProblem', readonly code: string, readonly message: string, readonly fields: ReadonlyArray<{ readonly path: string, readonly message: string }> }
   };

export type CancelOrderMutationVariables = Exact<{
  input: CancelOrderInput;
}>;


export type CancelOrderMutation = { readonly cancelOrder:
    | { readonly __typename: 'IdempotencyConflictProblem', readonly code: string, readonly message: string }
    | { readonly __typename: 'Order', readonly id: string, readonly number: string, readonly status: OrderStatus, readonly createdAt: string, readonly reservedUntil: string, readonly items: ReadonlyArray<{ readonly sku: string, readonly name: string, readonly quantity: number, readonly unitPrice: { readonly amount: number, readonly currency: string }, readonly lineTotal: { readonly amount: number, readonly currency: string }, readonly product: { readonly id: string } | null }>, readonly total: { readonly amount: number, readonly currency: string }, readonly cancellation: { readonly reason: CancellationReason, readonly at: string } | null }
    | { readonly __typename: 'OrderNotFoundProblem', readonly code: string, readonly message: string }
    | { readonly __typename: 'OrderNotPendingProblem', readonly code: string, readonly message: string, readonly order: { readonly id: string, readonly number: string, readonly status: OrderStatus, readonly createdAt: string, readonly reservedUntil: string, readonly items: ReadonlyArray<{ readonly sku: string, readonly name: string, readonly quantity: number, readonly unitPrice: { readonly amount: number, readonly currency: string }, readonly lineTotal: { readonly amount: number, readonly currency: string }, readonly product: { readonly id: string } | null }>, readonly total: { readonly amount: number, readonly currency: string }, readonly cancellation: { readonly reason: CancellationReason, readonly at: string } | null } }
    | { readonly __typename: 'RequestInFlightProblem', readonly code: string, readonly message: string, readonly retryAfterSeconds: number }
    | { readonly __typename: 'ValidationFailedProblem', readonly code: string, readonly message: string, readonly fields: ReadonlyArray<{ readonly path: string, readonly message: string }> }
   };

export type RefundPaymentMutationVariables = Exact<{
  input: RefundPaymentInput;
}>;


export type RefundPaymentMutation = { readonly refundPayment:
    | { readonly __typename: 'IdempotencyConflictProblem', readonly code: string, readonly message: string }
    | { readonly __typename: 'PaymentNotFoundProblem', readonly code: string, readonly message: string }
    | { readonly __typename: 'PaymentNotRefundableProblem', readonly code: string, readonly message: string }
    | { readonly __typename: 'Refund', readonly id: string, readonly status: RefundStatus, readonly reason: string, readonly createdAt: string, readonly amount: { readonly amount: number, readonly currency: string }, readonly failure: { readonly code: string } | null }
    | { readonly __typename: 'RefundExceedsCapturedProblem', readonly code: string, readonly message: string, readonly refundable: { readonly amount: number, readonly currency: string } }
    | { readonly __typename: 'RequestInFlightProblem', readonly code: string, readonly message: string, readonly retryAfterSeconds: number }
    | { readonly __typename: 'ValidationFailedProblem', readonly code: string, readonly message: string, readonly fields: ReadonlyArray<{ readonly path: string, readonly message: string }> }
   };

export type OrdersQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
  status?: OrderStatus | null | undefined;
}>;


export type OrdersQuery = { readonly me: { readonly id: string, readonly orders: { readonly nodes: ReadonlyArray<{ readonly id: string, readonly number: string, readonly status: OrderStatus, readonly createdAt: string, readonly reservedUntil: string, readonly items: ReadonlyArray<{ readonly sku: string, readonly name: string, readonly quantity: number, readonly unitPrice: { readonly amount: number, readonly currency: string }, readonly lineTotal: { readonly amount: number, readonly currency: string }, readonly product: { readonly id: string } | null }>, readonly total: { readonly amount: number, readonly currency: string }, readonly cancellation: { readonly reason: CancellationReason, readonly at: string } | null }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly hasPreviousPage: boolean, readonly startCursor: string | null, readonly endCursor: string | null } } | null } | null };

export type OrderQueryVariables = Exact<{
  id: string;
}>;


export type OrderQuery = { readonly order: { readonly id: string, readonly number: string, readonly status: OrderStatus, readonly createdAt: string, readonly reservedUntil: string, readonly payments: ReadonlyArray<{ readonly id: string, readonly status: PaymentStatus, readonly createdAt: string, readonly amount: { readonly amount: number, readonly currency: string }, readonly failure: { readonly code: string } | null, readonly refunds: ReadonlyArray<{ readonly id: string, readonly status: RefundStatus, readonly reason: string, readonly createdAt: string, readonly amount: { readonly amount: number, readonly currency: string }, readonly failure: { readonly code: string } | null }> }> | null, readonly history: ReadonlyArray<{ readonly at: string, readonly type: OrderEventType, readonly fromStatus: OrderStatus | null, readonly toStatus: OrderStatus, readonly actor: OrderActor, readonly reason: string | null, readonly note: string | null }>, readonly items: ReadonlyArray<{ readonly sku: string, readonly name: string, readonly quantity: number, readonly unitPrice: { readonly amount: number, readonly currency: string }, readonly lineTotal: { readonly amount: number, readonly currency: string }, readonly product: { readonly id: string } | null }>, readonly total: { readonly amount: number, readonly currency: string }, readonly cancellation: { readonly reason: CancellationReason, readonly at: string } | null } | null };

export type OrderDetailsFragment = { readonly id: string, readonly number: string, readonly status: OrderStatus, readonly createdAt: string, readonly reservedUntil: string, readonly items: ReadonlyArray<{ readonly sku: string, readonly name: string, readonly quantity: number, readonly unitPrice: { readonly amount: number, readonly currency: string }, readonly lineTotal: { readonly amount: number, readonly currency: string }, readonly product: { readonly id: string } | null }>, readonly total: { readonly amount: number, readonly currency: string }, readonly cancellation: { readonly reason: CancellationReason, readonly at: string } | null };

export type PaymentDetailsFragment = { readonly id: string, readonly status: PaymentStatus, readonly createdAt: string, readonly amount: { readonly amount: number, readonly currency: string }, readonly failure: { readonly code: string } | null, readonly refunds: ReadonlyArray<{ readonly id: string, readonly status: RefundStatus, readonly reason: string, readonly createdAt: string, readonly amount: { readonly amount: number, readonly currency: string }, readonly failure: { readonly code: string } | null }> };

export type RefundDetailsFragment = { readonly id: string, readonly status: RefundStatus, readonly reason: string, readonly createdAt: string, readonly amount: { readonly amount: number, readonly currency: string }, readonly failure: { readonly code: string } | null };

export type OrderNotPendingFragment = { readonly order: { readonly id: string, readonly number: string, readonly status: OrderStatus, readonly createdAt: string, readonly reservedUntil: string, readonly items: ReadonlyArray<{ readonly sku: string, readonly name: string, readonly quantity: number, readonly unitPrice: { readonly amount: number, readonly currency: string }, readonly lineTotal: { readonly amount: number, readonly currency: string }, readonly product: { readonly id: string } | null }>, readonly total: { readonly amount: number, readonly currency: string }, readonly cancellation: { readonly reason: CancellationReason, readonly at: string } | null } };

export type OutOfStockFragment = { readonly shortages: ReadonlyArray<{ readonly productId: string, readonly sku: string, readonly requested: number, readonly available: number }> };

export type ProductNotFoundFragment = { readonly productId: string };

export type RequestInFlightFragment = { readonly retryAfterSeconds: number };

export type TooManyAttemptsFragment = { readonly retryAfterSeconds: number };

export type ValidationFailedFragment = { readonly fields: ReadonlyArray<{ readonly path: string, readonly message: string }> };

export type RegisterMutationVariables = Exact<{
  input: RegisterInput;
}>;


export type RegisterMutation = { readonly register:
    | { readonly __typename: 'EmailTakenProblem', readonly code: string, readonly message: string }
    | { readonly __typename: 'Session', readonly accessToken: string, readonly accessTokenExpiresAt: string, readonly refreshToken: string, readonly refreshTokenExpiresAt: string, readonly user: { readonly id: string, readonly email: string, readonly name: string | null, readonly role: Role, readonly createdAt: string } }
    | { readonly __typename: 'TooManyAttemptsProblem', readonly code: string, readonly message: string, readonly retryAfterSeconds: number }
    | { readonly __typename: 'ValidationFailedProblem', readonly code: string, readonly message: string, readonly fields: ReadonlyArray<{ readonly path: string, readonly message: string }> }
   };

export type LoginMutationVariables = Exact<{
  input: LoginInput;
}>;


export type LoginMutation = { readonly login:
    | { readonly __typename: 'InvalidCredentialsProblem', readonly code: string, readonly message: string }
    | { readonly __typename: 'Session', readonly accessToken: string, readonly accessTokenExpiresAt: string, readonly refreshToken: string, readonly refreshTokenExpiresAt: string, readonly user: { readonly id: string, readonly email: string, readonly name: string | null, readonly role: Role, readonly createdAt: string } }
    | { readonly __typename: 'TooManyAttemptsProblem', readonly code: string, readonly message: string, readonly retryAfterSeconds: number }
   };

export type RefreshSessionMutationVariables = Exact<{
  input: RefreshSessionInput;
}>;


export type RefreshSessionMutation = { readonly refreshSession:
    | { readonly __typename: 'InvalidRefreshTokenProblem', readonly code: string, readonly message: string }
    | { readonly __typename: 'Session', readonly accessToken: string, readonly accessTokenExpiresAt: string, readonly refreshToken: string, readonly refreshTokenExpiresAt: string, readonly user: { readonly id: string, readonly email: string, readonly name: string | null, readonly role: Role, readonly createdAt: string } }
    | { readonly __typename: 'TooManyAttemptsProblem', readonly code: string, readonly message: string, readonly retryAfterSeconds: number }
   };

export type LogoutMutationVariables = Exact<{
  input?: LogoutInput | null | undefined;
}>;


export type LogoutMutation = { readonly logout:
    | { readonly __typename: 'SessionsEnded', readonly count: number }
    | { readonly __typename: 'ValidationFailedProblem' }
   };

export type MeQueryVariables = Exact<{ [key: string]: never; }>;


export type MeQuery = { readonly me: { readonly id: string, readonly email: string, readonly name: string | null, readonly role: Role, readonly createdAt: string } | null };

export type SessionDetailsFragment = { readonly accessToken: string, readonly accessTokenExpiresAt: string, readonly refreshToken: string, readonly refreshTokenExpiresAt: string, readonly user: { readonly id: string, readonly email: string, readonly name: string | null, readonly role: Role, readonly createdAt: string } };

export type UserDetailsFragment = { readonly id: string, readonly email: string, readonly name: string | null, readonly role: Role, readonly createdAt: string };

export class TypedDocumentString<TResult, TVariables>
  extends String
  implements DocumentTypeDecoration<TResult, TVariables>
{
  __apiType?: NonNullable<DocumentTypeDecoration<TResult, TVariables>['__apiType']>;
  private value: string;
  public __meta__?: Record<string, any> | undefined;

  constructor(value: string, __meta__?: Record<string, any> | undefined) {
    super(value);
    this.value = value;
    this.__meta__ = __meta__;
  }

  override toString(): string & DocumentTypeDecoration<TResult, TVariables> {
    return this.value;
  }
}
export const MoneyDetailsFragmentDoc = new TypedDocumentString(`
    fragment MoneyDetails on Money {
  amount
  currency
}
    `, {"fragmentName":"MoneyDetails"}) as unknown as TypedDocumentString<MoneyDetailsFragment, unknown>;
export const ProductDetailsFragmentDoc = new TypedDocumentString(`
    fragment ProductDetails on Product {
  id
  sku
  name
  description
  price {
    ...MoneyDetails
  }
  stock
  category
  imageUrl
  updatedAt
}
    fragment MoneyDetails on Money {
  amount
  currency
}`, {"fragmentName":"ProductDetails"}) as unknown as TypedDocumentString<ProductDetailsFragment, unknown>;
export const PageDetailsFragmentDoc = new TypedDocumentString(`
    fragment PageDetails on PageInfo {
  hasNextPage
  hasPreviousPage
  startCursor
  endCursor
}
    `, {"fragmentName":"PageDetails"}) as unknown as TypedDocumentString<PageDetailsFragment, unknown>;
export const RefundDetailsFragmentDoc = new TypedDocumentString(`
    fragment RefundDetails on Refund {
  id
  status
  amount {
    ...MoneyDetails
  }
  reason
  failure {
    code
  }
  createdAt
}
    fragment MoneyDetails on Money {
  amount
  currency
}`, {"fragmentName":"RefundDetails"}) as unknown as TypedDocumentString<RefundDetailsFragment, unknown>;
export const PaymentDetailsFragmentDoc = new TypedDocumentString(`
    fragment PaymentDetails on Payment {
  id
  status
  amount {
    ...MoneyDetails
  }
  failure {
    code
  }
  refunds {
    ...RefundDetails
  }
  createdAt
}
    fragment MoneyDetails on Money {
  amount
  currency
}
fragment RefundDetails on Refund {
  id
  status
  amount {
    ...MoneyDetails
  }
  reason
  failure {
    code
  }
  createdAt
}`, {"fragmentName":"PaymentDetails"}) as unknown as TypedDocumentString<PaymentDetailsFragment, unknown>;
export const OrderDetailsFragmentDoc = new TypedDocumentString(`
    fragment OrderDetails on Order {
  id
  number
  status
  items {
    sku
    name
    quantity
    unitPrice {
      ...MoneyDetails
    }
    lineTotal {
      ...MoneyDetails
    }
    product {
      id
    }
  }
  total {
    ...MoneyDetails
  }
  createdAt
  reservedUntil
  cancellation {
    reason
    at
  }
}
    fragment MoneyDetails on Money {
  amount
  currency
}`, {"fragmentName":"OrderDetails"}) as unknown as TypedDocumentString<OrderDetailsFragment, unknown>;
export const OrderNotPendingFragmentDoc = new TypedDocumentString(`
    fragment OrderNotPending on OrderNotPendingProblem {
  order {
    ...OrderDetails
  }
}
    fragment MoneyDetails on Money {
  amount
  currency
}
fragment OrderDetails on Order {
  id
  number
  status
  items {
    sku
    name
    quantity
    unitPrice {
      ...MoneyDetails
    }
    lineTotal {
      ...MoneyDetails
    }
    product {
      id
    }
  }
  total {
    ...MoneyDetails
  }
  createdAt
  reservedUntil
  cancellation {
    reason
    at
  }
}`, {"fragmentName":"OrderNotPending"}) as unknown as TypedDocumentString<OrderNotPendingFragment, unknown>;
export const OutOfStockFragmentDoc = new TypedDocumentString(`
    fragment OutOfStock on OutOfStockProblem {
  shortages {
    productId
    sku
    requested
    available
  }
}
    `, {"fragmentName":"OutOfStock"}) as unknown as TypedDocumentString<OutOfStockFragment, unknown>;
export const ProductNotFoundFragmentDoc = new TypedDocumentString(`
    fragment ProductNotFound on ProductNotFoundProblem {
  productId
}
    `, {"fragmentName":"ProductNotFound"}) as unknown as TypedDocumentString<ProductNotFoundFragment, unknown>;
export const RequestInFlightFragmentDoc = new TypedDocumentString(`
    fragment RequestInFlight on RequestInFlightProblem {
  retryAfterSeconds
}
    `, {"fragmentName":"RequestInFlight"}) as unknown as TypedDocumentString<RequestInFlightFragment, unknown>;
export const TooManyAttemptsFragmentDoc = new TypedDocumentString(`
    fragment TooManyAttempts on TooManyAttemptsProblem {
  retryAfterSeconds
}
    `, {"fragmentName":"TooManyAttempts"}) as unknown as TypedDocumentString<TooManyAttemptsFragment, unknown>;
export const ValidationFailedFragmentDoc = new TypedDocumentString(`
    fragment ValidationFailed on ValidationFailedProblem {
  fields {
    path
    message
  }
}
    `, {"fragmentName":"ValidationFailed"}) as unknown as TypedDocumentString<ValidationFailedFragment, unknown>;
export const UserDetailsFragmentDoc = new TypedDocumentString(`
    fragment UserDetails on User {
  id
  email
  name
  role
  createdAt
}
    `, {"fragmentName":"UserDetails"}) as unknown as TypedDocumentString<UserDetailsFragment, unknown>;
export const SessionDetailsFragmentDoc = new TypedDocumentString(`
    fragment SessionDetails on Session {
  accessToken
  accessTokenExpiresAt
  refreshToken
  refreshTokenExpiresAt
  user {
    ...UserDetails
  }
}
    fragment UserDetails on User {
  id
  email
  name
  role
  createdAt
}`, {"fragmentName":"SessionDetails"}) as unknown as TypedDocumentString<SessionDetailsFragment, unknown>;
export const ProductsDocument = new TypedDocumentString(`
    query Products($first: Int, $after: String, $last: Int, $before: String, $filter: ProductFilter, $sort: ProductSort) {
  products(
    first: $first
    after: $after
    last: $last
    before: $before
    filter: $filter
    sort: $sort
  ) {
    nodes {
      ...ProductDetails
    }
    pageInfo {
      ...PageDetails
    }
  }
}
    fragment ProductDetails on Product {
  id
  sku
  name
  description
  price {
    ...MoneyDetails
  }
  stock
  category
  imageUrl
  updatedAt
}
fragment MoneyDetails on Money {
  amount
  currency
}
fragment PageDetails on PageInfo {
  hasNextPage
  hasPreviousPage
  startCursor
  endCursor
}`, {"id":"bbfacebe8b59ae5af0e613a6e87ad2a6803c63ac690965e41b8051b8ef79e74f"}) as unknown as TypedDocumentString<ProductsQuery, ProductsQueryVariables>;
export const ProductDocument = new TypedDocumentString(`
    query Product($id: ID, $sku: String) {
  product(id: $id, sku: $sku) {
    ...ProductDetails
  }
}
    fragment ProductDetails on Product {
  id
  sku
  name
  description
  price {
    ...MoneyDetails
  }
  stock
  category
  imageUrl
  updatedAt
}
fragment MoneyDetails on Money {
  amount
  currency
}`, {"id":"f3b7bfc984cc678bb705f5f6bfe4ec1551f52532ec5bc499b109788c7bbbd779"}) as unknown as TypedDocumentString<ProductQuery, ProductQueryVariables>;
export const CreateOrderDocument = new TypedDocumentString(`
    mutation CreateOrder($input: CreateOrderInput!) {
  createOrder(input: $input) {
    __typename
    ...OrderDetails
    ... on Problem {
      code
      message
    }
    ...OutOfStock
    ...ProductNotFound
    ...RequestInFlight
    ... on TooManyOpenOrdersProblem {
      limit
      retryAfterSeconds
    }
    ... on TooManyUnitsHeldProblem {
      scope
      limit
      retryAfterSeconds
    }
    ...ValidationFailed
  }
}
    fragment MoneyDetails on Money {
  amount
  currency
}
fragment OrderDetails on Order {
  id
  number
  status
  items {
    sku
    name
    quantity
    unitPrice {
      ...MoneyDetails
    }
    lineTotal {
      ...MoneyDetails
    }
    product {
      id
    }
  }
  total {
    ...MoneyDetails
  }
  createdAt
  reservedUntil
  cancellation {
    reason
    at
  }
}
fragment OutOfStock on OutOfStockProblem {
  shortages {
    productId
    sku
    requested
    available
  }
}
fragment ProductNotFound on ProductNotFoundProblem {
  productId
}
fragment RequestInFlight on RequestInFlightProblem {
  retryAfterSeconds
}
fragment ValidationFailed on ValidationFailedProblem {
  fields {
    path
    message
  }
}`, {"id":"df084161d863118003df1e39db79b16d6ec7f2533ecb2200f6d36eb0dc3d5c81"}) as unknown as TypedDocumentString<CreateOrderMutation, CreateOrderMutationVariables>;
export const PayOrderDocument = new TypedDocumentString(`
    mutation PayOrder($input: PayOrderInput!) {
  payOrder(input: $input) {
    __typename
    ...OrderDetails
    ... on Order {
      paymentStatus
    }
    ... on Problem {
      code
      message
    }
    ...OrderNotPending
    ... on PaymentDeclinedProblem {
      reason
      order {
        ...OrderDetails
      }
    }
    ...RequestInFlight
    ...ValidationFailed
  }
}
    fragment MoneyDetails on Money {
  amount
  currency
}
fragment OrderDetails on Order {
  id
  number
  status
  items {
    sku
    name
    quantity
    unitPrice {
      ...MoneyDetails
    }
    lineTotal {
      ...MoneyDetails
    }
    product {
      id
    }
  }
  total {
    ...MoneyDetails
  }
  createdAt
  reservedUntil
  cancellation {
    reason
    at
  }
}
fragment OrderNotPending on OrderNotPendingProblem {
  order {
    ...OrderDetails
  }
}
fragment RequestInFlight on RequestInFlightProblem {
  retryAfterSeconds
}
fragment ValidationFailed on ValidationFailedProblem {
  fields {
    path
    message
  }
}`, {"id":"11b5baae5b721fdbafd1af284ef5690071cdd6f5f9a4485cd01160b013972cb8"}) as unknown as TypedDocumentString<PayOrderMutation, PayOrderMutationVariables>;
export const CancelOrderDocument = new TypedDocumentString(`
    mutation CancelOrder($input: CancelOrderInput!) {
  cancelOrder(input: $input) {
    __typename
    ...OrderDetails
    ... on Problem {
      code
      message
    }
    ...OrderNotPending
    ...RequestInFlight
    ...ValidationFailed
  }
}
    fragment MoneyDetails on Money {
  amount
  currency
}
fragment OrderDetails on Order {
  id
  number
  status
  items {
    sku
    name
    quantity
    unitPrice {
      ...MoneyDetails
    }
    lineTotal {
      ...MoneyDetails
    }
    product {
      id
    }
  }
  total {
    ...MoneyDetails
  }
  createdAt
  reservedUntil
  cancellation {
    reason
    at
  }
}
fragment OrderNotPending on OrderNotPendingProblem {
  order {
    ...OrderDetails
  }
}
fragment RequestInFlight on RequestInFlightProblem {
  retryAfterSeconds
}
fragment ValidationFailed on ValidationFailedProblem {
  fields {
    path
    message
  }
}`, {"id":"3041e755adeed83ddced9239bb39c5f7725fe17dbfd650e8f8715f633a82ff47"}) as unknown as TypedDocumentString<CancelOrderMutation, CancelOrderMutationVariables>;
export const RefundPaymentDocument = new TypedDocumentString(`
    mutation RefundPayment($input: RefundPaymentInput!) {
  refundPayment(input: $input) {
    __typename
    ...RefundDetails
    ... on Problem {
      code
      message
    }
    ... on RefundExceedsCapturedProblem {
      refundable {
        ...MoneyDetails
      }
    }
    ...RequestInFlight
    ...ValidationFailed
  }
}
    fragment MoneyDetails on Money {
  amount
  currency
}
fragment RefundDetails on Refund {
  id
  status
  amount {
    ...MoneyDetails
  }
  reason
  failure {
    code
  }
  createdAt
}
fragment RequestInFlight on RequestInFlightProblem {
  retryAfterSeconds
}
fragment ValidationFailed on ValidationFailedProblem {
  fields {
    path
    message
  }
}`, {"id":"2793b4d2a0fb15e42604788e39d7eca6a9d5229bf1d174215a7ca04de66e4317"}) as unknown as TypedDocumentString<RefundPaymentMutation, RefundPaymentMutationVariables>;
export const OrdersDocument = new TypedDocumentString(`
    query Orders($first: Int, $after: String, $status: OrderStatus) {
  me {
    id
    orders(first: $first, after: $after, status: $status) {
      nodes {
        ...OrderDetails
      }
      pageInfo {
        ...PageDetails
      }
    }
  }
}
    fragment MoneyDetails on Money {
  amount
  currency
}
fragment PageDetails on PageInfo {
  hasNextPage
  hasPreviousPage
  startCursor
  endCursor
}
fragment OrderDetails on Order {
  id
  number
  status
  items {
    sku
    name
    quantity
    unitPrice {
      ...MoneyDetails
    }
    lineTotal {
      ...MoneyDetails
    }
    product {
      id
    }
  }
  total {
    ...MoneyDetails
  }
  createdAt
  reservedUntil
  cancellation {
    reason
    at
  }
}`, {"id":"1b67e3dba497bb031913291fe60986408b19660f51912fad5b5524ead97fc275"}) as unknown as TypedDocumentString<OrdersQuery, OrdersQueryVariables>;
export const OrderDocument = new TypedDocumentString(`
    query Order($id: ID!) {
  order(id: $id) {
    ...OrderDetails
    payments {
      ...PaymentDetails
    }
    history {
      at
      type
      fromStatus
      toStatus
      actor
      reason
      note
    }
  }
}
    fragment MoneyDetails on Money {
  amount
  currency
}
fragment OrderDetails on Order {
  id
  number
  status
  items {
    sku
    name
    quantity
    unitPrice {
      ...MoneyDetails
    }
    lineTotal {
      ...MoneyDetails
    }
    product {
      id
    }
  }
  total {
    ...MoneyDetails
  }
  createdAt
  reservedUntil
  cancellation {
    reason
    at
  }
}
fragment PaymentDetails on Payment {
  id
  status
  amount {
    ...MoneyDetails
  }
  failure {
    code
  }
  refunds {
    ...RefundDetails
  }
  createdAt
}
fragment RefundDetails on Refund {
  id
  status
  amount {
    ...MoneyDetails
  }
  reason
  failure {
    code
  }
  createdAt
}`, {"id":"e51ca59041c567981c3bfa8a0e16f88fc7ccdce1987d94f9070eadd28c53aa10"}) as unknown as TypedDocumentString<OrderQuery, OrderQueryVariables>;
export const RegisterDocument = new TypedDocumentString(`
    mutation Register($input: RegisterInput!) {
  register(input: $input) {
    __typename
    ...SessionDetails
    ... on Problem {
      code
      message
    }
    ...TooManyAttempts
    ...ValidationFailed
  }
}
    fragment TooManyAttempts on TooManyAttemptsProblem {
  retryAfterSeconds
}
fragment ValidationFailed on ValidationFailedProblem {
  fields {
    path
    message
  }
}
fragment SessionDetails on Session {
  accessToken
  accessTokenExpiresAt
  refreshToken
  refreshTokenExpiresAt
  user {
    ...UserDetails
  }
}
fragment UserDetails on User {
  id
  email
  name
  role
  createdAt
}`, {"id":"e8ab5202813387abd6b803028e4dd5e9c1e1fc93d22e83808cf67b0a749069be"}) as unknown as TypedDocumentString<RegisterMutation, RegisterMutationVariables>;
export const LoginDocument = new TypedDocumentString(`
    mutation Login($input: LoginInput!) {
  login(input: $input) {
    __typename
    ...SessionDetails
    ... on Problem {
      code
      message
    }
    ...TooManyAttempts
  }
}
    fragment TooManyAttempts on TooManyAttemptsProblem {
  retryAfterSeconds
}
fragment SessionDetails on Session {
  accessToken
  accessTokenExpiresAt
  refreshToken
  refreshTokenExpiresAt
  user {
    ...UserDetails
  }
}
fragment UserDetails on User {
  id
  email
  name
  role
  createdAt
}`, {"id":"1a236c7466410b7f0399a5edbf9f10e50681fe8741f11fee513f185e469d239d"}) as unknown as TypedDocumentString<LoginMutation, LoginMutationVariables>;
export const RefreshSessionDocument = new TypedDocumentString(`
    mutation RefreshSession($input: RefreshSessionInput!) {
  refreshSession(input: $input) {
    __typename
    ...SessionDetails
    ... on Problem {
      code
      message
    }
    ...TooManyAttempts
  }
}
    fragment TooManyAttempts on TooManyAttemptsProblem {
  retryAfterSeconds
}
fragment SessionDetails on Session {
  accessToken
  accessTokenExpiresAt
  refreshToken
  refreshTokenExpiresAt
  user {
    ...UserDetails
  }
}
fragment UserDetails on User {
  id
  email
  name
  role
  createdAt
}`, {"id":"dab83d98081838a72c28c9d8213be1f6123e8551e2afd688d8b1580642d1c82f"}) as unknown as TypedDocumentString<RefreshSessionMutation, RefreshSessionMutationVariables>;
export const LogoutDocument = new TypedDocumentString(`
    mutation Logout($input: LogoutInput) {
  logout(input: $input) {
    __typename
    ... on SessionsEnded {
      count
    }
  }
}
    `, {"id":"1f939190f4c33ff6329776164d77a5cec913fb1e272012db709d6c15e24e5b18"}) as unknown as TypedDocumentString<LogoutMutation, LogoutMutationVariables>;
export const MeDocument = new TypedDocumentString(`
    query Me {
  me {
    ...UserDetails
  }
}
    fragment UserDetails on User {
  id
  email
  name
  role
  createdAt
}`, {"id":"84b18dd8ce87c46fc3b3a1e654af2103e0c3932c55afee122a3750c89ae3052b"}) as unknown as TypedDocumentString<MeQuery, MeQueryVariables>;