import type { GraphQLResolveInfo, GraphQLScalarType, GraphQLScalarTypeConfig } from 'graphql';
import type { Money as MoneyModel } from '@cartograph/money';
import type { Payment as PaymentModel } from '../domain/payment.ts';
import type { Refund as RefundModel } from '../domain/refund.ts';
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

/** An attempt to pay an order. */
export type ClosePaymentInput = {
  /** In the smallest unit of the currency. */
  readonly amount: Scalars['SafeInt']['input'];
  /** Counts from 1. */
  readonly attempt: Scalars['Int']['input'];
  /** The currency of the amount. */
  readonly currency: Scalars['Currency']['input'];
  /** The id of the order. */
  readonly orderId: Scalars['ID']['input'];
  /** The id of the account that would pay. */
  readonly userId: Scalars['ID']['input'];
};

/** An attempt to pay an order. */
export type CreatePaymentIntentInput = {
  /** In the smallest unit of the currency. */
  readonly amount: Scalars['SafeInt']['input'];
  /** Counts from 1. */
  readonly attempt: Scalars['Int']['input'];
  /** After this time no charge is requested: the order has ended by then. */
  readonly chargeUntil?: InputMaybe<Scalars['DateTime']['input']>;
  /** The currency of the amount. */
  readonly currency: Scalars['Currency']['input'];
  /** The provider's name of the payment method; by default the provider's own default. */
  readonly method?: InputMaybe<Scalars['String']['input']>;
  /** The id of the order. */
  readonly orderId: Scalars['ID']['input'];
  /** The id of the account that pays. */
  readonly userId: Scalars['ID']['input'];
};

/** The payment of the attempt, or why there is none. */
export type CreatePaymentIntentResult = Payment | ValidationFailedProblem;

/** One field of the input that is not allowed. */
export type FieldFault = {
  readonly __typename?: 'FieldFault';
  /** Why. */
  readonly message: Scalars['String']['output'];
  /** Where: `items.0.quantity`. */
  readonly path: Scalars['String']['output'];
};

/** This idempotency key was used for another request. */
export type IdempotencyConflictProblem = Problem & {
  readonly __typename?: 'IdempotencyConflictProblem';
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
   * Closes an attempt that no payment was made for: a later `createPaymentIntent` for it charges nothing.
   * Returns the payment of the attempt, which is not changed; null when the attempt is closed.
   */
  readonly closePayment: Maybe<Payment>;
  /** Charges an order once per attempt. A repeat returns the same payment. */
  readonly createPaymentIntent: CreatePaymentIntentResult;
  /**
   * Records a webhook of a payment provider. Its signature is checked, so no sign-in is needed. It is
   * processed later; a repeat changes nothing.
   */
  readonly recordPaymentEvent: RecordPaymentEventResult;
  /** Refunds all that is left of an attempt, once. Does nothing if no money was captured. */
  readonly refundForOrder: Maybe<Payment>;
  /** Refunds a part of a payment, or all that is left of it. */
  readonly refundPayment: RefundPaymentResult;
};


/** What can be changed. */
export type MutationClosePaymentArgs = {
  input: ClosePaymentInput;
};


/** What can be changed. */
export type MutationCreatePaymentIntentArgs = {
  input: CreatePaymentIntentInput;
};


/** What can be changed. */
export type MutationRecordPaymentEventArgs = {
  input: RecordPaymentEventInput;
};


/** What can be changed. */
export type MutationRefundForOrderArgs = {
  input: RefundForOrderInput;
};


/** What can be changed. */
export type MutationRefundPaymentArgs = {
  input: RefundPaymentInput;
};

/** An order of a customer. */
export type Order = {
  readonly __typename?: 'Order';
  /** The id of the order. */
  readonly id: Scalars['ID']['output'];
  /** Every attempt to pay this order, oldest first. */
  readonly payments: Maybe<ReadonlyArray<Payment>>;
  /** The sum of its successful refunds; null when it has no payment. Refunds in progress do not count. */
  readonly refundedTotal: Maybe<Money>;
};

