import { waitWithin } from './deadline.ts';
import type { TypedText } from './document-type.ts';
import * as documents from './generated/graphql.ts';
import { makeIdempotencyKey } from './idempotency-key.ts';
import { readLimits, type ClientLimits } from './limits.ts';
import { makeCaller, startCall, type Call, type CallOptions } from './make-caller.ts';
import { makeRefresh, toStoredSession } from './make-refresh.ts';
import { makeSession, type Session } from './make-session.ts';
import { makeTransport } from './make-transport.ts';
import { readOperation } from './operation.ts';
import { resolveUrl } from './resolve-url.ts';
import { makeMemorySessionStore, type SessionStore } from './session-store.ts';
import { ShopClientError, type GraphError } from './shop-client-error.ts';
import type { KeyedOptions, ReadOptions, ShopClient } from './shop-client.ts';

/** How a client is made. */
export type ShopClientOptions = {
  /** The address of the graph: `https://shop.example/graphql`. On a page it can be relative: `/graphql`. */
  readonly url: string;
  /** The name of the application: the shop counts its requests by it. */
  readonly name: string;
  readonly version?: string;
  /** Where the session is stored; the memory, if not given. */
  readonly store?: SessionStore;
  /** Called once when the shop has ended the session: show the sign-in page. */
  readonly onSignedOut?: () => void;
  /** Called with the errors beside a result, of parts that the shop could not answer. */
  readonly onErrors?: (errors: readonly GraphError[], operation: string | null) => void;
  readonly limits?: Partial<ClientLimits>;
  /** The `fetch` to send with; the global one, if not given. */
  readonly fetch?: typeof fetch;
};

const ignore = (): void => {};

/** `me` is for everyone: without an account it is null. */
const hasNoViewer = ({ me }: { readonly me: unknown }): boolean => me === null;

const missing = (): ShopClientError =>
  new ShopClientError('UNAUTHENTICATED', 'Sign in first: there is no session.');

/** The value, where there has to be one. @throws ShopClientError when there is none */
const requireValue = <Value>(value: Value | null, error: () => ShopClientError): Value => {
  if (value === null) throw error();
  return value;
};

const noData = (): ShopClientError =>
  new ShopClientError('BAD_RESPONSE', 'the shop returned no result');

/**
 * Makes a client of the shop's graph. It opens nothing, so it needs no closing. It has one session: a server
 * makes a client for each visitor.
 * @throws TypeError when `url` is not an HTTP address, and RangeError when a limit is not valid
 */
export const makeShopClient = ({
  url,
  name,
  version,
  store = makeMemorySessionStore(),
  onSignedOut = ignore,
  onErrors = ignore,
  limits: givenLimits,
  fetch: send = (...request) => globalThis.fetch(...request),
}: ShopClientOptions): ShopClient => {
  const limits = readLimits(givenLimits);
  const call = makeCaller({
    send: makeTransport({
      url: resolveUrl(url),
      name,
      version,
      fetch: send,
      maxUrlLength: limits.maxUrlLength,
    }),
    findSession: (): Session => session,
    limits,
    onErrors,
  });
  const session = makeSession(store, makeRefresh(call), onSignedOut);

  /** A query of what everyone sees: without a token, by GET, from caches. */
  const read = <Data, Variables extends object, Value>(
    document: TypedText<Data, Variables>,
    variables: Variables,
    pick: (data: Data) => Value | null | undefined,
    { fresh = false, ...options }: ReadOptions = {},
  ): Promise<Value | null> =>
    call({
      ...common(document, variables, pick, options),
      isSignedIn: false,
      isPublic: true,
      isFresh: fresh,
    });

  const common = <Data, Variables extends object, Value>(
    document: TypedText<Data, Variables>,
    variables: Variables,
    pick: (data: Data) => Value | null | undefined,
    options: CallOptions = {},
  ): Call<Data, Value> => {
    const operation = readOperation(document);
    const isRepeatable = operation.isQuery;
    return { operation, variables, pick, isRepeatable, isSignedIn: true, options };
  };

  /** A mutation that is done once, however often it is sent. */
  const change = async <Data, Input extends object, Value>(
    document: TypedText<Data, { input: Input & { idempotencyKey?: string | null | undefined } }>,
    input: Input,
    pick: (data: Data) => Value | null | undefined,
    { idempotencyKey = makeIdempotencyKey(), ...options }: KeyedOptions = {},
  ): Promise<Value> => {
    const variables = { input: { ...input, idempotencyKey } };
    const keyed = { isRepeatable: true, idempotencyKey };
    return requireValue(
      await call({ ...common(document, variables, pick, options), ...keyed }),
      noData,
    );
  };

  /** A mutation that may begin a session. */
  const begin = async <Data, Input extends object, Value extends { readonly __typename: string }>(
    document: TypedText<Data, { input: Input }>,
    input: Input,
    pick: (data: Data) => Value | null | undefined,
    options?: CallOptions,
  ): Promise<Value> => {
    const request = { ...common(document, { input }, pick, options), isSignedIn: false };
    const result = requireValue(await call(request), noData);
    const stored = toStoredSession(result);
    if (stored) await session.write(stored);
    return result;
  };

  return {
    register: (input, options) =>
      begin(documents.RegisterDocument, input, ({ register }) => register, options),
    login: (input, options) => begin(documents.LoginDocument, input, ({ login }) => login, options),
    logout: async (options = {}) => {
      const deadline = startCall(options, limits);
      // A refresh that fails, or takes longer than this call may, leaves the session as it was.
      const stored = await waitWithin(deadline.signal, session.current()).catch(() => store.read());
      await session.write(null);
      if (!stored) return;
      const input = { refreshToken: stored.refreshToken };
      const pick = ({ logout }: documents.LogoutMutation) => logout;
      const result = await call({
        ...common(documents.LogoutDocument, { input }, pick, options),
        deadline,
        isSignedIn: false,
        // To end a session twice is to end it.
        isRepeatable: true,
      });
      const { __typename } = requireValue(result, noData);
      if (__typename !== 'SessionsEnded') {
        throw new ShopClientError('BAD_RESPONSE', `the shop ended no session: ${__typename}`);
      }
    },
    isSignedIn: async () => (await store.read()) !== null,

    me: (options) =>
      call({ ...common(documents.MeDocument, {}, ({ me }) => me, options), hasNoViewer }),
    products: async (variables = {}, options = {}) =>
      requireValue(
        await read(documents.ProductsDocument, variables, ({ products }) => products, options),
        noData,
      ),
    product: (key, options) =>
      read(documents.ProductDocument, key, ({ product }) => product, options),

    createOrder: (input, options) =>
      change(documents.CreateOrderDocument, input, (data) => data.createOrder, options),
    payOrder: (input, options) =>
      change(documents.PayOrderDocument, input, (data) => data.payOrder, options),
    cancelOrder: (input, options) =>
      change(documents.CancelOrderDocument, input, (data) => data.cancelOrder, options),
    refundPayment: (input, options) =>
      change(documents.RefundPaymentDocument, input, (data) => data.refundPayment, options),
    orders: async (variables = {}, options = {}) =>
      requireValue(
        await call({
          ...common(documents.OrdersDocument, variables, ({ me }) => me?.orders, options),
          hasNoViewer,
        }),
        missing,
      ),
    order: (id, options) =>
      call(common(documents.OrderDocument, { id }, ({ order }) => order, options)),

    execute: async (document, variables, options) =>
      requireValue(await call(common(document, variables, (data) => data, options)), noData),
  };
};
