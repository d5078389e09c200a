import type { GraphQLResolveInfo, GraphQLScalarType, GraphQLScalarTypeConfig } from 'graphql';
import type { Order as OrderModel, OrderItem as OrderItemModel } from '../domain/order.ts';
import type { OrderEvent as OrderEventModel } from '../domain/order-event.ts';
import type { Money as MoneyModel } from '@cartograph/money';
import type { PreviewItem } from '../domain/preview-order.ts';
import type { Context } from '../context.ts';
export type Maybe<T> = T | null;
export type InputMaybe<T> = Maybe<T>;
export type Omit<T, K extends keyof T> = Pick<T, Exclude<keyof T, K>>;
export type RequireFields<T, K extends keyof T> = Omit<T, K> & { [P in K]-?: NonNullable<T[P]> };
/** All built-in and custom scalars, mapped to their actual values */
export type Scalars = {
  ID: { input: string; output: string; }
  String: { input: string; output: string; }
  Boolean: { input: boolean; output: boolean; }
  Int: { input: number; output: number; }
  Float: { input: number; output: number; }
  /** An ISO 4217 currency code: EUR. */
  Currency: { input: string; output: string; }
  /** A point in time in the format of RFC 3339: 2026-01-31T12:00:00.000Z. */
  DateTime: { input: Date; output: Date; }
  /** A whole number of up to 2^53 - 1. */
  SafeInt: { input: number; output: number; }
  _FieldSet: { input: unknown; output: unknown; }
};

/** Who may read a field. */
export type Access =
  /** An administrator of the shop. */
  | 'ADMIN'
  /** Any client, signed in or not. */
  | 'PUBLIC'
  /** A service of the shop, never a client. */
  | 'SERVICE'
  /** Any signed-in account. A customer does not find data of other customers. */
  | 'USER';

/** The cancellation of an order. */
export type CancelOrderInput = {
  /** Any text of up to 255 characters: for 24 hours a repeat gets the first result. */
  readonly idempotencyKey?: InputMaybe<Scalars['String']['input']>;
  /** The id of the order. */
  readonly orderId: Scalars['ID']['input'];
  /**
   * Up to 500 characters about why, for the order's history. A customer's note is read by that customer
   * and by administrators, an administrator's by administrators alone.
   */
  readonly reason?: InputMaybe<Scalars['String']['input']>;
};

/** The order is CANCELLED. An order that was cancelled before for the same reason is returned as it is. */
export type CancelOrderResult = IdempotencyConflictProblem | Order | OrderNotFoundProblem | OrderNotPendingProblem | RequestInFlightProblem | ValidationFailedProblem;

/** When and why an order was cancelled. */
export type Cancellation = {
  readonly __typename?: 'Cancellation';
  /** When. */
  readonly at: Scalars['DateTime']['output'];
  /** Why. */
  readonly reason: CancellationReason;
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
  readonly deliveryAddress?: InputMaybe<DeliveryAddressInput>;
  /**
   * Any text of up to 255 characters. For 24 hours the same key with the same input gets the same
   * result, and makes one order.
   */
  readonly idempotencyKey?: InputMaybe<Scalars['String']['input']>;
  /**
   * 1 to 100 lines. Lines of one product are added up. All of them together may not have more units than
   * one account may hold.
   */
  readonly items: ReadonlyArray<OrderItemInput>;
};

/** The new order, which is PENDING, or why there is none. */
export type CreateOrderResult = IdempotencyConflictProblem | MixedCurrenciesProblem | Order | OutOfStockProblem | ProductNotFoundProblem | RequestInFlightProblem | TooManyOpenOrdersProblem | TooManyUnitsHeldProblem | ValidationFailedProblem;

/** Where an order is delivered to. Its customer and administrators can read it. */
export type DeliveryAddress = {
  readonly __typename?: 'DeliveryAddress';
  /** City or town. */
  readonly city: Scalars['String']['output'];
  /** Two letters of ISO 3166-1: `DE`. */
  readonly country: Scalars['String']['output'];
  /** Street and number, or a post office box. */
  readonly line1: Scalars['String']['output'];
  /** What does not fit the first line: an apartment, a floor. */
  readonly line2: Maybe<Scalars['String']['output']>;
  /** Who receives it. */
  readonly name: Scalars['String']['output'];
  /** Null where there are none. */
  readonly postalCode: Maybe<Scalars['String']['output']>;
  /** State, province or county. */
  readonly region: Maybe<Scalars['String']['output']>;
};

/** Where to deliver an order. */
export type DeliveryAddressInput = {
  /** City or town: 1 to 100 characters. */
  readonly city: Scalars['String']['input'];
  /** The 2 characters of ISO 3166-1, in upper case: `DE`. */
  readonly country: Scalars['String']['input'];
  /** Street and number: 1 to 200 characters. */
  readonly line1: Scalars['String']['input'];
  /** Apartment or floor: 1 to 200 characters. */
  readonly line2?: InputMaybe<Scalars['String']['input']>;
  /** Who receives it: 1 to 100 characters. */
  readonly name: Scalars['String']['input'];
  /** 1 to 20 characters. */
  readonly postalCode?: InputMaybe<Scalars['String']['input']>;
  /** State, province or county: 1 to 100 characters. */
  readonly region?: InputMaybe<Scalars['String']['input']>;
};

/** One field of the input that is not allowed. */
export type FieldFault = {
  readonly __typename?: 'FieldFault';
  /** Why. */
  readonly message: Scalars['String']['output'];
  /** Where: `items.0.quantity`. */
  readonly path: Scalars['String']['output'];
};

/** The pending orders whose units are counted together. */
export type HoldScope =
  /** Of all pending orders of one account. */
  | 'ACCOUNT'
  /** Of all pending orders from one client address. */
  | 'ADDRESS';

/** This idempotency key was used for another request. */
export type IdempotencyConflictProblem = Problem & {
  readonly __typename?: 'IdempotencyConflictProblem';
  /** The reason, from the catalogue of codes. It is never renamed. */
  readonly code: Scalars['String']['output'];
  /** A sentence for people. */
  readonly message: Scalars['String']['output'];
};

/** The order can't change from its current status to the requested one. */
export type IllegalTransitionProblem = Problem & {
  readonly __typename?: 'IllegalTransitionProblem';
  /** The statuses to which it can move. */
  readonly allowed: ReadonlyArray<OrderStatus>;
  /** The reason, from the catalogue of codes. It is never renamed. */
  readonly code: Scalars['String']['output'];
  /** The status of the order. */
  readonly from: OrderStatus;
  /** A sentence for people. */
  readonly message: Scalars['String']['output'];
  /** The status that was asked for. */
  readonly to: OrderStatus;
};

/** An order can hold products of one currency only. */
export type MixedCurrenciesProblem = Problem & {
  readonly __typename?: 'MixedCurrenciesProblem';
  /** The reason, from the catalogue of codes. It is never renamed. */
  readonly code: Scalars['String']['output'];
  /** A sentence for people. */
  readonly message: Scalars['String']['output'];
};