/** One attempt to pay one order. */
export type Payment = {
  readonly __typename?: 'Payment';
  /** The amount of the order when it was paid. */
  readonly amount: Money;
  /** When the attempt was made. */
  readonly createdAt: Scalars['DateTime']['output'];
  /** Set when the status is FAILED. */
  readonly failure: Maybe<PaymentFailure>;
  /** The id of the payment. */
  readonly id: Scalars['ID']['output'];
  /** The provider's name for the way it was paid: a name of `paymentMethods`, or `pm_...` of Stripe. */
  readonly method: Scalars['String']['output'];
  /** The order that it pays. */
  readonly order: Maybe<Order>;
  /** The payment provider: `simulator` or `stripe`. */
  readonly provider: Scalars['String']['output'];
  /** The refunds of the payment, oldest first. */
  readonly refunds: ReadonlyArray<Refund>;
  /** Whether the money is captured. */
  readonly status: PaymentStatus;
};

/** The receipt of a webhook. */
export type PaymentEvent = {
  readonly __typename?: 'PaymentEvent';
  /** Whether it was received before. */
  readonly duplicate: Scalars['Boolean']['output'];
  /** The id of the event, by which a repeat is recognized. */
  readonly id: Scalars['ID']['output'];
  /** When it was received first. */
  readonly received: Scalars['DateTime']['output'];
};

/** The signature or the content of the webhook is not valid. */
export type PaymentEventRefusedProblem = Problem & {
  readonly __typename?: 'PaymentEventRefusedProblem';
  /** The reason, from the catalogue of codes. It is never renamed. */
  readonly code: Scalars['String']['output'];
  /** A sentence for people. */
  readonly message: Scalars['String']['output'];
};

/** Why the provider declined a payment. */
export type PaymentFailure = {
  readonly __typename?: 'PaymentFailure';
  /** The provider's reason: `card_declined`. */
  readonly code: Scalars['String']['output'];
};

/**
 * A way to pay. With the simulator `name` is what `payOrder` takes. With Stripe the client makes a payment
 * method with Stripe's own library, and sends its id: see `kind`.
 */
export type PaymentMethod = {
  readonly __typename?: 'PaymentMethod';
  /** Whether it is used when `payOrder` is called without a `paymentMethod`. */
  readonly isDefault: Scalars['Boolean']['output'];
  /** What `payOrder` takes for it. */
  readonly kind: PaymentMethodKind;
  /** The name of the method, unique in the list: `sim_success`, or `card` with Stripe. */
  readonly name: Scalars['String']['output'];
  /** The payment provider: `simulator` or `stripe`. */
  readonly provider: Scalars['String']['output'];
};

/** What `payOrder` takes as its `paymentMethod`. */
export type PaymentMethodKind =
  /** The `name` of the method. */
  | 'NAME'
  /** The id that the provider's library in the client made: `pm_...`. */
  | 'PROVIDER_ID';

/** The payment does not exist. */
export type PaymentNotFoundProblem = Problem & {
  readonly __typename?: 'PaymentNotFoundProblem';
  /** The reason, from the catalogue of codes. It is never renamed. */
  readonly code: Scalars['String']['output'];
  /** A sentence for people. */
  readonly message: Scalars['String']['output'];
};

