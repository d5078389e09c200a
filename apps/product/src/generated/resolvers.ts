import type { GraphQLResolveInfo, GraphQLScalarType, GraphQLScalarTypeConfig } from 'graphql';
import type { Money as MoneyModel } from '@cartograph/money';
import type { Product as ProductModel } from '../domain/product.ts';
import type { ProductPage } from '../domain/product-list.ts';
import type { Reservation as ReservationModel } from '../domain/reservation.ts';
import type { StockMovement as StockMovementModel } from '../domain/stock-ledger.ts';
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

/** A change of the stock of a product. */
export type AdjustStockInput = {
  /** Units to add; negative to remove. */
  readonly delta: Scalars['Int']['input'];
  /** The id of the product. */
  readonly productId: Scalars['ID']['input'];
  /** The reason in the stock ledger: 1 to 200 characters. */
  readonly reason: Scalars['String']['input'];
};

/** The product with its new stock, or why the stock was not changed. */
export type AdjustStockResult = OutOfStockProblem | Product | ProductNotFoundProblem | ValidationFailedProblem;

/** A product in a version. */
export type ArchiveProductInput = {
  /** The id of the product. */
  readonly id: Scalars['ID']['input'];
  /** The version that the change is based on. */
  readonly version: Scalars['Int']['input'];
};

/** A category of products. */
export type Category = {
  readonly __typename?: 'Category';
  /** The value of `Product.category`: `coffee-and-tea`. */
  readonly name: Scalars['String']['output'];
  /** How many products are listed in it. */
  readonly productCount: Scalars['Int']['output'];
};

/** A new product. */
export type CreateProductInput = {
  /** At most 60 characters: words in lower case, joined by hyphens. */
  readonly category: Scalars['String']['input'];
  /** At most 10000 characters. */
  readonly description: Scalars['String']['input'];
  /** A web address of at most 2000 characters: the only image. Give it or `images`. */
  readonly imageUrl?: InputMaybe<Scalars['String']['input']>;
  /** At most 10, in the order in which they are shown. */
  readonly images?: InputMaybe<ReadonlyArray<ProductImageInput>>;
  /** 1 to 200 characters. */
  readonly name: Scalars['String']['input'];
  /** What one unit costs. */
  readonly price: MoneyInput;
  /** 1 to 64 characters: letters, digits, dots, hyphens and underscores. The first is a letter or digit. */
  readonly sku: Scalars['String']['input'];
  /** How many units can be ordered at first. */
  readonly stock: Scalars['Int']['input'];
};

/** The new product, or why there is none. */
export type CreateProductResult = Product | SkuTakenProblem | ValidationFailedProblem;