/** An amount in the smallest unit of its currency: `amount` 1999 with `currency` EUR is 19.99 euros. */
export type Money = {
  readonly __typename?: 'Money';
  /** The number of smallest units: cents, for euros. */
  readonly amount: Scalars['SafeInt']['output'];
  /** The currency. */
  readonly currency: Scalars['Currency']['output'];
  /**
   * The amount in the currency itself, with as many decimals as ISO 4217 gives it: `amount` 1999 is `19.99`
   * with `currency` EUR, and `1999` with JPY. A string, because floating-point numbers are not exact.
   */
  readonly decimal: Scalars['String']['output'];
};

/** What can be changed. */
export type Mutation = {
  readonly __typename?: 'Mutation';
  /**
   * Cancels a pending order. Customers can cancel their own orders, administrators any order. A payment in
   * progress may confirm the order first; a payment that succeeds after the cancellation is refunded.
   */
  readonly cancelOrder: CancelOrderResult;
  /** Reserves the stock and makes a pending order. */
  readonly createOrder: CreateOrderResult;
  /** Pays an order. A declined payment cancels it and releases its stock. */
  readonly payOrder: PayOrderResult;
  /** Notifies that a payment of this order is settled: its status is read then. May be repeated. */
  readonly paymentDecided: Maybe<Order>;
  /** Moves an order to another status, where that is allowed. */
  readonly updateOrderStatus: UpdateOrderStatusResult;
};


/** What can be changed. */
export type MutationCancelOrderArgs = {
  input: CancelOrderInput;
};


/** What can be changed. */
export type MutationCreateOrderArgs = {
  input: CreateOrderInput;
};


/** What can be changed. */
export type MutationPayOrderArgs = {
  input: PayOrderInput;
};


/** What can be changed. */
export type MutationPaymentDecidedArgs = {
  orderId: Scalars['ID']['input'];
};


/** What can be changed. */
export type MutationUpdateOrderStatusArgs = {
  input: UpdateOrderStatusInput;
};

/** An order of a customer. */
export type Order = {
  readonly __typename?: 'Order';
  /** Whether `cancelOrder` would cancel it now, for its customer or an administrator: it is pending. */
  readonly canCancel: Scalars['Boolean']['output'];
  /**
   * Whether `payOrder` can be called for it: it is pending, and the time to pay it is not over. While its payment
   * is PROCESSING, that only returns the payment. Only its customer can pay it.
   */
  readonly canPay: Scalars['Boolean']['output'];
  /** Set when the status is CANCELLED. */
  readonly cancellation: Maybe<Cancellation>;
  /** When it was ordered. */
  readonly createdAt: Scalars['DateTime']['output'];
  /** The account that ordered. */
  readonly customer: Maybe<User>;
  /** Where it is delivered to, as it was when the order was made; null when it was made without one. */
  readonly deliveryAddress: Maybe<DeliveryAddress>;
  /** Its history, oldest first. */
  readonly history: ReadonlyArray<OrderEvent>;
  /** The id of the order. */
  readonly id: Scalars['ID']['output'];
  /** What was ordered. */
  readonly items: ReadonlyArray<OrderItem>;
  /** The number for people: `C-100042`. */
  readonly number: Scalars['String']['output'];
  /** Set in the result of `payOrder` only: the id of that payment. */
  readonly paymentId: Maybe<Scalars['ID']['output']>;
  /**
   * Set in the result of `payOrder` only: the status of the payment at that time, which a repeat with the
   * same key returns again. The current status is in `payments`.
   */
  readonly paymentStatus: Maybe<PaymentStatus>;
  /** Until then the stock is reserved and the order can be paid. */
  readonly reservedUntil: Scalars['DateTime']['output'];
  /** Whether it is pending, paid or cancelled. */
  readonly status: OrderStatus;
  /** The sum of all lines. */
  readonly total: Money;
  /** When it was last changed. */
  readonly updatedAt: Scalars['DateTime']['output'];
};

/** Who changed an order. */
export type OrderActor =
  /** An administrator of the shop. */
  | 'ADMIN'
  /** The customer who ordered. */
  | 'CUSTOMER'
  /** The system: a payment was settled, or the order expired. */
  | 'SHOP';

/** A page of orders. */
export type OrderConnection = {
  readonly __typename?: 'OrderConnection';
  /** The orders, each with its cursor. */
  readonly edges: ReadonlyArray<OrderEdge>;
  /** The orders, for clients that need no cursors. */
  readonly nodes: ReadonlyArray<Order>;
  /** Where the page is in the list. */
  readonly pageInfo: PageInfo;
};

/** An order in a page. */
export type OrderEdge = {
  readonly __typename?: 'OrderEdge';
  /** The position of the item in the list. */
  readonly cursor: Scalars['String']['output'];
  /** The order. */
  readonly node: Order;
};

/** A line of an order's history. It never changes. */
export type OrderEvent = {
  readonly __typename?: 'OrderEvent';
  /** Who did it. */
  readonly actor: OrderActor;
  /** When it happened. */
  readonly at: Scalars['DateTime']['output'];
  /** Null when the order was created. */
  readonly fromStatus: Maybe<OrderStatus>;
  /**
   * The note of the actor. A customer reads their own notes, administrators read all notes. An
   * administrator's note is internal, and null for the customer.
   */
  readonly note: Maybe<Scalars['String']['output']>;
  /** A code: why the order was cancelled, or the result of the payment. */
  readonly reason: Maybe<Scalars['String']['output']>;
  /** The same as `fromStatus` when the event did not change it. */
  readonly toStatus: OrderStatus;
  /** What happened. */
  readonly type: OrderEventType;
  /** The account of the actor. An administrator's is visible to administrators only. */
  readonly user: Maybe<User>;
};

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

/** One line: name, SKU and price as they were when the order was made. */
export type OrderItem = {
  readonly __typename?: 'OrderItem';
  /** The unit price, times the quantity. */
  readonly lineTotal: Money;
  /** The name of the product, as it was. */
  readonly name: Scalars['String']['output'];
  /** The product as it is today. */
  readonly product: Maybe<Product>;
  /** How many units were ordered. */
  readonly quantity: Scalars['Int']['output'];
  /** The article number, as it was. */
  readonly sku: Scalars['String']['output'];
  /** What one unit cost. */
  readonly unitPrice: Money;
};

/** A product, and how many units of it. */
export type OrderItemInput = {
  /** The id of the product. */
  readonly productId: Scalars['ID']['input'];
  /** 1 to 1000. */
  readonly quantity: Scalars['Int']['input'];
};

/** There is no such order. */
export type OrderNotFoundProblem = Problem & {
  readonly __typename?: 'OrderNotFoundProblem';
  /** The reason, from the catalogue of codes. It is never renamed. */
  readonly code: Scalars['String']['output'];
  /** A sentence for people. */
  readonly message: Scalars['String']['output'];
};

/** The order has no successful payment. */
export type OrderNotPaidProblem = Problem & {
  readonly __typename?: 'OrderNotPaidProblem';
  /** The reason, from the catalogue of codes. It is never renamed. */
  readonly code: Scalars['String']['output'];
  /** A sentence for people. */
  readonly message: Scalars['String']['output'];
};