/** The payment has captured no money that could be refunded. */
export type PaymentNotRefundableProblem = Problem & {
  readonly __typename?: 'PaymentNotRefundableProblem';
  /** The reason, from the catalogue of codes. It is never renamed. */
  readonly code: Scalars['String']['output'];
  /** A sentence for people. */
  readonly message: Scalars['String']['output'];
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

/** What can be read. */
export type Query = {
  readonly __typename?: 'Query';
  /** One payment. Customers can read payments of their own orders, administrators any payment. */
  readonly payment: Maybe<Payment>;
  /** How an order can be paid: what `payOrder` takes as `paymentMethod`. No sign-in is needed. */
  readonly paymentMethods: Maybe<ReadonlyArray<PaymentMethod>>;
  /** The payment of an attempt to pay; null when there is none. */
  readonly paymentStatus: Maybe<Payment>;
};


/** What can be read. */
export type QueryPaymentArgs = {
  id: Scalars['ID']['input'];
};


/** What can be read. */
export type QueryPaymentStatusArgs = {
  attempt: Scalars['Int']['input'];
  orderId: Scalars['ID']['input'];
};

/** A webhook of a payment provider. */
export type RecordPaymentEventInput = {
  /** The raw body, unchanged: the signature covers its bytes. At most 262144 characters. */
  readonly payload: Scalars['String']['input'];
  /** The payment provider: `simulator` or `stripe`. At most 100 characters. */
  readonly provider: Scalars['String']['input'];
  /** The value of the provider's signature header. At most 1000 characters. */
  readonly signature: Scalars['String']['input'];
};

/** The receipt, or why the webhook was refused. */
export type RecordPaymentEventResult = PaymentEvent | PaymentEventRefusedProblem;

/** A refund of a part of a payment, or of all of it. */
export type Refund = {
  readonly __typename?: 'Refund';
  /** How much is refunded. */
  readonly amount: Money;
  /** When it was requested. */
  readonly createdAt: Scalars['DateTime']['output'];
  /** Set when the status is FAILED. */
  readonly failure: Maybe<RefundFailure>;
  /** The id of the refund. */
  readonly id: Scalars['ID']['output'];
  /** The reason that was given with the request. The customer can read it. */
  readonly reason: Scalars['String']['output'];
  /** Whether the money is refunded. */
  readonly status: RefundStatus;
};

/** The refund is larger than what is left of the payment. */
export type RefundExceedsCapturedProblem = Problem & {
  readonly __typename?: 'RefundExceedsCapturedProblem';
  /** The reason, from the catalogue of codes. It is never renamed. */
  readonly code: Scalars['String']['output'];
  /** A sentence for people. */
  readonly message: Scalars['String']['output'];
  /** The amount that can still be refunded. */
  readonly refundable: Money;
};

/** Why the provider declined a refund. */
export type RefundFailure = {
  readonly __typename?: 'RefundFailure';
  /** The provider's reason: `refund_declined`. */
  readonly code: Scalars['String']['output'];
};

/** An attempt whose payment is refunded. */
export type RefundForOrderInput = {
  /** Counts from 1. */
  readonly attempt: Scalars['Int']['input'];
  /** The id of the order. */
  readonly orderId: Scalars['ID']['input'];
  /** Why; the customer can read it. */
  readonly reason: Scalars['String']['input'];
};

/** A refund of a payment. */
export type RefundPaymentInput = {
  /**
   * In the smallest unit of the payment's currency. Without it, all that is left is refunded. An
   * explicit null is BAD_USER_INPUT.
   */
  readonly amount?: InputMaybe<Scalars['SafeInt']['input']>;
  /**
   * A key that the client makes, of 1 to 255 characters, stored for 24 hours. A repeat with the same
   * key and input gets the first response.
   */
  readonly idempotencyKey?: InputMaybe<Scalars['String']['input']>;
  /** The id of the payment. */
  readonly paymentId: Scalars['ID']['input'];
  /** The reason, of 1 to 500 characters. The customer can read it. */
  readonly reason: Scalars['String']['input'];
};

/** The refund, or why there is none. */
export type RefundPaymentResult = IdempotencyConflictProblem | PaymentNotFoundProblem | PaymentNotRefundableProblem | Refund | RefundExceedsCapturedProblem | RequestInFlightProblem | ValidationFailedProblem;

/** The status of a refund. */
export type RefundStatus =
  /** The provider declined, or the bank returned the money. The amount can be refunded again. */
  | 'FAILED'
  /** The provider has not settled it yet. */
  | 'PROCESSING'
  /** The money is refunded. */
  | 'SUCCEEDED';

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
  Payment: Payment;
};

/** Mapping of federation reference types */
export type FederationReferenceTypes = {
  Order:
    ( { __typename: 'Order' }
    & GraphQLRecursivePick<FederationTypes['Order'], {"id":true}> );
  Payment:
    ( { __typename: 'Payment' }
    & GraphQLRecursivePick<FederationTypes['Payment'], {"id":true}> );
};