/** One field of the input that is not allowed. */
export type FieldFault = {
  readonly __typename?: 'FieldFault';
  /** Why. */
  readonly message: Scalars['String']['output'];
  /** Where: `items.0.quantity`. */
  readonly path: Scalars['String']['output'];
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

/** An amount of money. */
export type MoneyInput = {
  /** In the smallest unit of the currency. */
  readonly amount: Scalars['SafeInt']['input'];
  /** The currency of the amount. */
  readonly currency: Scalars['Currency']['input'];
};

/** What can be changed. */
export type Mutation = {
  readonly __typename?: 'Mutation';
  /** Adds units to stock (positive) or removes them (negative). */
  readonly adjustStock: AdjustStockResult;
  /** Removes a product from the catalogue. Orders that contain it do not change. */
  readonly archiveProduct: UpdateProductResult;
  /** Marks the units of a reservation as sold. */
  readonly commitReservation: Maybe<Reservation>;
  /** Adds a product to the catalogue. */
  readonly createProduct: CreateProductResult;
  /**
   * Returns the units of a reservation to stock. With `close` no stock is ever taken for the order
   * again, not even by a delayed request that arrives later.
   */
  readonly releaseReservation: Maybe<Reservation>;
  /** Reserves stock for an order: every line or none. A repeat returns the same reservation. */
  readonly reserveStock: ReserveStockResult;
  /** Restores an archived product to the catalogue. */
  readonly restoreProduct: UpdateProductResult;
  /** Changes a product, unless its version is no longer `version`. */
  readonly updateProduct: UpdateProductResult;
};


/** What can be changed. */
export type MutationAdjustStockArgs = {
  input: AdjustStockInput;
};


/** What can be changed. */
export type MutationArchiveProductArgs = {
  input: ArchiveProductInput;
};


/** What can be changed. */
export type MutationCommitReservationArgs = {
  orderId: Scalars['ID']['input'];
};


/** What can be changed. */
export type MutationCreateProductArgs = {
  input: CreateProductInput;
};


/** What can be changed. */
export type MutationReleaseReservationArgs = {
  close: Scalars['Boolean']['input'];
  orderId: Scalars['ID']['input'];
};


/** What can be changed. */
export type MutationReserveStockArgs = {
  input: ReserveStockInput;
};


/** What can be changed. */
export type MutationRestoreProductArgs = {
  input: ArchiveProductInput;
};


/** What can be changed. */
export type MutationUpdateProductArgs = {
  input: UpdateProductInput;
};

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
  /** Set while the product is archived: it is not listed and can't be ordered. */
  readonly archivedAt: Maybe<Scalars['DateTime']['output']>;
  /** For example `kitchen` or `coffee-and-tea`. */
  readonly category: Scalars['String']['output'];
  /** When it was added to the catalogue. */
  readonly createdAt: Scalars['DateTime']['output'];
  /** What customers read about it; may be empty. */
  readonly description: Scalars['String']['output'];
  /** The id of the product. */
  readonly id: Scalars['ID']['output'];
  /** The address of the first of its `images`; null when it has none. */
  readonly imageUrl: Maybe<Scalars['String']['output']>;
  /** Its images, in the order in which they are shown: 10 at most. */
  readonly images: ReadonlyArray<ProductImage>;
  /** The name that customers read. */
  readonly name: Scalars['String']['output'];
  /** What one unit costs now. */
  readonly price: Money;
  /** The shop's own article number. */
  readonly sku: Scalars['String']['output'];
  /** How many units can be ordered now. */
  readonly stock: Scalars['Int']['output'];
  /** When it or its stock was last changed. */
  readonly updatedAt: Scalars['DateTime']['output'];
  /** Send it with a change, so that no other change is overwritten. */
  readonly version: Scalars['Int']['output'];
};

/** A page of products. */
export type ProductConnection = {
  readonly __typename?: 'ProductConnection';
  /** The products, each with its cursor. */
  readonly edges: ReadonlyArray<ProductEdge>;
  /** The products, for clients that need no cursors. */
  readonly nodes: ReadonlyArray<Product>;
  /** Where the page is in the list. */
  readonly pageInfo: PageInfo;
  /** How many products all pages have; at most 10,000. */
  readonly totalCount: Scalars['Int']['output'];
  /** True when there are more than `totalCount`: display 10,000+. */
  readonly totalCountExceeded: Scalars['Boolean']['output'];
};

/** A product in a page. */
export type ProductEdge = {
  readonly __typename?: 'ProductEdge';
  /** The position of the item in the list. */
  readonly cursor: Scalars['String']['output'];
  /** The product. */
  readonly node: Product;
};

/** Which products to list. All conditions must hold. */
export type ProductFilter = {
  /** Only archived products. For administrators. */
  readonly archived?: InputMaybe<Scalars['Boolean']['input']>;
  /** Only products of any of these categories: up to 100, each of at most 60 characters. */
  readonly categories?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
  /** Only products of this category: a `Category.name` of at most 60 characters. */
  readonly category?: InputMaybe<Scalars['String']['input']>;
  /** Only products with a price in this currency. */
  readonly currency?: InputMaybe<Scalars['Currency']['input']>;
  /** Only products that can be ordered now. */
  readonly inStock?: InputMaybe<Scalars['Boolean']['input']>;
  /** In the smallest unit of the currency. */
  readonly maxPrice?: InputMaybe<Scalars['SafeInt']['input']>;
  /** In the smallest unit of the currency. */
  readonly minPrice?: InputMaybe<Scalars['SafeInt']['input']>;
  /** Any of up to 100 SKUs, each of at most 64 characters. */
  readonly skus?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
  /**
   * Words of the name, SKU, category or description, in any form: `lamps` finds a lamp. The last word
   * may be a prefix; a word that no product contains is corrected to the most similar one.
   * At most 200 characters.
   */
  readonly text?: InputMaybe<Scalars['String']['input']>;
  /**
   * Only products whose `updatedAt` is this time or later. A change may become visible up to two minutes
   * after its `updatedAt`: to miss none, give the time of the last request less three minutes.
   */
  readonly updatedSince?: InputMaybe<Scalars['DateTime']['input']>;
};

