import type { GraphQLResolveInfo, GraphQLScalarType, GraphQLScalarTypeConfig } from 'graphql';
import type { Payment as PaymentModel } from '../domain/payment.ts';
import type { Context } from '../context.ts';
export type Maybe<T> = T | null;
export type InputMaybe<T> = Maybe<T>;
export type RequireFields<T, K extends keyof T> = Omit<T, K> & { [P in K]-?: NonNullable<T[P]> };
/** All built-in and custom scalars, mapped to their actual values */
export type Scalars = {
  ID: { input: string; output: string; }
  String: { input: string; output: string; }
  Boolean: { input: boolean; output: boolean; }
  Int: { input: number; output: number; }
  Float: { input: number; output: number; }
  /** A currency, as ISO 4217 writes it: EUR. */
  Currency: { input: string; output: string; }
  /** A moment, as RFC 3339 writes it: 2026-01-31T12:00:00.000Z. */
  DateTime: { input: Date; output: Date; }
  /** A whole number of up to 2^53 - 1. */
  SafeInt: { input: number; output: number; }
  _FieldSet: { input: unknown; output: unknown; }
};

/** Who a field answers to. */
export type Access =
  /** An administrator of the shop. */
  | 'ADMIN'
  /** Anybody, signed in or not. */
  | 'PUBLIC'
  /** A sister service, never a client. */
  | 'SERVICE'
  /** A signed-in customer. What belongs to somebody else is not found. */
  | 'USER';

export type CreatePaymentIntentInput = {
  readonly amount: Scalars['SafeInt']['input'];
  /** Counts from 1. */
  readonly attempt: Scalars['Int']['input'];
  readonly currency: Scalars['Currency']['input'];
  /** What the provider calls it; the provider's own default when not given. */
  readonly method?: InputMaybe<Scalars['String']['input']>;
  readonly orderId: Scalars['ID']['input'];
  readonly userId: Scalars['ID']['input'];
};

export type CreatePaymentIntentResult = Payment | ValidationFailedProblem;

/** One field of the input that is not allowed. */
export type FieldFault = {
  readonly __typename?: 'FieldFault';
  /** Why. */
  readonly message: Scalars['String']['output'];
  /** Where: `items.0.quantity`. */
  readonly path: Scalars['String']['output'];
};

/** An amount in the smallest unit of its currency: 1999 EUR is 19.99 euros. */
export type Money = {
  readonly __typename?: 'Money';
  readonly amount: Scalars['SafeInt']['output'];
  readonly currency: Scalars['Currency']['output'];
};

export type Mutation = {
  readonly __typename?: 'Mutation';
  /** Takes the money of an order, once for each attempt. A repeat is the same payment. */
  readonly createPaymentIntent: CreatePaymentIntentResult;
};


export type MutationCreatePaymentIntentArgs = {
  input: CreatePaymentIntentInput;
};

export type Order = {
  readonly __typename?: 'Order';
  readonly id: Scalars['ID']['output'];
  /** Every attempt to pay this order, oldest first. */
  readonly payments: Maybe<ReadonlyArray<Payment>>;
};

/** One attempt to take the money of one order. */
export type Payment = {
  readonly __typename?: 'Payment';
  readonly amount: Money;
  readonly createdAt: Scalars['DateTime']['output'];
  /** Set when the status is FAILED. */
  readonly failure: Maybe<PaymentFailure>;
  readonly id: Scalars['ID']['output'];
  readonly order: Maybe<Order>;
  /** Who takes the money: `simulator`. */
  readonly provider: Scalars['String']['output'];
  readonly status: PaymentStatus;
};

/** Why the provider declined. */
export type PaymentFailure = {
  readonly __typename?: 'PaymentFailure';
  /** The provider's reason: `card_declined`. */
  readonly code: Scalars['String']['output'];
};

/** The life of a payment. */
export type PaymentStatus =
  /** The provider declined. */
  | 'FAILED'
  /** The provider has not decided. */
  | 'PROCESSING'
  /** The money is given back. */
  | 'REFUNDED'
  /** The money is taken. */
  | 'SUCCEEDED';

/** What a client can cause and should handle. */
export type Problem = {
  /** The reason, from the catalogue of codes. It is never renamed. */
  readonly code: Scalars['String']['output'];
  /** A sentence for people. */
  readonly message: Scalars['String']['output'];
};

export type Query = {
  readonly __typename?: 'Query';
  /** One payment: of one's own order, or any for an administrator. */
  readonly payment: Maybe<Payment>;
  /** What became of an attempt to pay. */
  readonly paymentStatus: Maybe<Payment>;
};


export type QueryPaymentArgs = {
  id: Scalars['ID']['input'];
};


export type QueryPaymentStatusArgs = {
  attempt: Scalars['Int']['input'];
  orderId: Scalars['ID']['input'];
};

/** Input that breaks a rule, every fault of it at once. */
export type ValidationFailedProblem = Problem & {
  readonly __typename?: 'ValidationFailedProblem';
  readonly code: Scalars['String']['output'];
  readonly fields: ReadonlyArray<FieldFault>;
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
};

/** Mapping of interface types */
export type ResolversInterfaceTypes<_RefType extends Record<string, unknown>> = {
  Problem: ( ValidationFailedProblem );
};