/** Mapping of union types */
export type ResolversUnionTypes<_RefType extends Record<string, unknown>> = {
  CreatePaymentIntentResult:
    | ( PaymentModel & { __typename: 'Payment' } )
    | ( ValidationFailedProblem & { __typename: 'ValidationFailedProblem' } )
  ;
  RecordPaymentEventResult:
    | ( PaymentEvent & { __typename: 'PaymentEvent' } )
    | ( PaymentEventRefusedProblem & { __typename: 'PaymentEventRefusedProblem' } )
  ;
  RefundPaymentResult:
    | ( IdempotencyConflictProblem & { __typename: 'IdempotencyConflictProblem' } )
    | ( PaymentNotFoundProblem & { __typename: 'PaymentNotFoundProblem' } )
    | ( PaymentNotRefundableProblem & { __typename: 'PaymentNotRefundableProblem' } )
    | ( RefundModel & { __typename: 'Refund' } )
    | ( Omit<RefundExceedsCapturedProblem, 'refundable'> & { refundable: _RefType['Money'] } & { __typename: 'RefundExceedsCapturedProblem' } )
    | ( RequestInFlightProblem & { __typename: 'RequestInFlightProblem' } )
    | ( ValidationFailedProblem & { __typename: 'ValidationFailedProblem' } )
  ;
};

/** Mapping of interface types */
export type ResolversInterfaceTypes<_RefType extends Record<string, unknown>> = {
  Problem:
    | ( IdempotencyConflictProblem )
    | ( PaymentEventRefusedProblem )
    | ( PaymentNotFoundProblem )
    | ( PaymentNotRefundableProblem )
    | ( Omit<RefundExceedsCapturedProblem, 'refundable'> & { refundable: _RefType['Money'] } )
    | ( RequestInFlightProblem )
    | ( ValidationFailedProblem )
  ;
};

/** Mapping between all available schema types and the resolvers types */
export type ResolversTypes = {
  Access: Access;
  ClosePaymentInput: ClosePaymentInput;
  Int: ResolverTypeWrapper<Scalars['Int']['output']>;
  ID: ResolverTypeWrapper<Scalars['ID']['output']>;
  CreatePaymentIntentInput: CreatePaymentIntentInput;
  String: ResolverTypeWrapper<Scalars['String']['output']>;
  CreatePaymentIntentResult: ResolverTypeWrapper<ResolversUnionTypes<ResolversTypes>['CreatePaymentIntentResult']>;
  Currency: ResolverTypeWrapper<Scalars['Currency']['output']>;
  DateTime: ResolverTypeWrapper<Scalars['DateTime']['output']>;
  FieldFault: ResolverTypeWrapper<FieldFault>;
  IdempotencyConflictProblem: ResolverTypeWrapper<IdempotencyConflictProblem>;
  Money: ResolverTypeWrapper<MoneyModel>;
  Mutation: ResolverTypeWrapper<Record<PropertyKey, never>>;
  Order: ResolverTypeWrapper<{ id: string }>;
  Payment: ResolverTypeWrapper<PaymentModel>;
  PaymentEvent: ResolverTypeWrapper<PaymentEvent>;
  Boolean: ResolverTypeWrapper<Scalars['Boolean']['output']>;
  PaymentEventRefusedProblem: ResolverTypeWrapper<PaymentEventRefusedProblem>;
  PaymentFailure: ResolverTypeWrapper<PaymentFailure>;
  PaymentMethod: ResolverTypeWrapper<PaymentMethod>;
  PaymentMethodKind: PaymentMethodKind;
  PaymentNotFoundProblem: ResolverTypeWrapper<PaymentNotFoundProblem>;
  PaymentNotRefundableProblem: ResolverTypeWrapper<PaymentNotRefundableProblem>;
  PaymentStatus: PaymentStatus;
  Problem: ResolverTypeWrapper<ResolversInterfaceTypes<ResolversTypes>['Problem']>;
  Query: ResolverTypeWrapper<Record<PropertyKey, never>>;
  RecordPaymentEventInput: RecordPaymentEventInput;
  RecordPaymentEventResult: ResolverTypeWrapper<ResolversUnionTypes<ResolversTypes>['RecordPaymentEventResult']>;
  Refund: ResolverTypeWrapper<RefundModel>;
  RefundExceedsCapturedProblem: ResolverTypeWrapper<Omit<RefundExceedsCapturedProblem, 'refundable'> & { refundable: ResolversTypes['Money'] }>;
  RefundFailure: ResolverTypeWrapper<RefundFailure>;
  RefundForOrderInput: RefundForOrderInput;
  RefundPaymentInput: RefundPaymentInput;
  RefundPaymentResult: ResolverTypeWrapper<ResolversUnionTypes<ResolversTypes>['RefundPaymentResult']>;
  RefundStatus: RefundStatus;
  RequestInFlightProblem: ResolverTypeWrapper<RequestInFlightProblem>;
  SafeInt: ResolverTypeWrapper<Scalars['SafeInt']['output']>;
  ValidationFailedProblem: ResolverTypeWrapper<ValidationFailedProblem>;
};