/** A picture of a product. */
export type ProductImage = {
  readonly __typename?: 'ProductImage';
  /** A web address. */
  readonly url: Scalars['String']['output'];
};

/** A picture of a product. */
export type ProductImageInput = {
  /** A web address of at most 2000 characters. */
  readonly url: Scalars['String']['input'];
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

/** What can be read. */
export type Query = {
  readonly __typename?: 'Query';
  /** The categories that have products, in the order of their names. */
  readonly categories: Maybe<ReadonlyArray<Category>>;
  /** Those of these products that can be ordered, in any order. At most 100 ids. */
  readonly offers: ReadonlyArray<Product>;
  /** One product, by id or by SKU: give exactly one of them. */
  readonly product: Maybe<Product>;
  /** The catalogue. Page forward with `first` and `after`, backward with `last` and `before`. */
  readonly products: Maybe<ProductConnection>;
  /** The stock ledger, newest first: of one product, or of one order. */
  readonly stockMovements: Maybe<StockMovementConnection>;
};


/** What can be read. */
export type QueryOffersArgs = {
  ids: ReadonlyArray<Scalars['ID']['input']>;
};


/** What can be read. */
export type QueryProductArgs = {
  id?: InputMaybe<Scalars['ID']['input']>;
  sku?: InputMaybe<Scalars['String']['input']>;
};


/** What can be read. */
export type QueryProductsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<ProductFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  sort?: InputMaybe<ProductSort>;
};


/** What can be read. */
export type QueryStockMovementsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  orderId?: InputMaybe<Scalars['ID']['input']>;
  productId?: InputMaybe<Scalars['ID']['input']>;
};

/** Stock that is reserved for an order. */
export type Reservation = {
  readonly __typename?: 'Reservation';
  /** The reserved products. */
  readonly lines: ReadonlyArray<ReservationLine>;
  /** The id of the order that it is for. */
  readonly orderId: Scalars['ID']['output'];
  /** What has become of the units. */
  readonly status: ReservationStatus;
};

/** One product of a reservation, as it was when its stock was reserved. */
export type ReservationLine = {
  readonly __typename?: 'ReservationLine';
  /** The name of the product. */
  readonly name: Scalars['String']['output'];
  /** The id of the product. */
  readonly productId: Scalars['ID']['output'];
  /** How many units. */
  readonly quantity: Scalars['Int']['output'];
  /** The shop's own article number. */
  readonly sku: Scalars['String']['output'];
  /** What one unit cost. */
  readonly unitPrice: Money;
};

/** The life of a reservation. */
export type ReservationStatus =
  /** Sold. */
  | 'COMMITTED'
  /** Reserved. */
  | 'HELD'
  /** Returned to stock. */
  | 'RELEASED';

/** The units that an order needs. */
export type ReserveStockInput = {
  /** When the units return to stock automatically. */
  readonly expiresAt: Scalars['DateTime']['input'];
  /** The products, each of them once. */
  readonly lines: ReadonlyArray<ReserveStockLineInput>;
  /** The id of the order. */
  readonly orderId: Scalars['ID']['input'];
};

/** Units of one product. */
export type ReserveStockLineInput = {
  /** The id of the product. */
  readonly productId: Scalars['ID']['input'];
  /** How many units. */
  readonly quantity: Scalars['Int']['input'];
};

/** The reservation, or why nothing was reserved. */
export type ReserveStockResult = OutOfStockProblem | ProductNotFoundProblem | Reservation;

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

/** Another product has this SKU. */
export type SkuTakenProblem = Problem & {
  readonly __typename?: 'SkuTakenProblem';
  /** The reason, from the catalogue of codes. It is never renamed. */
  readonly code: Scalars['String']['output'];
  /** A sentence for people. */
  readonly message: Scalars['String']['output'];
  /** The SKU that is taken. */
  readonly sku: Scalars['String']['output'];
};