/** The order is no longer pending. */
export type OrderNotPendingProblem = Problem & {
  readonly __typename?: 'OrderNotPendingProblem';
  /** The reason, from the catalogue of codes. It is never renamed. */
  readonly code: Scalars['String']['output'];
  /** A sentence for people. */
  readonly message: Scalars['String']['output'];
  /** The order as it is now. */
  readonly order: Order;
};

/** What an order would be if it were made now. */
export type OrderPreview = {
  readonly __typename?: 'OrderPreview';
  /** Whether there is enough stock for every line. */
  readonly isAvailable: Scalars['Boolean']['output'];
  /** One line for each product, in the order in which they were given. */
  readonly items: ReadonlyArray<OrderPreviewItem>;
  /** The sum of its lines. */
  readonly total: Money;
};

/** A line of a preview: name, SKU and price as they are now. */
export type OrderPreviewItem = {
  readonly __typename?: 'OrderPreviewItem';
  /** How many units can be ordered now. */
  readonly available: Scalars['Int']['output'];
  /** Whether `available` is enough for the line. */
  readonly isAvailable: Scalars['Boolean']['output'];
  /** The price of all units of the line. */
  readonly lineTotal: Money;
  /** The name of the product. */
  readonly name: Scalars['String']['output'];
  /** The product. */
  readonly product: Maybe<Product>;
  /** How many units. */
  readonly quantity: Scalars['Int']['output'];
  /** The shop's own article number. */
  readonly sku: Scalars['String']['output'];
  /** The price of one unit. */
  readonly unitPrice: Money;
};

/** What the order would be, or why it could not be made. */
export type OrderPreviewResult = MixedCurrenciesProblem | OrderPreview | ProductNotFoundProblem | ValidationFailedProblem;

/** The status of an order. */
export type OrderStatus =
  /** Cancelled; its stock is released. */
  | 'CANCELLED'
  /** Paid; its stock is sold. */
  | 'CONFIRMED'
  /** Not paid yet; its stock is reserved. */
  | 'PENDING';

/** There is not enough stock. */
export type OutOfStockProblem = Problem & {
  readonly __typename?: 'OutOfStockProblem';
  /** The reason, from the catalogue of codes. It is never renamed. */
  readonly code: Scalars['String']['output'];
  /** A sentence for people. */
  readonly message: Scalars['String']['output'];
  /** Every product that is short. */
  readonly shortages: ReadonlyArray<Shortage>;
};

/** The position of a page in its list. */
export type PageInfo = {
  readonly __typename?: 'PageInfo';
  /** The cursor of the last item: `after` of the next page. Null for an empty page. */
  readonly endCursor: Maybe<Scalars['String']['output']>;
  /** Whether there are more items after this page. */
  readonly hasNextPage: Scalars['Boolean']['output'];
  /** Whether there are items before this page. */
  readonly hasPreviousPage: Scalars['Boolean']['output'];
  /** The cursor of the first item: `before` of the page before this one. Null for an empty page. */
  readonly startCursor: Maybe<Scalars['String']['output']>;
};

/** A payment of an order. */
export type PayOrderInput = {
  /** Any text of up to 255 characters: for 24 hours a repeat gets the first result. */
  readonly idempotencyKey?: InputMaybe<Scalars['String']['input']>;
  /** The id of the order. */
  readonly orderId: Scalars['ID']['input'];
  /**
   * What `paymentMethods` says to send: the name of a method, or an id that the provider's library made. 1 to
   * 100 characters. If it is left out or null, the provider's default is used.
   */
  readonly paymentMethod?: InputMaybe<Scalars['String']['input']>;
};

/** The order is CONFIRMED, or PENDING while its payment is processed. */
export type PayOrderResult = IdempotencyConflictProblem | Order | OrderNotFoundProblem | OrderNotPendingProblem | PaymentDeclinedProblem | RequestInFlightProblem | ValidationFailedProblem;

/** The payment was declined; the order is cancelled. */
export type PaymentDeclinedProblem = Problem & {
  readonly __typename?: 'PaymentDeclinedProblem';
  /** The reason, from the catalogue of codes. It is never renamed. */
  readonly code: Scalars['String']['output'];
  /** A sentence for people. */
  readonly message: Scalars['String']['output'];
  /** The order, which is cancelled. */
  readonly order: Order;
  /** The provider's reason. */
  readonly reason: Scalars['String']['output'];
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

/** A failure that a client can cause and should handle. */
export type Problem = {
  /** The reason, from the catalogue of codes. It is never renamed. */
  readonly code: Scalars['String']['output'];
  /** A sentence for people. */
  readonly message: Scalars['String']['output'];
};

/** What the shop sells. */
export type Product = {
  readonly __typename?: 'Product';
  /** The id of the product. */
  readonly id: Scalars['ID']['output'];
};

/** There is no such product. */
export type ProductNotFoundProblem = Problem & {
  readonly __typename?: 'ProductNotFoundProblem';
  /** The reason, from the catalogue of codes. It is never renamed. */
  readonly code: Scalars['String']['output'];
  /** A sentence for people. */
  readonly message: Scalars['String']['output'];
  /** The id that no product has. */
  readonly productId: Scalars['ID']['output'];
};

/** What can be read. */
export type Query = {
  readonly __typename?: 'Query';
  /**
   * One order, by id or by number: give exactly one of them. Customers can read their own orders,
   * administrators any order.
   */
  readonly order: Maybe<Order>;
  /**
   * What an order of these lines would be now: its prices, its total, and which lines are short. Nothing
   * is reserved: prices and stock may change until `createOrder`. No sign-in is needed.
   */
  readonly orderPreview: Maybe<OrderPreviewResult>;
  /** All orders, newest first. Page forward with `first` and `after`, backward with `last` and `before`. */
  readonly orders: Maybe<OrderConnection>;
};


/** What can be read. */
export type QueryOrderArgs = {
  id?: InputMaybe<Scalars['ID']['input']>;
  number?: InputMaybe<Scalars['String']['input']>;
};


/** What can be read. */
export type QueryOrderPreviewArgs = {
  items: ReadonlyArray<OrderItemInput>;
};


/** What can be read. */
export type QueryOrdersArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  status?: InputMaybe<OrderStatus>;
};

/** A request with this idempotency key is in progress. */
export type RequestInFlightProblem = Problem & {
  readonly __typename?: 'RequestInFlightProblem';
  /** The reason, from the catalogue of codes. It is never renamed. */
  readonly code: Scalars['String']['output'];
  /** A sentence for people. */
  readonly message: Scalars['String']['output'];
  /** Seconds to wait before the request is repeated. */
  readonly retryAfterSeconds: Scalars['Int']['output'];
};

/** A product with less stock than was ordered. */
export type Shortage = {
  readonly __typename?: 'Shortage';
  /** How many are left. */
  readonly available: Scalars['Int']['output'];
  /** The id of the product. */
  readonly productId: Scalars['ID']['output'];
  /** How many were ordered. */
  readonly requested: Scalars['Int']['output'];
  /** The shop's own article number. */
  readonly sku: Scalars['String']['output'];
};

