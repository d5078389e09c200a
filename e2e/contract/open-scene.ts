import { randomUUID } from 'node:crypto';
import { eventuallyInShop } from '@cartograph/testing';
import fc from 'fast-check';
import { admin, newShopper, PASSWORD, type Account } from '../testkit/accounts.ts';
import { newProduct, UNCACHED, type Product } from '../testkit/products.ts';
import { rest, restOrThrow } from '../testkit/rest.ts';
import { signWebhook, webhookSecret } from '../testkit/webhooks.ts';
import type { Route } from './contract.ts';
import type { Sender } from './make-attempts.ts';
import type { KnownValues } from './make-value.ts';

/** Accounts, a product and orders that only the requests of one run use. */
export type Scene = {
  readonly tokenOf: (sender: Sender) => string | undefined;
  /** Values that mean something to the shop in requests of this route. */
  readonly knownFor: (route: Route) => KnownValues;
  /** The header with the simulator's signature of a webhook, which is valid for minutes. */
  readonly sign: (body: string) => Readonly<Record<string, string>>;
  /** What an invalid request must not change, by what it is. */
  readonly readState: () => Promise<Readonly<Record<string, string>>>;
  /** Makes the product and the orders anew, and the account that requests may have signed out. */
  readonly renew: () => Promise<void>;
};

type Things = {
  readonly product: Product;
  readonly pendingId: string;
  readonly pendingNumber: string;
  readonly paidId: string;
  readonly paymentId: string;
  readonly sessionIds: readonly string[];
  /** Of the second page of the catalogue. */
  readonly cursors: { readonly next: string; readonly previous: string };
};

const placeOrder = async (token: string, product: Product): Promise<string> => {
  const body = { items: [{ product_id: product.id, qty: 1 }] };
  return ((await restOrThrow('POST', '/v1/orders', { token, body })) as { id: string }).id;
};

/** An account may have a limited number of unpaid orders. */
const cancelPending = async (token: string): Promise<void> => {
  const { data } = await restOrThrow('GET', '/v1/orders?status=PENDING&limit=100', { token });
  for (const { id } of data) await rest('POST', `/v1/orders/${id}/cancel`, { token });
};

/** Pays, and waits until nothing of it is left to be done in the background. */
const payAndSettle = async (token: string, id: string): Promise<string> => {
  const paid = await restOrThrow('POST', `/v1/orders/${id}/pay`, { token });
  await eventuallyInShop(async () => {
    const { data } = await restOrThrow('GET', `/v1/orders/${id}/history`, { token });
    const isSettled = data.some(({ event }: { event: string }) => event === 'STOCK_SETTLED');
    if (!isSettled) throw new Error(`the stock of the paid order ${id} is not settled`);
  });
  return (paid as { payment: { id: string } }).payment.id;
};

const listSessions = async (token: string): Promise<readonly string[]> => {
  const { data } = await restOrThrow('GET', '/v1/me/sessions', { token });
  return data.map(({ id }: { id: string }) => id);
};

const readCursors = async (): Promise<Things['cursors']> => {
  const { page } = await restOrThrow('GET', '/v1/products?limit=1');
  const second = await restOrThrow('GET', `/v1/products?limit=1&cursor=${page.next_cursor}`);
  return { next: second.page.next_cursor, previous: second.page.prev_cursor };
};

/** Mostly these values, and sometimes ones that are not known. */
const mostly = (values: readonly unknown[], others: fc.Arbitrary<unknown>) =>
  fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...values) }, { weight: 1, arbitrary: others });

/** The ids that the paths of a resource have. */
const idsOf = (path: string, things: Things, userIds: readonly string[]): readonly string[] => {
  // The stream of a pending order does not end.
  if (path.endsWith('/events')) return [things.paidId];
  if (path.startsWith('/v1/orders')) return [things.pendingId, things.paidId];
  if (path.startsWith('/v1/payments')) return [things.paymentId];
  if (path.startsWith('/v1/users')) return userIds;
  return path.startsWith('/v1/me/sessions') ? things.sessionIds : [things.product.id];
};

/** Events as the simulator sends them, about these orders and others; some are sent more than once. */
const anyWebhookEvent = ({ pendingId, paidId }: Things): fc.Arbitrary<unknown> =>
  fc.record(
    {
      id: mostly(
        ['evt_contract_1', 'evt_contract_2'],
        fc.uuid().map((id) => `evt_${id}`),
      ),
      type: fc.constantFrom(
        'charge.processing',
        'charge.succeeded',
        'charge.failed',
        'refund.succeeded',
        'refund.failed',
        'charge.of_another_kind',
      ),
      created: fc.integer({ min: 0, max: 2_000_000_000 }),
      data: fc.record({
        object: fc.record({
          reference: fc.constantFrom('sim_contract', 'sim_none'),
          idempotency_key: mostly(
            [`payment:${paidId}:1`, `payment:${pendingId}:1`],
            fc.string({ unit: 'grapheme-ascii' }),
          ),
        }),
      }),
    },
    { requiredKeys: ['id', 'data'] },
  );