/** One row of the stock ledger. The sum of a product's `stockDelta` is its stock. */
export type StockMovement = {
  readonly __typename?: 'StockMovement';
  /** Who: the id of an account, or the name of a process. */
  readonly actor: Scalars['String']['output'];
  /** When it happened. */
  readonly at: Scalars['DateTime']['output'];
  /** The change of the units that are reserved for orders. */
  readonly heldDelta: Scalars['Int']['output'];
  /** The id of the row. */
  readonly id: Scalars['ID']['output'];
  /** What happened to the units. */
  readonly kind: StockMovementKind;
  /** The order for which it happened, if there is one. */
  readonly orderId: Maybe<Scalars['ID']['output']>;
  /** The product whose units these are. */
  readonly product: Product;
  /** Why. */
  readonly reason: Scalars['String']['output'];
  /** The change of the units that can be ordered. */
  readonly stockDelta: Scalars['Int']['output'];
};

/** A page of the stock ledger. */
export type StockMovementConnection = {
  readonly __typename?: 'StockMovementConnection';
  /** The movements, each with its cursor. */
  readonly edges: ReadonlyArray<StockMovementEdge>;
  /** The movements, for clients that need no cursors. */
  readonly nodes: ReadonlyArray<StockMovement>;
  /** Where the page is in the list. */
  readonly pageInfo: PageInfo;
};

/** A movement in a page. */
export type StockMovementEdge = {
  readonly __typename?: 'StockMovementEdge';
  /** The position of the item in the list. */
  readonly cursor: Scalars['String']['output'];
  /** The movement. */
  readonly node: StockMovement;
};

/** What happened to the units. */
export type StockMovementKind =
  /** Adjusted by an administrator or an import. */
  | 'ADJUSTED'
  /** Sold. */
  | 'COMMITTED'
  /** Returned to stock. */
  | 'RELEASED'
  /** Reserved for an order. */
  | 'RESERVED';

/** Absent fields do not change. Only `imageUrl` can be null: elsewhere null is BAD_USER_INPUT. */
export type UpdateProductInput = {
  /** At most 60 characters: words in lower case, joined by hyphens. */
  readonly category?: InputMaybe<Scalars['String']['input']>;
  /** At most 10000 characters. */
  readonly description?: InputMaybe<Scalars['String']['input']>;
  /** The id of the product. */
  readonly id: Scalars['ID']['input'];
  /**
   * A web address of at most 2000 characters: it replaces the first image. Null removes all images. Give it
   * or `images`.
   */
  readonly imageUrl?: InputMaybe<Scalars['String']['input']>;
  /** At most 10: they replace all images. An empty list removes them. */
  readonly images?: InputMaybe<ReadonlyArray<ProductImageInput>>;
  /** 1 to 200 characters. */
  readonly name?: InputMaybe<Scalars['String']['input']>;
  /** What one unit costs from now on. Orders keep their prices. */
  readonly price?: InputMaybe<MoneyInput>;
  /** The version that the change is based on. */
  readonly version: Scalars['Int']['input'];
};

/** The product after the change, or why it was not changed. */
export type UpdateProductResult = Product | ProductNotFoundProblem | ValidationFailedProblem | VersionConflictProblem;

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

/** The product has changed since the given version. */
export type VersionConflictProblem = Problem & {
  readonly __typename?: 'VersionConflictProblem';
  /** The reason, from the catalogue of codes. It is never renamed. */
  readonly code: Scalars['String']['output'];
  /** The version that the product has now. */
  readonly currentVersion: Scalars['Int']['output'];
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
  Product: Product;
};

/** Mapping of federation reference types */
export type FederationReferenceTypes = {
  Product:
    ( { __typename: 'Product' }
    & ( GraphQLRecursivePick<FederationTypes['Product'], {"id":true}>
        | GraphQLRecursivePick<FederationTypes['Product'], {"sku":true}> ) );
};

/** Mapping of union types */
export type ResolversUnionTypes<_RefType extends Record<string, unknown>> = {
  AdjustStockResult:
    | ( OutOfStockProblem & { __typename: 'OutOfStockProblem' } )
    | ( ProductModel & { __typename: 'Product' } )
    | ( ProductNotFoundProblem & { __typename: 'ProductNotFoundProblem' } )
    | ( ValidationFailedProblem & { __typename: 'ValidationFailedProblem' } )
  ;
  CreateProductResult:
    | ( ProductModel & { __typename: 'Product' } )
    | ( SkuTakenProblem & { __typename: 'SkuTakenProblem' } )
    | ( ValidationFailedProblem & { __typename: 'ValidationFailedProblem' } )
  ;
  ReserveStockResult:
    | ( OutOfStockProblem & { __typename: 'OutOfStockProblem' } )
    | ( ProductNotFoundProblem & { __typename: 'ProductNotFoundProblem' } )
    | ( ReservationModel & { __typename: 'Reservation' } )
  ;
  UpdateProductResult:
    | ( ProductModel & { __typename: 'Product' } )
    | ( ProductNotFoundProblem & { __typename: 'ProductNotFoundProblem' } )
    | ( ValidationFailedProblem & { __typename: 'ValidationFailedProblem' } )
    | ( VersionConflictProblem & { __typename: 'VersionConflictProblem' } )
  ;
};