/**
 * This account has too many pending orders. Pay or cancel one, or wait for one to expire. The idempotency
 * key of the request may be used again.
 */
export type TooManyOpenOrdersProblem = Problem & {
  readonly __typename?: 'TooManyOpenOrdersProblem';
  /** The reason, from the catalogue of codes. It is never renamed. */
  readonly code: Scalars['String']['output'];
  /** How many may be pending at a time. */
  readonly limit: Scalars['Int']['output'];
  /** A sentence for people. */
  readonly message: Scalars['String']['output'];
  /** Seconds until the first of them expires, at the latest. */
  readonly retryAfterSeconds: Scalars['Int']['output'];
};

/**
 * The order would exceed the limit on units reserved by unpaid orders. The idempotency key of the request
 * may be used again.
 */
export type TooManyUnitsHeldProblem = Problem & {
  readonly __typename?: 'TooManyUnitsHeldProblem';
  /** The reason, from the catalogue of codes. It is never renamed. */
  readonly code: Scalars['String']['output'];
  /** How many units may be reserved at a time. */
  readonly limit: Scalars['Int']['output'];
  /** A sentence for people. */
  readonly message: Scalars['String']['output'];
  /** Seconds until the first of these orders expires, at the latest. */
  readonly retryAfterSeconds: Scalars['Int']['output'];
  /** Which orders are counted. */
  readonly scope: HoldScope;
};

/** A new status of an order. */
export type UpdateOrderStatusInput = {
  /** The id of the order. */
  readonly orderId: Scalars['ID']['input'];
  /** Up to 500 characters about why, for the order's history: an internal note, for administrators. */
  readonly reason?: InputMaybe<Scalars['String']['input']>;
  /** CONFIRMED requires a payment that succeeded; CANCELLED releases the stock. */
  readonly status: OrderStatus;
};

/** The order in its new status, or why it was not changed. */
export type UpdateOrderStatusResult = IllegalTransitionProblem | Order | OrderNotFoundProblem | OrderNotPaidProblem | ValidationFailedProblem;

/** An account of the shop. */
export type User = {
  readonly __typename?: 'User';
  /** The id of the account. */
  readonly id: Scalars['ID']['output'];
  /**
   * The orders of this account, newest first. Page forward with `first` and `after`, backward with `last`
   * and `before`.
   */
  readonly orders: Maybe<OrderConnection>;
};


/** An account of the shop. */
export type UserOrdersArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  status?: InputMaybe<OrderStatus>;
};

/** Input that breaks a rule, with every fault. */
export type ValidationFailedProblem = Problem & {
  readonly __typename?: 'ValidationFailedProblem';
  /** The reason, from the catalogue of codes. It is never renamed. */
  readonly code: Scalars['String']['output'];
  /** Every fault of the input. */
  readonly fields: ReadonlyArray<FieldFault>;
  /** A sentence for people. */
  readonly message: Scalars['String']['output'];
};



export type ResolverTypeWrapper<T> = Promise<T> | T;

export type ReferenceResolver<TResult, TReference, TContext> = (
      reference: TReference,
      context: TContext,
      info: GraphQLResolveInfo
    ) => Promise<TResult> | TResult;

      type ScalarCheck<T, S> = S extends true ? T : NullableCheck<T, S>;
      type NullableCheck<T, S> = Maybe<T> extends T ? Maybe<ListCheck<NonNullable<T>, S>> : ListCheck<T, S>;
      type ListCheck<T, S> = T extends (infer U)[] ? NullableCheck<U, S>[] : GraphQLRecursivePick<T, S>;
      export type GraphQLRecursivePick<T, S> = { [K in keyof T & keyof S]: ScalarCheck<T[K], S[K]> };
    

export type ResolverWithResolve<TResult, TParent, TContext, TArgs> = {
  resolve: ResolverFn<TResult, TParent, TContext, TArgs>;
};
export type Resolver<TResult, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> = ResolverFn<TResult, TParent, TContext, TArgs> | ResolverWithResolve<TResult, TParent, TContext, TArgs>;

export type ResolverFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => Promise<TResult> | TResult;

export type SubscriptionSubscribeFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => AsyncIterable<TResult> | Promise<AsyncIterable<TResult>>;

export type SubscriptionResolveFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => TResult | Promise<TResult>;

export interface SubscriptionSubscriberObject<TResult, TKey extends string, TParent, TContext, TArgs> {
  subscribe: SubscriptionSubscribeFn<{ [key in TKey]: TResult }, TParent, TContext, TArgs>;
  resolve?: SubscriptionResolveFn<TResult, { [key in TKey]: TResult }, TContext, TArgs>;
}

export interface SubscriptionResolverObject<TResult, TParent, TContext, TArgs> {
  subscribe: SubscriptionSubscribeFn<any, TParent, TContext, TArgs>;
  resolve: SubscriptionResolveFn<TResult, any, TContext, TArgs>;
}

export type SubscriptionObject<TResult, TKey extends string, TParent, TContext, TArgs> =
  | SubscriptionSubscriberObject<TResult, TKey, TParent, TContext, TArgs>
  | SubscriptionResolverObject<TResult, TParent, TContext, TArgs>;

export type SubscriptionResolver<TResult, TKey extends string, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> =
  | ((...args: any[]) => SubscriptionObject<TResult, TKey, TParent, TContext, TArgs>)
  | SubscriptionObject<TResult, TKey, TParent, TContext, TArgs>;

export type TypeResolveFn<TTypes, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>> = (
  parent: TParent,
  context: TContext,
  info: GraphQLResolveInfo
) => Maybe<TTypes> | Promise<Maybe<TTypes>>;

export type IsTypeOfResolverFn<T = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>> = (obj: T, context: TContext, info: GraphQLResolveInfo) => boolean | Promise<boolean>;

export type NextResolverFn<T> = () => Promise<T>;