const newSku = fc.uuid().map((id) => `CONTRACT-${id}`);

/** Opens the scene in the shop of E2E_REST_URL. */
export const openScene = async (): Promise<Scene> => {
  const shopper = await newShopper();
  const administrator = await admin();
  const secret = webhookSecret();
  let leaver: Account = await newShopper();

  const makeThings = async (): Promise<Things> => {
    await cancelPending(shopper.token);
    const { status } = await rest('GET', '/v1/me', { token: leaver.token });
    if (status === 401) leaver = await newShopper();
    const product = await newProduct({ stock: 1_000 });
    const paidId = await placeOrder(shopper.token, product);
    const paymentId = await payAndSettle(shopper.token, paidId);
    const pendingId = await placeOrder(shopper.token, product);
    const pending = await restOrThrow('GET', `/v1/orders/${pendingId}`, { token: shopper.token });
    return {
      product,
      paidId,
      paymentId,
      pendingId,
      pendingNumber: (pending as { number: string }).number,
      sessionIds: await listSessions(leaver.token),
      cursors: await readCursors(),
    };
  };
  let things = await makeThings();

  const tokens: Readonly<Record<Sender, () => string | undefined>> = {
    guest: () => undefined,
    forged: () => 'no.token.here',
    shopper: () => shopper.token,
    leaver: () => leaver.token,
    admin: () => administrator.token,
  };

  return {
    tokenOf: (sender) => tokens[sender](),

    sign: (body) => ({ 'Simulator-Signature': signWebhook(body, secret) }),

    knownFor: ({ path }) => ({
      ...(path.startsWith('/v1/webhooks') && { webhookEvent: anyWebhookEvent(things) }),
      id: mostly(idsOf(path, things, [shopper.id, leaver.id]), fc.uuid()),
      cursor: mostly([things.cursors.next], fc.constant('none')),
      before: mostly([things.cursors.previous], fc.constant('none')),
      number: mostly([things.pendingNumber], fc.constantFrom('C-1', 'none', 'C-999999999')),
      product_id: mostly([things.product.id], fc.uuid()),
      provider: fc.constantFrom('simulator', 'stripe'),
      sku: mostly([things.product.sku], newSku),
      // Products that are added are in nobody's way here.
      category: fc.constant('contract'),
      currency: fc.constantFrom('EUR', 'JPY'),
      email: mostly(
        [leaver.email],
        fc.constant(null).map(() => `${randomUUID()}@example.com`),
      ),
      password: mostly([PASSWORD], fc.constant('another battery staple')),
      current_password: mostly([PASSWORD], fc.constant('another battery staple')),
      new_password: fc.constant(PASSWORD),
      refresh_token: mostly([leaver.refreshToken], fc.constant('none')),
      payment_method: fc.constantFrom('sim_success', 'sim_decline', 'sim_late_success', 'none'),
      'Last-Event-Id': fc.constantFrom('0', '1', '2', '99'),
      'If-Match': fc.constantFrom('*', '"1"', '"2"', 'W/"1"', '"1", "2"', '"1-1000-x"'),
      'If-None-Match': fc.constantFrom('*', '"1"', 'W/"1"'),
    }),

    readState: async () => {
      const { product, pendingId, paidId, paymentId } = things;
      const read = async (account: { readonly token: string }, path: string) => {
        const { status, text } = await rest('GET', path, {
          token: account.token,
          headers: UNCACHED,
        });
        return [path, `${status} ${text}`] as const;
      };
      const states = await Promise.all([
        read(leaver, '/v1/me'),
        read(leaver, '/v1/me/sessions'),
        read(shopper, '/v1/orders?status=PENDING&limit=100'),
        read(shopper, `/v1/orders/${pendingId}/history`),
        read(shopper, `/v1/orders/${paidId}/history`),
        read(shopper, `/v1/payments/${paymentId}`),
        read(administrator, `/v1/products/${product.id}`),
        read(administrator, `/v1/products/${product.id}/stock-movements?limit=100`),
      ]);
      return Object.fromEntries(states);
    },

    renew: async () => {
      things = await makeThings();
    },
  };
};