/** Mapping of interface types */
export type ResolversInterfaceTypes<_RefType extends Record<string, unknown>> = {
  Problem:
    | ( OutOfStockProblem )
    | ( ProductNotFoundProblem )
    | ( SkuTakenProblem )
    | ( ValidationFailedProblem )
    | ( VersionConflictProblem )
  ;
};

/** Mapping between all available schema types and the resolvers types */
export type ResolversTypes = {
  Access: Access;
  AdjustStockInput: AdjustStockInput;
  ID: ResolverTypeWrapper<Scalars['ID']['output']>;
  String: ResolverTypeWrapper<Scalars['String']['output']>;
  AdjustStockResult: ResolverTypeWrapper<ResolversUnionTypes<ResolversTypes>['AdjustStockResult']>;
  ArchiveProductInput: ArchiveProductInput;
  Category: ResolverTypeWrapper<Category>;
  CreateProductInput: CreateProductInput;
  CreateProductResult: ResolverTypeWrapper<ResolversUnionTypes<ResolversTypes>['CreateProductResult']>;
  Currency: ResolverTypeWrapper<Scalars['Currency']['output']>;
  DateTime: ResolverTypeWrapper<Scalars['DateTime']['output']>;
  FieldFault: ResolverTypeWrapper<FieldFault>;
  Money: ResolverTypeWrapper<MoneyModel>;
  MoneyInput: MoneyInput;
  Mutation: ResolverTypeWrapper<Record<PropertyKey, never>>;
  OutOfStockProblem: ResolverTypeWrapper<OutOfStockProblem>;
  PageInfo: ResolverTypeWrapper<PageInfo>;
  Problem: ResolverTypeWrapper<ResolversInterfaceTypes<ResolversTypes>['Problem']>;
  Product: ResolverTypeWrapper<ProductModel>;
  ProductConnection: ResolverTypeWrapper<ProductPage>;
  ProductEdge: ResolverTypeWrapper<Omit<ProductEdge, 'node'> & { node: ResolversTypes['Product'] }>;
  ProductFilter: ProductFilter;
  ProductImage: ResolverTypeWrapper<ProductImage>;
  ProductImageInput: ProductImageInput;
  ProductNotFoundProblem: ResolverTypeWrapper<ProductNotFoundProblem>;
  ProductSort: ProductSort;
  Query: ResolverTypeWrapper<Record<PropertyKey, never>>;
  Reservation: ResolverTypeWrapper<ReservationModel>;
  ReservationLine: ResolverTypeWrapper<Omit<ReservationLine, 'unitPrice'> & { unitPrice: ResolversTypes['Money'] }>;
  ReservationStatus: ReservationStatus;
  ReserveStockInput: ReserveStockInput;
  ReserveStockLineInput: ReserveStockLineInput;
  ReserveStockResult: ResolverTypeWrapper<ResolversUnionTypes<ResolversTypes>['ReserveStockResult']>;
  SafeInt: ResolverTypeWrapper<Scalars['SafeInt']['output']>;
  Shortage: ResolverTypeWrapper<Shortage>;
  SkuTakenProblem: ResolverTypeWrapper<SkuTakenProblem>;
  StockMovement: ResolverTypeWrapper<StockMovementModel>;
  StockMovementConnection: ResolverTypeWrapper<Omit<StockMovementConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversTypes['StockMovementEdge']>, nodes: ReadonlyArray<ResolversTypes['StockMovement']> }>;
  StockMovementEdge: ResolverTypeWrapper<Omit<StockMovementEdge, 'node'> & { node: ResolversTypes['StockMovement'] }>;
  StockMovementKind: StockMovementKind;
  UpdateProductInput: UpdateProductInput;
  UpdateProductResult: ResolverTypeWrapper<ResolversUnionTypes<ResolversTypes>['UpdateProductResult']>;
  ValidationFailedProblem: ResolverTypeWrapper<ValidationFailedProblem>;
  VersionConflictProblem: ResolverTypeWrapper<VersionConflictProblem>;
  Boolean: ResolverTypeWrapper<Scalars['Boolean']['output']>;
  Int: ResolverTypeWrapper<Scalars['Int']['output']>;
};