/** Mapping between all available schema types and the resolvers parents */
export type ResolversParentTypes = {
  ClosePaymentInput: ClosePaymentInput;
  Int: Scalars['Int']['output'];
  ID: Scalars['ID']['output'];
  CreatePaymentIntentInput: CreatePaymentIntentInput;
  String: Scalars['String']['output'];
  CreatePaymentIntentResult: ResolversUnionTypes<ResolversParentTypes>['CreatePaymentIntentResult'];
  Currency: Scalars['Currency']['output'];
  DateTime: Scalars['DateTime']['output'];
  FieldFault: FieldFault;
  IdempotencyConflictProblem: IdempotencyConflictProblem;
  Money: MoneyModel;
  Mutation: Record<PropertyKey, never>;
  Order: { id: string };
  Payment: PaymentModel;
  PaymentEvent: PaymentEvent;
  Boolean: Scalars['Boolean']['output'];
  PaymentEventRefusedProblem: PaymentEventRefusedProblem;
  PaymentFailure: PaymentFailure;
  PaymentMethod: PaymentMethod;
  PaymentNotFoundProblem: PaymentNotFoundProblem;
  PaymentNotRefundableProblem: PaymentNotRefundableProblem;
  Problem: ResolversInterfaceTypes<ResolversParentTypes>['Problem'];
  Query: Record<PropertyKey, never>;
  RecordPaymentEventInput: RecordPaymentEventInput;
  RecordPaymentEventResult: ResolversUnionTypes<ResolversParentTypes>['RecordPaymentEventResult'];
  Refund: RefundModel;
  RefundExceedsCapturedProblem: Omit<RefundExceedsCapturedProblem, 'refundable'> & { refundable: ResolversParentTypes['Money'] };
  RefundFailure: RefundFailure;
  RefundForOrderInput: RefundForOrderInput;
  RefundPaymentInput: RefundPaymentInput;
  RefundPaymentResult: ResolversUnionTypes<ResolversParentTypes>['RefundPaymentResult'];
  RequestInFlightProblem: RequestInFlightProblem;
  SafeInt: Scalars['SafeInt']['output'];
  ValidationFailedProblem: ValidationFailedProblem;
};

export type AuthDirectiveArgs = {
  requires: Access;
};

export type AuthDirectiveResolver<Result, Parent, ContextType = Context, Args = AuthDirectiveArgs> = DirectiveResolverFn<Result, Parent, ContextType, Args>;

export type CreatePaymentIntentResultResolvers<ContextType = Context, ParentType extends ResolversParentTypes['CreatePaymentIntentResult'] = ResolversParentTypes['CreatePaymentIntentResult']> = {
  __resolveType?: TypeResolveFn<'Payment' | 'ValidationFailedProblem', ParentType, ContextType>;
};

export interface CurrencyScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['Currency'], any> {
  name: 'Currency';
}

export interface DateTimeScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['DateTime'], any> {
  name: 'DateTime';
}