/** Mapping between all available schema types and the resolvers types */
export type ResolversTypes = {
  Access: Access;
  CreatePaymentIntentInput: CreatePaymentIntentInput;
  Int: ResolverTypeWrapper<Scalars['Int']['output']>;
  String: ResolverTypeWrapper<Scalars['String']['output']>;
  ID: ResolverTypeWrapper<Scalars['ID']['output']>;
  CreatePaymentIntentResult: ResolverTypeWrapper<ResolversUnionTypes<ResolversTypes>['CreatePaymentIntentResult']>;
  Currency: ResolverTypeWrapper<Scalars['Currency']['output']>;
  DateTime: ResolverTypeWrapper<Scalars['DateTime']['output']>;
  FieldFault: ResolverTypeWrapper<FieldFault>;
  Money: ResolverTypeWrapper<Money>;
  Mutation: ResolverTypeWrapper<Record<PropertyKey, never>>;
  Order: ResolverTypeWrapper<{ id: string }>;
  Payment: ResolverTypeWrapper<PaymentModel>;
  PaymentFailure: ResolverTypeWrapper<PaymentFailure>;
  PaymentStatus: PaymentStatus;
  Problem: ResolverTypeWrapper<ResolversInterfaceTypes<ResolversTypes>['Problem']>;
  Query: ResolverTypeWrapper<Record<PropertyKey, never>>;
  SafeInt: ResolverTypeWrapper<Scalars['SafeInt']['output']>;
  ValidationFailedProblem: ResolverTypeWrapper<ValidationFailedProblem>;
  Boolean: ResolverTypeWrapper<Scalars['Boolean']['output']>;
};

/** Mapping between all available schema types and the resolvers parents */
export type ResolversParentTypes = {
  CreatePaymentIntentInput: CreatePaymentIntentInput;
  Int: Scalars['Int']['output'];
  String: Scalars['String']['output'];
  ID: Scalars['ID']['output'];
  CreatePaymentIntentResult: ResolversUnionTypes<ResolversParentTypes>['CreatePaymentIntentResult'];
  Currency: Scalars['Currency']['output'];
  DateTime: Scalars['DateTime']['output'];
  FieldFault: FieldFault;
  Money: Money;
  Mutation: Record<PropertyKey, never>;
  Order: { id: string };
  Payment: PaymentModel;
  PaymentFailure: PaymentFailure;
  Problem: ResolversInterfaceTypes<ResolversParentTypes>['Problem'];
  Query: Record<PropertyKey, never>;
  SafeInt: Scalars['SafeInt']['output'];
  ValidationFailedProblem: ValidationFailedProblem;
  Boolean: Scalars['Boolean']['output'];
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

export type MoneyResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Money'] = ResolversParentTypes['Money']> = {
  amount?: Resolver<ResolversTypes['SafeInt'], ParentType, ContextType>;
  currency?: Resolver<ResolversTypes['Currency'], ParentType, ContextType>;
};

export type MutationResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Mutation'] = ResolversParentTypes['Mutation']> = {
  createPaymentIntent?: Resolver<ResolversTypes['CreatePaymentIntentResult'], ParentType, ContextType, RequireFields<MutationCreatePaymentIntentArgs, 'input'>>;
};

export type OrderResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Order'] = ResolversParentTypes['Order'], FederationReferenceType extends FederationReferenceTypes['Order'] = FederationReferenceTypes['Order']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['Order']> | FederationReferenceType, FederationReferenceType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  payments?: Resolver<Maybe<ReadonlyArray<ResolversTypes['Payment']>>, ParentType, ContextType>;
};

export type PaymentResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Payment'] = ResolversParentTypes['Payment'], FederationReferenceType extends FederationReferenceTypes['Payment'] = FederationReferenceTypes['Payment']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['Payment']> | FederationReferenceType, FederationReferenceType, ContextType>;
  amount?: Resolver<ResolversTypes['Money'], ParentType, ContextType>;
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  failure?: Resolver<Maybe<ResolversTypes['PaymentFailure']>, ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  order?: Resolver<Maybe<ResolversTypes['Order']>, ParentType, ContextType>;
  provider?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  status?: Resolver<ResolversTypes['PaymentStatus'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type PaymentFailureResolvers<ContextType = Context, ParentType extends ResolversParentTypes['PaymentFailure'] = ResolversParentTypes['PaymentFailure']> = {
  code?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type ProblemResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Problem'] = ResolversParentTypes['Problem']> = {
  __resolveType?: TypeResolveFn<'ValidationFailedProblem', ParentType, ContextType>;
};

export type QueryResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Query'] = ResolversParentTypes['Query']> = {
  payment?: Resolver<Maybe<ResolversTypes['Payment']>, ParentType, ContextType, RequireFields<QueryPaymentArgs, 'id'>>;
  paymentStatus?: Resolver<Maybe<ResolversTypes['Payment']>, ParentType, ContextType, RequireFields<QueryPaymentStatusArgs, 'attempt' | 'orderId'>>;
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
  Money?: MoneyResolvers<ContextType>;
  Mutation?: MutationResolvers<ContextType>;
  Order?: OrderResolvers<ContextType>;
  Payment?: PaymentResolvers<ContextType>;
  PaymentFailure?: PaymentFailureResolvers<ContextType>;
  Problem?: ProblemResolvers<ContextType>;
  Query?: QueryResolvers<ContextType>;
  SafeInt?: GraphQLScalarType;
  ValidationFailedProblem?: ValidationFailedProblemResolvers<ContextType>;
};

export type DirectiveResolvers<ContextType = Context> = {
  auth?: AuthDirectiveResolver<any, any, ContextType>;
};