/** Mapping between all available schema types and the resolvers parents */
export type ResolversParentTypes = {
  AdjustStockInput: AdjustStockInput;
  ID: Scalars['ID']['output'];
  String: Scalars['String']['output'];
  AdjustStockResult: ResolversUnionTypes<ResolversParentTypes>['AdjustStockResult'];
  ArchiveProductInput: ArchiveProductInput;
  Category: Category;
  CreateProductInput: CreateProductInput;
  CreateProductResult: ResolversUnionTypes<ResolversParentTypes>['CreateProductResult'];
  Currency: Scalars['Currency']['output'];
  DateTime: Scalars['DateTime']['output'];
  FieldFault: FieldFault;
  Money: MoneyModel;
  MoneyInput: MoneyInput;
  Mutation: Record<PropertyKey, never>;
  OutOfStockProblem: OutOfStockProblem;
  PageInfo: PageInfo;
  Problem: ResolversInterfaceTypes<ResolversParentTypes>['Problem'];
  Product: ProductModel;
  ProductConnection: ProductPage;
  ProductEdge: Omit<ProductEdge, 'node'> & { node: ResolversParentTypes['Product'] };
  ProductFilter: ProductFilter;
  ProductImage: ProductImage;
  ProductImageInput: ProductImageInput;
  ProductNotFoundProblem: ProductNotFoundProblem;
  Query: Record<PropertyKey, never>;
  Reservation: ReservationModel;
  ReservationLine: Omit<ReservationLine, 'unitPrice'> & { unitPrice: ResolversParentTypes['Money'] };
  ReserveStockInput: ReserveStockInput;
  ReserveStockLineInput: ReserveStockLineInput;
  ReserveStockResult: ResolversUnionTypes<ResolversParentTypes>['ReserveStockResult'];
  SafeInt: Scalars['SafeInt']['output'];
  Shortage: Shortage;
  SkuTakenProblem: SkuTakenProblem;
  StockMovement: StockMovementModel;
  StockMovementConnection: Omit<StockMovementConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversParentTypes['StockMovementEdge']>, nodes: ReadonlyArray<ResolversParentTypes['StockMovement']> };
  StockMovementEdge: Omit<StockMovementEdge, 'node'> & { node: ResolversParentTypes['StockMovement'] };
  UpdateProductInput: UpdateProductInput;
  UpdateProductResult: ResolversUnionTypes<ResolversParentTypes>['UpdateProductResult'];
  ValidationFailedProblem: ValidationFailedProblem;
  VersionConflictProblem: VersionConflictProblem;
  Boolean: Scalars['Boolean']['output'];
  Int: Scalars['Int']['output'];
};

export type AuthDirectiveArgs = {
  requires: Access;
};

export type AuthDirectiveResolver<Result, Parent, ContextType = Context, Args = AuthDirectiveArgs> = DirectiveResolverFn<Result, Parent, ContextType, Args>;

export type CacheControlDirectiveArgs = {
  inheritMaxAge?: Maybe<Scalars['Boolean']['input']>;
  maxAge?: Maybe<Scalars['Int']['input']>;
};

export type CacheControlDirectiveResolver<Result, Parent, ContextType = Context, Args = CacheControlDirectiveArgs> = DirectiveResolverFn<Result, Parent, ContextType, Args>;

export type AdjustStockResultResolvers<ContextType = Context, ParentType extends ResolversParentTypes['AdjustStockResult'] = ResolversParentTypes['AdjustStockResult']> = {
  __resolveType?: TypeResolveFn<'OutOfStockProblem' | 'Product' | 'ProductNotFoundProblem' | 'ValidationFailedProblem', ParentType, ContextType>;
};