export type DirectiveResolverFn<TResult = Record<PropertyKey, never>, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> = (
  next: NextResolverFn<TResult>,
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => TResult | Promise<TResult>;

/** Mapping of federation types */
export type FederationTypes = {
  Order: Order;
  User: User;
};

/** Mapping of federation reference types */
export type FederationReferenceTypes = {
  Order:
    ( { __typename: 'Order' }
    & GraphQLRecursivePick<FederationTypes['Order'], {"id":true}> );
  User:
    ( { __typename: 'User' }
    & GraphQLRecursivePick<FederationTypes['User'], {"id":true}> );
};

/** Mapping of union types */
export type ResolversUnionTypes<_RefType extends Record<string, unknown>> = {
  CancelOrderResult:
    | ( IdempotencyConflictProblem & { __typename: 'IdempotencyConflictProblem' } )
    | ( OrderModel & { __typename: 'Order' } )
    | ( OrderNotFoundProblem & { __typename: 'OrderNotFoundProblem' } )
    | ( Omit<OrderNotPendingProblem, 'order'> & { order: _RefType['Order'] } & { __typename: 'OrderNotPendingProblem' } )
    | ( RequestInFlightProblem & { __typename: 'RequestInFlightProblem' } )
    | ( ValidationFailedProblem & { __typename: 'ValidationFailedProblem' } )
  ;
  CreateOrderResult:
    | ( IdempotencyConflictProblem & { __typename: 'IdempotencyConflictProblem' } )
    | ( MixedCurrenciesProblem & { __typename: 'MixedCurrenciesProblem' } )
    | ( OrderModel & { __typename: 'Order' } )
    | ( OutOfStockProblem & { __typename: 'OutOfStockProblem' } )
    | ( ProductNotFoundProblem & { __typename: 'ProductNotFoundProblem' } )
    | ( RequestInFlightProblem & { __typename: 'RequestInFlightProblem' } )
    | ( TooManyOpenOrdersProblem & { __typename: 'TooManyOpenOrdersProblem' } )
    | ( TooManyUnitsHeldProblem & { __typename: 'TooManyUnitsHeldProblem' } )
    | ( ValidationFailedProblem & { __typename: 'ValidationFailedProblem' } )
  ;
  OrderPreviewResult:
    | ( MixedCurrenciesProblem & { __typename: 'MixedCurrenciesProblem' } )
    | ( Omit<OrderPreview, 'items' | 'total'> & { items: ReadonlyArray<_RefType['OrderPreviewItem']>, total: _RefType['Money'] } & { __typename: 'OrderPreview' } )
    | ( ProductNotFoundProblem & { __typename: 'ProductNotFoundProblem' } )
    | ( ValidationFailedProblem & { __typename: 'ValidationFailedProblem' } )
  ;
  PayOrderResult:
    | ( IdempotencyConflictProblem & { __typename: 'IdempotencyConflictProblem' } )
    | ( OrderModel & { __typename: 'Order' } )
    | ( OrderNotFoundProblem & { __typename: 'OrderNotFoundProblem' } )
    | ( Omit<OrderNotPendingProblem, 'order'> & { order: _RefType['Order'] } & { __typename: 'OrderNotPendingProblem' } )
    | ( Omit<PaymentDeclinedProblem, 'order'> & { order: _RefType['Order'] } & { __typename: 'PaymentDeclinedProblem' } )
    | ( RequestInFlightProblem & { __typename: 'RequestInFlightProblem' } )
    | ( ValidationFailedProblem & { __typename: 'ValidationFailedProblem' } )
  ;
  UpdateOrderStatusResult:
    | ( IllegalTransitionProblem & { __typename: 'IllegalTransitionProblem' } )
    | ( OrderModel & { __typename: 'Order' } )
    | ( OrderNotFoundProblem & { __typename: 'OrderNotFoundProblem' } )
    | ( OrderNotPaidProblem & { __typename: 'OrderNotPaidProblem' } )
    | ( ValidationFailedProblem & { __typename: 'ValidationFailedProblem' } )
  ;
};

/** Mapping of interface types */
export type ResolversInterfaceTypes<_RefType extends Record<string, unknown>> = {
  Problem:
    | ( IdempotencyConflictProblem )
    | ( IllegalTransitionProblem )
    | ( MixedCurrenciesProblem )
    | ( OrderNotFoundProblem )
    | ( OrderNotPaidProblem )
    | ( Omit<OrderNotPendingProblem, 'order'> & { order: _RefType['Order'] } )
    | ( OutOfStockProblem )
    | ( Omit<PaymentDeclinedProblem, 'order'> & { order: _RefType['Order'] } )
    | ( ProductNotFoundProblem )
    | ( RequestInFlightProblem )
    | ( TooManyOpenOrdersProblem )
    | ( TooManyUnitsHeldProblem )
    | ( ValidationFailedProblem )
  ;
};

/** Mapping between all available schema types and the resolvers types */
export type ResolversTypes = {
  Access: Access;
  CancelOrderInput: CancelOrderInput;
  String: ResolverTypeWrapper<Scalars['String']['output']>;
  ID: ResolverTypeWrapper<Scalars['ID']['output']>;
  CancelOrderResult: ResolverTypeWrapper<ResolversUnionTypes<ResolversTypes>['CancelOrderResult']>;
  Cancellation: ResolverTypeWrapper<Cancellation>;
  CancellationReason: CancellationReason;
  CreateOrderInput: CreateOrderInput;
  CreateOrderResult: ResolverTypeWrapper<ResolversUnionTypes<ResolversTypes>['CreateOrderResult']>;
  Currency: ResolverTypeWrapper<Scalars['Currency']['output']>;
  DateTime: ResolverTypeWrapper<Scalars['DateTime']['output']>;
  DeliveryAddress: ResolverTypeWrapper<DeliveryAddress>;
  DeliveryAddressInput: DeliveryAddressInput;
  FieldFault: ResolverTypeWrapper<FieldFault>;
  HoldScope: HoldScope;
  IdempotencyConflictProblem: ResolverTypeWrapper<IdempotencyConflictProblem>;
  IllegalTransitionProblem: ResolverTypeWrapper<IllegalTransitionProblem>;
  MixedCurrenciesProblem: ResolverTypeWrapper<MixedCurrenciesProblem>;
  Money: ResolverTypeWrapper<MoneyModel>;
  Mutation: ResolverTypeWrapper<Record<PropertyKey, never>>;
  Order: ResolverTypeWrapper<OrderModel>;
  Boolean: ResolverTypeWrapper<Scalars['Boolean']['output']>;
  OrderActor: OrderActor;
  OrderConnection: ResolverTypeWrapper<Omit<OrderConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversTypes['OrderEdge']>, nodes: ReadonlyArray<ResolversTypes['Order']> }>;
  OrderEdge: ResolverTypeWrapper<Omit<OrderEdge, 'node'> & { node: ResolversTypes['Order'] }>;
  OrderEvent: ResolverTypeWrapper<OrderEventModel>;
  OrderEventType: OrderEventType;
  OrderItem: ResolverTypeWrapper<OrderItemModel>;
  Int: ResolverTypeWrapper<Scalars['Int']['output']>;
  OrderItemInput: OrderItemInput;
  OrderNotFoundProblem: ResolverTypeWrapper<OrderNotFoundProblem>;
  OrderNotPaidProblem: ResolverTypeWrapper<OrderNotPaidProblem>;
  OrderNotPendingProblem: ResolverTypeWrapper<Omit<OrderNotPendingProblem, 'order'> & { order: ResolversTypes['Order'] }>;
  OrderPreview: ResolverTypeWrapper<Omit<OrderPreview, 'items' | 'total'> & { items: ReadonlyArray<ResolversTypes['OrderPreviewItem']>, total: ResolversTypes['Money'] }>;
  OrderPreviewItem: ResolverTypeWrapper<PreviewItem>;
  OrderPreviewResult: ResolverTypeWrapper<ResolversUnionTypes<ResolversTypes>['OrderPreviewResult']>;
  OrderStatus: OrderStatus;
  OutOfStockProblem: ResolverTypeWrapper<OutOfStockProblem>;
  PageInfo: ResolverTypeWrapper<PageInfo>;
  PayOrderInput: PayOrderInput;
  PayOrderResult: ResolverTypeWrapper<ResolversUnionTypes<ResolversTypes>['PayOrderResult']>;
  PaymentDeclinedProblem: ResolverTypeWrapper<Omit<PaymentDeclinedProblem, 'order'> & { order: ResolversTypes['Order'] }>;
  PaymentStatus: PaymentStatus;
  Problem: ResolverTypeWrapper<ResolversInterfaceTypes<ResolversTypes>['Problem']>;
  Product: ResolverTypeWrapper<{ id: string }>;
  ProductNotFoundProblem: ResolverTypeWrapper<ProductNotFoundProblem>;
  Query: ResolverTypeWrapper<Record<PropertyKey, never>>;
  RequestInFlightProblem: ResolverTypeWrapper<RequestInFlightProblem>;
  SafeInt: ResolverTypeWrapper<Scalars['SafeInt']['output']>;
  Shortage: ResolverTypeWrapper<Shortage>;
  TooManyOpenOrdersProblem: ResolverTypeWrapper<TooManyOpenOrdersProblem>;
  TooManyUnitsHeldProblem: ResolverTypeWrapper<TooManyUnitsHeldProblem>;
  UpdateOrderStatusInput: UpdateOrderStatusInput;
  UpdateOrderStatusResult: ResolverTypeWrapper<ResolversUnionTypes<ResolversTypes>['UpdateOrderStatusResult']>;
  User: ResolverTypeWrapper<{ id: string }>;
  ValidationFailedProblem: ResolverTypeWrapper<ValidationFailedProblem>;
};