export type FieldFaultResolvers<ContextType = Context, ParentType extends ResolversParentTypes['FieldFault'] = ResolversParentTypes['FieldFault']> = {
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  path?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type IdempotencyConflictProblemResolvers<ContextType = Context, ParentType extends ResolversParentTypes['IdempotencyConflictProblem'] = ResolversParentTypes['IdempotencyConflictProblem']> = {
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
  closePayment?: Resolver<Maybe<ResolversTypes['Payment']>, ParentType, ContextType, RequireFields<MutationClosePaymentArgs, 'input'>>;
  createPaymentIntent?: Resolver<ResolversTypes['CreatePaymentIntentResult'], ParentType, ContextType, RequireFields<MutationCreatePaymentIntentArgs, 'input'>>;
  recordPaymentEvent?: Resolver<ResolversTypes['RecordPaymentEventResult'], ParentType, ContextType, RequireFields<MutationRecordPaymentEventArgs, 'input'>>;
  refundForOrder?: Resolver<Maybe<ResolversTypes['Payment']>, ParentType, ContextType, RequireFields<MutationRefundForOrderArgs, 'input'>>;
  refundPayment?: Resolver<ResolversTypes['RefundPaymentResult'], ParentType, ContextType, RequireFields<MutationRefundPaymentArgs, 'input'>>;
};

export type OrderResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Order'] = ResolversParentTypes['Order'], FederationReferenceType extends FederationReferenceTypes['Order'] = FederationReferenceTypes['Order']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['Order']> | FederationReferenceType, FederationReferenceType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  payments?: Resolver<Maybe<ReadonlyArray<ResolversTypes['Payment']>>, ParentType, ContextType>;
  refundedTotal?: Resolver<Maybe<ResolversTypes['Money']>, ParentType, ContextType>;
};