export type CategoryResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Category'] = ResolversParentTypes['Category']> = {
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  productCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type CreateProductResultResolvers<ContextType = Context, ParentType extends ResolversParentTypes['CreateProductResult'] = ResolversParentTypes['CreateProductResult']> = {
  __resolveType?: TypeResolveFn<'Product' | 'SkuTakenProblem' | 'ValidationFailedProblem', ParentType, ContextType>;
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
  decimal?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type MutationResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Mutation'] = ResolversParentTypes['Mutation']> = {
  adjustStock?: Resolver<ResolversTypes['AdjustStockResult'], ParentType, ContextType, RequireFields<MutationAdjustStockArgs, 'input'>>;
  archiveProduct?: Resolver<ResolversTypes['UpdateProductResult'], ParentType, ContextType, RequireFields<MutationArchiveProductArgs, 'input'>>;
  commitReservation?: Resolver<Maybe<ResolversTypes['Reservation']>, ParentType, ContextType, RequireFields<MutationCommitReservationArgs, 'orderId'>>;
  createProduct?: Resolver<ResolversTypes['CreateProductResult'], ParentType, ContextType, RequireFields<MutationCreateProductArgs, 'input'>>;
  releaseReservation?: Resolver<Maybe<ResolversTypes['Reservation']>, ParentType, ContextType, RequireFields<MutationReleaseReservationArgs, 'close' | 'orderId'>>;
  reserveStock?: Resolver<ResolversTypes['ReserveStockResult'], ParentType, ContextType, RequireFields<MutationReserveStockArgs, 'input'>>;
  restoreProduct?: Resolver<ResolversTypes['UpdateProductResult'], ParentType, ContextType, RequireFields<MutationRestoreProductArgs, 'input'>>;
  updateProduct?: Resolver<ResolversTypes['UpdateProductResult'], ParentType, ContextType, RequireFields<MutationUpdateProductArgs, 'input'>>;
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

export type ProblemResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Problem'] = ResolversParentTypes['Problem']> = {
  __resolveType?: TypeResolveFn<'OutOfStockProblem' | 'ProductNotFoundProblem' | 'SkuTakenProblem' | 'ValidationFailedProblem' | 'VersionConflictProblem', ParentType, ContextType>;
};

export type ProductResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Product'] = ResolversParentTypes['Product'], FederationReferenceType extends FederationReferenceTypes['Product'] = FederationReferenceTypes['Product']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['Product']> | FederationReferenceType, FederationReferenceType, ContextType>;
  archivedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  category?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  description?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  imageUrl?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  images?: Resolver<ReadonlyArray<ResolversTypes['ProductImage']>, ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  price?: Resolver<ResolversTypes['Money'], ParentType, ContextType>;
  sku?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  stock?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  updatedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  version?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type ProductConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ProductConnection'] = ResolversParentTypes['ProductConnection']> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['ProductEdge']>, ParentType, ContextType>;
  nodes?: Resolver<ReadonlyArray<ResolversTypes['Product']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  totalCountExceeded?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
};

export type ProductEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ProductEdge'] = ResolversParentTypes['ProductEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Product'], ParentType, ContextType>;
};

export type ProductImageResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ProductImage'] = ResolversParentTypes['ProductImage']> = {
  url?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type ProductNotFoundProblemResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ProductNotFoundProblem'] = ResolversParentTypes['ProductNotFoundProblem']> = {
  code?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  productId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type QueryResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Query'] = ResolversParentTypes['Query']> = {
  categories?: Resolver<Maybe<ReadonlyArray<ResolversTypes['Category']>>, ParentType, ContextType>;
  offers?: Resolver<ReadonlyArray<ResolversTypes['Product']>, ParentType, ContextType, RequireFields<QueryOffersArgs, 'ids'>>;
  product?: Resolver<Maybe<ResolversTypes['Product']>, ParentType, ContextType, Partial<QueryProductArgs>>;
  products?: Resolver<Maybe<ResolversTypes['ProductConnection']>, ParentType, ContextType, Partial<QueryProductsArgs>>;
  stockMovements?: Resolver<Maybe<ResolversTypes['StockMovementConnection']>, ParentType, ContextType, Partial<QueryStockMovementsArgs>>;
};

export type ReservationResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Reservation'] = ResolversParentTypes['Reservation']> = {
  lines?: Resolver<ReadonlyArray<ResolversTypes['ReservationLine']>, ParentType, ContextType>;
  orderId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  status?: Resolver<ResolversTypes['ReservationStatus'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type ReservationLineResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ReservationLine'] = ResolversParentTypes['ReservationLine']> = {
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  productId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  quantity?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  sku?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  unitPrice?: Resolver<ResolversTypes['Money'], ParentType, ContextType>;
};