/** Mapping between all available schema types and the resolvers parents */
export type ResolversParentTypes = {
  CancelOrderInput: CancelOrderInput;
  String: Scalars['String']['output'];
  ID: Scalars['ID']['output'];
  CancelOrderResult: ResolversUnionTypes<ResolversParentTypes>['CancelOrderResult'];
  Cancellation: Cancellation;
  CreateOrderInput: CreateOrderInput;
  CreateOrderResult: ResolversUnionTypes<ResolversParentTypes>['CreateOrderResult'];
  Currency: Scalars['Currency']['output'];
  DateTime: Scalars['DateTime']['output'];
  DeliveryAddress: DeliveryAddress;
  DeliveryAddressInput: DeliveryAddressInput;
  FieldFault: FieldFault;
  IdempotencyConflictProblem: IdempotencyConflictProblem;
  IllegalTransitionProblem: IllegalTransitionProblem;
  MixedCurrenciesProblem: MixedCurrenciesProblem;
  Money: MoneyModel;
  Mutation: Record<PropertyKey, never>;
  Order: OrderModel;
  Boolean: Scalars['Boolean']['output'];
  OrderConnection: Omit<OrderConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversParentTypes['OrderEdge']>, nodes: ReadonlyArray<ResolversParentTypes['Order']> };
  OrderEdge: Omit<OrderEdge, 'node'> & { node: ResolversParentTypes['Order'] };
  OrderEvent: OrderEventModel;
  OrderItem: OrderItemModel;
  Int: Scalars['Int']['output'];
  OrderItemInput: OrderItemInput;
  OrderNotFoundProblem: OrderNotFoundProblem;
  OrderNotPaidProblem: OrderNotPaidProblem;
  OrderNotPendingProblem: Omit<OrderNotPendingProblem, 'order'> & { order: ResolversParentTypes['Order'] };
  OrderPreview: Omit<OrderPreview, 'items' | 'total'> & { items: ReadonlyArray<ResolversParentTypes['OrderPreviewItem']>, total: ResolversParentTypes['Money'] };
  OrderPreviewItem: PreviewItem;
  OrderPreviewResult: ResolversUnionTypes<ResolversParentTypes>['OrderPreviewResult'];
  OutOfStockProblem: OutOfStockProblem;
  PageInfo: PageInfo;
  PayOrderInput: PayOrderInput;
  PayOrderResult: ResolversUnionTypes<ResolversParentTypes>['PayOrderResult'];
  PaymentDeclinedProblem: Omit<PaymentDeclinedProblem, 'order'> & { order: ResolversParentTypes['Order'] };
  Problem: ResolversInterfaceTypes<ResolversParentTypes>['Problem'];
  Product: { id: string };
  ProductNotFoundProblem: ProductNotFoundProblem;
  Query: Record<PropertyKey, never>;
  RequestInFlightProblem: RequestInFlightProblem;
  SafeInt: Scalars['SafeInt']['output'];
  Shortage: Shortage;
  TooManyOpenOrdersProblem: TooManyOpenOrdersProblem;
  TooManyUnitsHeldProblem: TooManyUnitsHeldProblem;
  UpdateOrderStatusInput: UpdateOrderStatusInput;
  UpdateOrderStatusResult: ResolversUnionTypes<ResolversParentTypes>['UpdateOrderStatusResult'];
  User: { id: string };
  ValidationFailedProblem: ValidationFailedProblem;
};

export type AuthDirectiveArgs = {
  requires: Access;
};

export type AuthDirectiveResolver<Result, Parent, ContextType = Context, Args = AuthDirectiveArgs> = DirectiveResolverFn<Result, Parent, ContextType, Args>;

export type CancelOrderResultResolvers<ContextType = Context, ParentType extends ResolversParentTypes['CancelOrderResult'] = ResolversParentTypes['CancelOrderResult']> = {
  __resolveType?: TypeResolveFn<'IdempotencyConflictProblem' | 'Order' | 'OrderNotFoundProblem' | 'OrderNotPendingProblem' | 'RequestInFlightProblem' | 'ValidationFailedProblem', ParentType, ContextType>;
};

export type CancellationResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Cancellation'] = ResolversParentTypes['Cancellation']> = {
  at?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  reason?: Resolver<ResolversTypes['CancellationReason'], ParentType, ContextType>;
};

export type CreateOrderResultResolvers<ContextType = Context, ParentType extends ResolversParentTypes['CreateOrderResult'] = ResolversParentTypes['CreateOrderResult']> = {
  __resolveType?: TypeResolveFn<'IdempotencyConflictProblem' | 'MixedCurrenciesProblem' | 'Order' | 'OutOfStockProblem' | 'ProductNotFoundProblem' | 'RequestInFlightProblem' | 'TooManyOpenOrdersProblem' | 'TooManyUnitsHeldProblem' | 'ValidationFailedProblem', ParentType, ContextType>;
};

export interface CurrencyScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['Currency'], any> {
  name: 'Currency';
}

export interface DateTimeScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['DateTime'], any> {
  name: 'DateTime';
}

