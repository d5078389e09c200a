import type { TypedText } from './document-type.ts';
import type {
  CancelOrderInput,
  CancelOrderMutation,
  CreateOrderInput,
  CreateOrderMutation,
  LoginInput,
  LoginMutation,
  MeQuery,
  OrderQuery,
  OrdersQuery,
  OrdersQueryVariables,
  PayOrderInput,
  PayOrderMutation,
  ProductDetailsFragment,
  ProductsQuery,
  ProductsQueryVariables,
  RefundPaymentInput,
  RefundPaymentMutation,
  RegisterInput,
  RegisterMutation,
} from './generated/graphql.ts';
import type { CallOptions } from './make-caller.ts';

/** Options of a mutation that is done once. */
export type KeyedOptions = CallOptions & {
  /**
   * The idempotency key. The client makes one for each call and uses it for all retries of that call. Give
   * the key of a failed call (`ShopClientError.idempotencyKey`) to repeat that call.
   */
  readonly idempotencyKey?: string;
};

/** Options of a query that caches may answer. */
export type ReadOptions = CallOptions & {
  /** True for a response that no cache has stored, with the stock of now. */
  readonly fresh?: boolean;
};

type Unkeyed<Input> = Omit<Input, 'idempotencyKey'>;

/** How a product is found. */
export type ProductKey = { readonly id: string } | { readonly sku: string };

/**
 * The shop's graph. What a customer can cause is a result: handle its members with `match`. Everything
 * else is a `ShopClientError`.
 */
export type ShopClient = {
  /** Creates an account and begins its session. */
  readonly register: (
    input: RegisterInput,
    options?: CallOptions,
  ) => Promise<RegisterMutation['register']>;
  /** Begins a session. The client stores its tokens and refreshes them. */
  readonly login: (input: LoginInput, options?: CallOptions) => Promise<LoginMutation['login']>;
  /** Ends the session: first here, then in the shop. @throws when the shop could not be told in time */
  readonly logout: (options?: CallOptions) => Promise<void>;
  /** Whether there is a session here. The shop may have ended it. */
  readonly isSignedIn: () => Promise<boolean>;
  /** The account that is signed in; null without one. */
  readonly me: (options?: CallOptions) => Promise<MeQuery['me']>;

  /** A page of the catalogue. It may be some seconds old, unless `fresh` is set. */
  readonly products: (
    variables?: ProductsQueryVariables,
    options?: ReadOptions,
  ) => Promise<NonNullable<ProductsQuery['products']>>;
  /** A product; null if there is none. It may be some seconds old, unless `fresh` is set. */
  readonly product: (
    key: ProductKey,
    options?: ReadOptions,
  ) => Promise<ProductDetailsFragment | null>;

  /** Reserves the stock and makes a pending order. */
  readonly createOrder: (
    input: Unkeyed<CreateOrderInput>,
    options?: KeyedOptions,
  ) => Promise<CreateOrderMutation['createOrder']>;
  /** Pays an order. */
  readonly payOrder: (
    input: Unkeyed<PayOrderInput>,
    options?: KeyedOptions,
  ) => Promise<PayOrderMutation['payOrder']>;
  /** Cancels a pending order. */
  readonly cancelOrder: (
    input: Unkeyed<CancelOrderInput>,
    options?: KeyedOptions,
  ) => Promise<CancelOrderMutation['cancelOrder']>;
  /** Refunds a part of a payment, or all that is left of it; for administrators. */
  readonly refundPayment: (
    input: Unkeyed<RefundPaymentInput>,
    options?: KeyedOptions,
  ) => Promise<RefundPaymentMutation['refundPayment']>;
  /** A page of the customer's orders, the newest first. @throws UNAUTHENTICATED without a session */
  readonly orders: (
    variables?: OrdersQueryVariables,
    options?: CallOptions,
  ) => Promise<NonNullable<NonNullable<OrdersQuery['me']>['orders']>>;
  /** An order with its payments and its history; null if the customer has no such order. */
  readonly order: (id: string, options?: CallOptions) => Promise<OrderQuery['order']>;

  /**
   * Executes an operation of the application's own, which is sent as text. A mutation is sent again only
   * when the shop says that it rejected it.
   * @throws TypeError when the document is no text
   */
  readonly execute: <Data, Variables extends object>(
    document: TypedText<Data, Variables>,
    variables: Variables,
    options?: CallOptions,
  ) => Promise<Data>;
};