export type PaymentResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Payment'] = ResolversParentTypes['Payment'], FederationReferenceType extends FederationReferenceTypes['Payment'] = FederationReferenceTypes['Payment']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['Payment']> | FederationReferenceType, FederationReferenceType, ContextType>;
  amount?: Resolver<ResolversTypes['Money'], ParentType, ContextType>;
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  failure?: Resolver<Maybe<ResolversTypes['PaymentFailure']>, ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  method?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  order?: Resolver<Maybe<ResolversTypes['Order']>, ParentType, ContextType>;
  provider?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  refunds?: Resolver<ReadonlyArray<ResolversTypes['Refund']>, ParentType, ContextType>;
  status?: Resolver<ResolversTypes['PaymentStatus'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type PaymentEventResolvers<ContextType = Context, ParentType extends ResolversParentTypes['PaymentEvent'] = ResolversParentTypes['PaymentEvent']> = {
  duplicate?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  received?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type PaymentEventRefusedProblemResolvers<ContextType = Context, ParentType extends ResolversParentTypes['PaymentEventRefusedProblem'] = ResolversParentTypes['PaymentEventRefusedProblem']> = {
  code?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type PaymentFailureResolvers<ContextType = Context, ParentType extends ResolversParentTypes['PaymentFailure'] = ResolversParentTypes['PaymentFailure']> = {
  code?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type PaymentMethodResolvers<ContextType = Context, ParentType extends ResolversParentTypes['PaymentMethod'] = ResolversParentTypes['PaymentMethod']> = {
  isDefault?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  kind?: Resolver<ResolversTypes['PaymentMethodKind'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  provider?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type PaymentNotFoundProblemResolvers<ContextType = Context, ParentType extends ResolversParentTypes['PaymentNotFoundProblem'] = ResolversParentTypes['PaymentNotFoundProblem']> = {
  code?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type PaymentNotRefundableProblemResolvers<ContextType = Context, ParentType extends ResolversParentTypes['PaymentNotRefundableProblem'] = ResolversParentTypes['PaymentNotRefundableProblem']> = {
  code?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type ProblemResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Problem'] = ResolversParentTypes['Problem']> = {
  __resolveType?: TypeResolveFn<'IdempotencyConflictProblem' | 'PaymentEventRefusedProblem' | 'PaymentNotFoundProblem' | 'PaymentNotRefundableProblem' | 'RefundExceedsCapturedProblem' | 'RequestInFlightProblem' | 'ValidationFailedProblem', ParentType, ContextType>;
};

export type QueryResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Query'] = ResolversParentTypes['Query']> = {
  payment?: Resolver<Maybe<ResolversTypes['Payment']>, ParentType, ContextType, RequireFields<QueryPaymentArgs, 'id'>>;
  paymentMethods?: Resolver<Maybe<ReadonlyArray<ResolversTypes['PaymentMethod']>>, ParentType, ContextType>;
  paymentStatus?: Resolver<Maybe<ResolversTypes['Payment']>, ParentType, ContextType, RequireFields<QueryPaymentStatusArgs, 'attempt' | 'orderId'>>;
};

export type RecordPaymentEventResultResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RecordPaymentEventResult'] = ResolversParentTypes['RecordPaymentEventResult']> = {
  __resolveType?: TypeResolveFn<'PaymentEvent' | 'PaymentEventRefusedProblem', ParentType, ContextType>;
};

export type RefundResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Refund'] = ResolversParentTypes['Refund']> = {
  amount?: Resolver<ResolversTypes['Money'], ParentType, ContextType>;
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  failure?: Resolver<Maybe<ResolversTypes['RefundFailure']>, ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  reason?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  status?: Resolver<ResolversTypes['RefundStatus'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type RefundExceedsCapturedProblemResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RefundExceedsCapturedProblem'] = ResolversParentTypes['RefundExceedsCapturedProblem']> = {
  code?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  refundable?: Resolver<ResolversTypes['Money'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type RefundFailureResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RefundFailure'] = ResolversParentTypes['RefundFailure']> = {
  code?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type RefundPaymentResultResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RefundPaymentResult'] = ResolversParentTypes['RefundPaymentResult']> = {
  __resolveType?: TypeResolveFn<'IdempotencyConflictProblem' | 'PaymentNotFoundProblem' | 'PaymentNotRefundableProblem' | 'Refund' | 'RefundExceedsCapturedProblem' | 'RequestInFlightProblem' | 'ValidationFailedProblem', ParentType, ContextType>;
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

export type ValidationFailedProblemResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ValidationFailedProblem'] = ResolversParentTypes['ValidationFailedProblem']> = {
  code?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  fields?: Resolver<ReadonlyArray<ResolversTypes['FieldFault']>, ParentType, ContextType>;
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type Resolvers<ContextType = Context> = {
  CreatePaymentIntentResult?: CreatePaymentIntentResultResolvers<ContextType>;
  Currency?: GraphQLScalarType;
  DateTime?: GraphQLScalarType;
  FieldFault?: FieldFaultResolvers<ContextType>;
  IdempotencyConflictProblem?: IdempotencyConflictProblemResolvers<ContextType>;
  Money?: MoneyResolvers<ContextType>;
  Mutation?: MutationResolvers<ContextType>;
  Order?: OrderResolvers<ContextType>;
  Payment?: PaymentResolvers<ContextType>;
  PaymentEvent?: PaymentEventResolvers<ContextType>;
  PaymentEventRefusedProblem?: PaymentEventRefusedProblemResolvers<ContextType>;
  PaymentFailure?: PaymentFailureResolvers<ContextType>;
  PaymentMethod?: PaymentMethodResolvers<ContextType>;
  PaymentNotFoundProblem?: PaymentNotFoundProblemResolvers<ContextType>;
  PaymentNotRefundableProblem?: PaymentNotRefundableProblemResolvers<ContextType>;
  Problem?: ProblemResolvers<ContextType>;
  Query?: QueryResolvers<ContextType>;
  RecordPaymentEventResult?: RecordPaymentEventResultResolvers<ContextType>;
  Refund?: RefundResolvers<ContextType>;
  RefundExceedsCapturedProblem?: RefundExceedsCapturedProblemResolvers<ContextType>;
  RefundFailure?: RefundFailureResolvers<ContextType>;
  RefundPaymentResult?: RefundPaymentResultResolvers<ContextType>;
  RequestInFlightProblem?: RequestInFlightProblemResolvers<ContextType>;
  SafeInt?: GraphQLScalarType;
  ValidationFailedProblem?: ValidationFailedProblemResolvers<ContextType>;
};

export type DirectiveResolvers<ContextType = Context> = {
  auth?: AuthDirectiveResolver<any, any, ContextType>;
};