export type DeliveryAddressResolvers<ContextType = Context, ParentType extends ResolversParentTypes['DeliveryAddress'] = ResolversParentTypes['DeliveryAddress']> = {
  city?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  country?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  line1?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  line2?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  postalCode?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  region?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type FieldFaultResolvers<ContextType = Context, ParentType extends ResolversParentTypes['FieldFault'] = ResolversParentTypes['FieldFault']> = {
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  path?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type IdempotencyConflictProblemResolvers<ContextType = Context, ParentType extends ResolversParentTypes['IdempotencyConflictProblem'] = ResolversParentTypes['IdempotencyConflictProblem']> = {
  code?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type IllegalTransitionProblemResolvers<ContextType = Context, ParentType extends ResolversParentTypes['IllegalTransitionProblem'] = ResolversParentTypes['IllegalTransitionProblem']> = {
  allowed?: Resolver<ReadonlyArray<ResolversTypes['OrderStatus']>, ParentType, ContextType>;
  code?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  from?: Resolver<ResolversTypes['OrderStatus'], ParentType, ContextType>;
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  to?: Resolver<ResolversTypes['OrderStatus'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type MixedCurrenciesProblemResolvers<ContextType = Context, ParentType extends ResolversParentTypes['MixedCurrenciesProblem'] = ResolversParentTypes['MixedCurrenciesProblem']> = {
  code?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type MoneyResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Money'] = ResolversParentTypes['Money']> = {
  amount?: Resolver<ResolversTypes['SafeInt'], ParentType, ContextType>;
  currency?: Resolver<ResolversTypes['Currency'], ParentType, ContextType>;
  decimal?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type MutationResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Mutation'] = ResolversParentTypes['Mutation']> = {
  cancelOrder?: Resolver<ResolversTypes['CancelOrderResult'], ParentType, ContextType, RequireFields<MutationCancelOrderArgs, 'input'>>;
  createOrder?: Resolver<ResolversTypes['CreateOrderResult'], ParentType, ContextType, RequireFields<MutationCreateOrderArgs, 'input'>>;
  payOrder?: Resolver<ResolversTypes['PayOrderResult'], ParentType, ContextType, RequireFields<MutationPayOrderArgs, 'input'>>;
  paymentDecided?: Resolver<Maybe<ResolversTypes['Order']>, ParentType, ContextType, RequireFields<MutationPaymentDecidedArgs, 'orderId'>>;
  updateOrderStatus?: Resolver<ResolversTypes['UpdateOrderStatusResult'], ParentType, ContextType, RequireFields<MutationUpdateOrderStatusArgs, 'input'>>;
};

export type OrderResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Order'] = ResolversParentTypes['Order'], FederationReferenceType extends FederationReferenceTypes['Order'] = FederationReferenceTypes['Order']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['Order']> | FederationReferenceType, FederationReferenceType, ContextType>;
  canCancel?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  canPay?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  cancellation?: Resolver<Maybe<ResolversTypes['Cancellation']>, ParentType, ContextType>;
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  customer?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType>;
  deliveryAddress?: Resolver<Maybe<ResolversTypes['DeliveryAddress']>, ParentType, ContextType>;
  history?: Resolver<ReadonlyArray<ResolversTypes['OrderEvent']>, ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  items?: Resolver<ReadonlyArray<ResolversTypes['OrderItem']>, ParentType, ContextType>;
  number?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  paymentId?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  paymentStatus?: Resolver<Maybe<ResolversTypes['PaymentStatus']>, ParentType, ContextType>;
  reservedUntil?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  status?: Resolver<ResolversTypes['OrderStatus'], ParentType, ContextType>;
  total?: Resolver<ResolversTypes['Money'], ParentType, ContextType>;
  updatedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type OrderConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['OrderConnection'] = ResolversParentTypes['OrderConnection']> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['OrderEdge']>, ParentType, ContextType>;
  nodes?: Resolver<ReadonlyArray<ResolversTypes['Order']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type OrderEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['OrderEdge'] = ResolversParentTypes['OrderEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Order'], ParentType, ContextType>;
};

export type OrderEventResolvers<ContextType = Context, ParentType extends ResolversParentTypes['OrderEvent'] = ResolversParentTypes['OrderEvent']> = {
  actor?: Resolver<ResolversTypes['OrderActor'], ParentType, ContextType>;
  at?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  fromStatus?: Resolver<Maybe<ResolversTypes['OrderStatus']>, ParentType, ContextType>;
  note?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  reason?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  toStatus?: Resolver<ResolversTypes['OrderStatus'], ParentType, ContextType>;
  type?: Resolver<ResolversTypes['OrderEventType'], ParentType, ContextType>;
  user?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType>;
};

export type OrderItemResolvers<ContextType = Context, ParentType extends ResolversParentTypes['OrderItem'] = ResolversParentTypes['OrderItem']> = {
  lineTotal?: Resolver<ResolversTypes['Money'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  product?: Resolver<Maybe<ResolversTypes['Product']>, ParentType, ContextType>;
  quantity?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  sku?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  unitPrice?: Resolver<ResolversTypes['Money'], ParentType, ContextType>;
};

export type OrderNotFoundProblemResolvers<ContextType = Context, ParentType extends ResolversParentTypes['OrderNotFoundProblem'] = ResolversParentTypes['OrderNotFoundProblem']> = {
  code?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type OrderNotPaidProblemResolvers<ContextType = Context, ParentType extends ResolversParentTypes['OrderNotPaidProblem'] = ResolversParentTypes['OrderNotPaidProblem']> = {
  code?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type OrderNotPendingProblemResolvers<ContextType = Context, ParentType extends ResolversParentTypes['OrderNotPendingProblem'] = ResolversParentTypes['OrderNotPendingProblem']> = {
  code?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  order?: Resolver<ResolversTypes['Order'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type OrderPreviewResolvers<ContextType = Context, ParentType extends ResolversParentTypes['OrderPreview'] = ResolversParentTypes['OrderPreview']> = {
  isAvailable?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  items?: Resolver<ReadonlyArray<ResolversTypes['OrderPreviewItem']>, ParentType, ContextType>;
  total?: Resolver<ResolversTypes['Money'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type OrderPreviewItemResolvers<ContextType = Context, ParentType extends ResolversParentTypes['OrderPreviewItem'] = ResolversParentTypes['OrderPreviewItem']> = {
  available?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  isAvailable?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  lineTotal?: Resolver<ResolversTypes['Money'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  product?: Resolver<Maybe<ResolversTypes['Product']>, ParentType, ContextType>;
  quantity?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  sku?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  unitPrice?: Resolver<ResolversTypes['Money'], ParentType, ContextType>;
};

export type OrderPreviewResultResolvers<ContextType = Context, ParentType extends ResolversParentTypes['OrderPreviewResult'] = ResolversParentTypes['OrderPreviewResult']> = {
  __resolveType?: TypeResolveFn<'MixedCurrenciesProblem' | 'OrderPreview' | 'ProductNotFoundProblem' | 'ValidationFailedProblem', ParentType, ContextType>;
};

export type OutOfStockProblemResolvers<ContextType = Context, ParentType extends ResolversParentTypes['OutOfStockProblem'] = ResolversParentTypes['OutOfStockProblem']> = {
  code?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  shortages?: Resolver<ReadonlyArray<ResolversTypes['Shortage']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type PageInfoResolvers<ContextType = Context, ParentType extends ResolversParentTypes['PageInfo'] = ResolversParentTypes['PageInfo']> = {
  endCursor?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  hasNextPage?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  hasPreviousPage?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  startCursor?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type PayOrderResultResolvers<ContextType = Context, ParentType extends ResolversParentTypes['PayOrderResult'] = ResolversParentTypes['PayOrderResult']> = {
  __resolveType?: TypeResolveFn<'IdempotencyConflictProblem' | 'Order' | 'OrderNotFoundProblem' | 'OrderNotPendingProblem' | 'PaymentDeclinedProblem' | 'RequestInFlightProblem' | 'ValidationFailedProblem', ParentType, ContextType>;
};

export type PaymentDeclinedProblemResolvers<ContextType = Context, ParentType extends ResolversParentTypes['PaymentDeclinedProblem'] = ResolversParentTypes['PaymentDeclinedProblem']> = {
  code?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  order?: Resolver<ResolversTypes['Order'], ParentType, ContextType>;
  reason?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type ProblemResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Problem'] = ResolversParentTypes['Problem']> = {
  __resolveType?: TypeResolveFn<'IdempotencyConflictProblem' | 'IllegalTransitionProblem' | 'MixedCurrenciesProblem' | 'OrderNotFoundProblem' | 'OrderNotPaidProblem' | 'OrderNotPendingProblem' | 'OutOfStockProblem' | 'PaymentDeclinedProblem' | 'ProductNotFoundProblem' | 'RequestInFlightProblem' | 'TooManyOpenOrdersProblem' | 'TooManyUnitsHeldProblem' | 'ValidationFailedProblem', ParentType, ContextType>;
};

export type ProductResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Product'] = ResolversParentTypes['Product']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
};

export type ProductNotFoundProblemResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ProductNotFoundProblem'] = ResolversParentTypes['ProductNotFoundProblem']> = {
  code?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  productId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type QueryResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Query'] = ResolversParentTypes['Query']> = {
  order?: Resolver<Maybe<ResolversTypes['Order']>, ParentType, ContextType, Partial<QueryOrderArgs>>;
  orderPreview?: Resolver<Maybe<ResolversTypes['OrderPreviewResult']>, ParentType, ContextType, RequireFields<QueryOrderPreviewArgs, 'items'>>;
  orders?: Resolver<Maybe<ResolversTypes['OrderConnection']>, ParentType, ContextType, Partial<QueryOrdersArgs>>;
};

export type RequestInFlightProblemResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RequestInFlightProblem'] = ResolversParentTypes['RequestInFlightProblem']> = {
  code?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  retryAfterSeconds?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export interface SafeIntScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['SafeInt'], any> {
  name: 'SafeInt';
}

export type ShortageResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Shortage'] = ResolversParentTypes['Shortage']> = {
  available?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  productId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  requested?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  sku?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type TooManyOpenOrdersProblemResolvers<ContextType = Context, ParentType extends ResolversParentTypes['TooManyOpenOrdersProblem'] = ResolversParentTypes['TooManyOpenOrdersProblem']> = {
  code?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  limit?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  retryAfterSeconds?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type TooManyUnitsHeldProblemResolvers<ContextType = Context, ParentType extends ResolversParentTypes['TooManyUnitsHeldProblem'] = ResolversParentTypes['TooManyUnitsHeldProblem']> = {
  code?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  limit?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  retryAfterSeconds?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  scope?: Resolver<ResolversTypes['HoldScope'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type UpdateOrderStatusResultResolvers<ContextType = Context, ParentType extends ResolversParentTypes['UpdateOrderStatusResult'] = ResolversParentTypes['UpdateOrderStatusResult']> = {
  __resolveType?: TypeResolveFn<'IllegalTransitionProblem' | 'Order' | 'OrderNotFoundProblem' | 'OrderNotPaidProblem' | 'ValidationFailedProblem', ParentType, ContextType>;
};

export type UserResolvers<ContextType = Context, ParentType extends ResolversParentTypes['User'] = ResolversParentTypes['User'], FederationReferenceType extends FederationReferenceTypes['User'] = FederationReferenceTypes['User']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['User']> | FederationReferenceType, FederationReferenceType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  orders?: Resolver<Maybe<ResolversTypes['OrderConnection']>, ParentType, ContextType, Partial<UserOrdersArgs>>;
};

export type ValidationFailedProblemResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ValidationFailedProblem'] = ResolversParentTypes['ValidationFailedProblem']> = {
  code?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  fields?: Resolver<ReadonlyArray<ResolversTypes['FieldFault']>, ParentType, ContextType>;
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type Resolvers<ContextType = Context> = {
  CancelOrderResult?: CancelOrderResultResolvers<ContextType>;
  Cancellation?: CancellationResolvers<ContextType>;
  CreateOrderResult?: CreateOrderResultResolvers<ContextType>;
  Currency?: GraphQLScalarType;
  DateTime?: GraphQLScalarType;
  DeliveryAddress?: DeliveryAddressResolvers<ContextType>;
  FieldFault?: FieldFaultResolvers<ContextType>;
  IdempotencyConflictProblem?: IdempotencyConflictProblemResolvers<ContextType>;
  IllegalTransitionProblem?: IllegalTransitionProblemResolvers<ContextType>;
  MixedCurrenciesProblem?: MixedCurrenciesProblemResolvers<ContextType>;
  Money?: MoneyResolvers<ContextType>;
  Mutation?: MutationResolvers<ContextType>;
  Order?: OrderResolvers<ContextType>;
  OrderConnection?: OrderConnectionResolvers<ContextType>;
  OrderEdge?: OrderEdgeResolvers<ContextType>;
  OrderEvent?: OrderEventResolvers<ContextType>;
  OrderItem?: OrderItemResolvers<ContextType>;
  OrderNotFoundProblem?: OrderNotFoundProblemResolvers<ContextType>;
  OrderNotPaidProblem?: OrderNotPaidProblemResolvers<ContextType>;
  OrderNotPendingProblem?: OrderNotPendingProblemResolvers<ContextType>;
  OrderPreview?: OrderPreviewResolvers<ContextType>;
  OrderPreviewItem?: OrderPreviewItemResolvers<ContextType>;
  OrderPreviewResult?: OrderPreviewResultResolvers<ContextType>;
  OutOfStockProblem?: OutOfStockProblemResolvers<ContextType>;
  PageInfo?: PageInfoResolvers<ContextType>;
  PayOrderResult?: PayOrderResultResolvers<ContextType>;
  PaymentDeclinedProblem?: PaymentDeclinedProblemResolvers<ContextType>;
  Problem?: ProblemResolvers<ContextType>;
  Product?: ProductResolvers<ContextType>;
  ProductNotFoundProblem?: ProductNotFoundProblemResolvers<ContextType>;
  Query?: QueryResolvers<ContextType>;
  RequestInFlightProblem?: RequestInFlightProblemResolvers<ContextType>;
  SafeInt?: GraphQLScalarType;
  Shortage?: ShortageResolvers<ContextType>;
  TooManyOpenOrdersProblem?: TooManyOpenOrdersProblemResolvers<ContextType>;
  TooManyUnitsHeldProblem?: TooManyUnitsHeldProblemResolvers<ContextType>;
  UpdateOrderStatusResult?: UpdateOrderStatusResultResolvers<ContextType>;
  User?: UserResolvers<ContextType>;
  ValidationFailedProblem?: ValidationFailedProblemResolvers<ContextType>;
};

export type DirectiveResolvers<ContextType = Context> = {
  auth?: AuthDirectiveResolver<any, any, ContextType>;
};