export type ReserveStockResultResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ReserveStockResult'] = ResolversParentTypes['ReserveStockResult']> = {
  __resolveType?: TypeResolveFn<'OutOfStockProblem' | 'ProductNotFoundProblem' | 'Reservation', ParentType, ContextType>;
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

export type SkuTakenProblemResolvers<ContextType = Context, ParentType extends ResolversParentTypes['SkuTakenProblem'] = ResolversParentTypes['SkuTakenProblem']> = {
  code?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  sku?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type StockMovementResolvers<ContextType = Context, ParentType extends ResolversParentTypes['StockMovement'] = ResolversParentTypes['StockMovement']> = {
  actor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  at?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  heldDelta?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  kind?: Resolver<ResolversTypes['StockMovementKind'], ParentType, ContextType>;
  orderId?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  product?: Resolver<ResolversTypes['Product'], ParentType, ContextType>;
  reason?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  stockDelta?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type StockMovementConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['StockMovementConnection'] = ResolversParentTypes['StockMovementConnection']> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['StockMovementEdge']>, ParentType, ContextType>;
  nodes?: Resolver<ReadonlyArray<ResolversTypes['StockMovement']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type StockMovementEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['StockMovementEdge'] = ResolversParentTypes['StockMovementEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['StockMovement'], ParentType, ContextType>;
};

export type UpdateProductResultResolvers<ContextType = Context, ParentType extends ResolversParentTypes['UpdateProductResult'] = ResolversParentTypes['UpdateProductResult']> = {
  __resolveType?: TypeResolveFn<'Product' | 'ProductNotFoundProblem' | 'ValidationFailedProblem' | 'VersionConflictProblem', ParentType, ContextType>;
};

export type ValidationFailedProblemResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ValidationFailedProblem'] = ResolversParentTypes['ValidationFailedProblem']> = {
  code?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  fields?: Resolver<ReadonlyArray<ResolversTypes['FieldFault']>, ParentType, ContextType>;
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type VersionConflictProblemResolvers<ContextType = Context, ParentType extends ResolversParentTypes['VersionConflictProblem'] = ResolversParentTypes['VersionConflictProblem']> = {
  code?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  currentVersion?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type Resolvers<ContextType = Context> = {
  AdjustStockResult?: AdjustStockResultResolvers<ContextType>;
  Category?: CategoryResolvers<ContextType>;
  CreateProductResult?: CreateProductResultResolvers<ContextType>;
  Currency?: GraphQLScalarType;
  DateTime?: GraphQLScalarType;
  FieldFault?: FieldFaultResolvers<ContextType>;
  Money?: MoneyResolvers<ContextType>;
  Mutation?: MutationResolvers<ContextType>;
  OutOfStockProblem?: OutOfStockProblemResolvers<ContextType>;
  PageInfo?: PageInfoResolvers<ContextType>;
  Problem?: ProblemResolvers<ContextType>;
  Product?: ProductResolvers<ContextType>;
  ProductConnection?: ProductConnectionResolvers<ContextType>;
  ProductEdge?: ProductEdgeResolvers<ContextType>;
  ProductImage?: ProductImageResolvers<ContextType>;
  ProductNotFoundProblem?: ProductNotFoundProblemResolvers<ContextType>;
  Query?: QueryResolvers<ContextType>;
  Reservation?: ReservationResolvers<ContextType>;
  ReservationLine?: ReservationLineResolvers<ContextType>;
  ReserveStockResult?: ReserveStockResultResolvers<ContextType>;
  SafeInt?: GraphQLScalarType;
  Shortage?: ShortageResolvers<ContextType>;
  SkuTakenProblem?: SkuTakenProblemResolvers<ContextType>;
  StockMovement?: StockMovementResolvers<ContextType>;
  StockMovementConnection?: StockMovementConnectionResolvers<ContextType>;
  StockMovementEdge?: StockMovementEdgeResolvers<ContextType>;
  UpdateProductResult?: UpdateProductResultResolvers<ContextType>;
  ValidationFailedProblem?: ValidationFailedProblemResolvers<ContextType>;
  VersionConflictProblem?: VersionConflictProblemResolvers<ContextType>;
};

export type DirectiveResolvers<ContextType = Context> = {
  auth?: AuthDirectiveResolver<any, any, ContextType>;
  cacheControl?: CacheControlDirectiveResolver<any, any, ContextType>;
};
