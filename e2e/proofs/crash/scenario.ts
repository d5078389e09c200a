import { randomUUID } from 'node:crypto';
import { resultOf, type Person, type ServiceResponse } from '../../sandbox/client.ts';
import type { Sandbox } from '../../sandbox/open-sandbox.ts';
import type { Operation, Result } from '../../sandbox/operations.ts';
import { sendUntilServed } from '../../sandbox/send-until-served.ts';
import { START_STOCK, type Ledger } from './check-ledger.ts';

/** A customer, and the products that no other customer orders. */
type Setting = { readonly customer: Person; readonly products: readonly string[] };

/** What happens while a service is killed, and how it must end. */
type Plot = {
  /** A client's request, with the same key each time; null where only time passes. */
  readonly request: (() => Promise<ServiceResponse>) | null;
  readonly elapse?: () => Promise<void>;
  /** Whether all work of the set-up must be done before a service is killed. */
  readonly waitsForWork?: boolean;
  /** The hold has expired and its units were sold: an order that is not paid has no stock. */
  readonly isHoldExpired?: boolean;
  /** Whether the result is right. */
  readonly accepts?: (result: Result) => boolean;
  /** @param hasResponse whether the client has a response. @returns what is wrong in the end */
  readonly judge: (ledger: Ledger, hasResponse: boolean) => string | null;
};

export type Story = Setting & Plot;

export type Scenario = {
  readonly group: 'create' | 'pay' | 'cancel' | 'expire' | 'refund';
  readonly name: string;
  readonly begin: (sandbox: Sandbox) => Promise<Story>;
};

/** @param setUp makes what the story needs */
export const define = <Made extends Setting>(
  group: Scenario['group'],
  name: string,
  setUp: (sandbox: Sandbox) => Promise<Made>,
  plot: (sandbox: Sandbox, made: Made) => Plot,
): Scenario => ({
  group,
  name,
  begin: async (sandbox) => {
    const made = await setUp(sandbox);
    return { ...made, ...plot(sandbox, made) };
  },
});

/** Sends a request that must succeed. */
export const mustSend = async (person: Person, operation: Operation, input: object) => {
  const result = await sendUntilServed(person, operation, input);
  if (result.id) return result;
  throw new Error(`a scenario could not begin: ${JSON.stringify(result)}`);
};

/** A customer, and two products that no other customer orders. */
export const newCustomer = async (sandbox: Sandbox) => {
  const products = await Promise.all([1, 2].map(() => sandbox.addProduct({ stock: START_STOCK })));
  const items = products.map((productId, index) => ({ productId, quantity: 2 + index }));
  return { customer: sandbox.signIn(), products, items };
};

/** An order that is not paid, and its customer. */
export const newOrder = async (sandbox: Sandbox) => {
  const made = await newCustomer(sandbox);
  const { id } = await mustSend(made.customer, 'createOrder', { items: made.items });
  return { ...made, orderId: id };
};

/** An order whose payment the provider has not settled. */
export const newPendingPayment = async (sandbox: Sandbox) => {
  const made = await newOrder(sandbox);
  const input = { orderId: made.orderId, paymentMethod: 'sim_late_success' };
  await mustSend(made.customer, 'payOrder', input);
  return made;
};

/**
 * Sends a request, which loses a call that it makes: the call is delayed. Signatures of calls expire
 * after 30 seconds: what is forwarded later than that is refused, and proves nothing.
 * @param operation names the call
 */
export const delayCall = async (
  sandbox: Sandbox,
  operation: RegExp,
  request: () => Promise<ServiceResponse>,
) => {
  const call = sandbox.delayNext(operation);
  // Its response is of no interest: there may be none.
  void request().catch(() => null);
  await call.sent;
  return call;
};

/** A request that is sent with the same key each time. */
export const keyed = (person: Person, operation: Operation, fields: object) => {
  const input = { ...fields, idempotencyKey: randomUUID() };
  return (): Promise<ServiceResponse> => person.request(operation, input);
};

/** Judges how the one order ended; without a response, `orElse` is right as well. */
export const ends =
  (statuses: readonly string[], orElse: readonly string[] = []): Story['judge'] =>
  ({ orders, orphanedHolds }, hasResponse) => {
    const allowed = hasResponse ? statuses : [...statuses, ...orElse];
    const seen = orders.map(({ status, reason }) => (reason ? `${status} ${reason}` : status));
    if (orphanedHolds > 0) return 'a hold has no order';
    return seen.length === 1 && seen.every((one) => allowed.includes(one))
      ? null
      : `orders: [${seen.join(', ')}], not ${allowed.join(' or ')}`;
  };

/** Accepts results of these types. */
export const isOneOf =
  (...types: readonly string[]) =>
  ({ __typename }: Result): boolean =>
    types.includes(__typename);

/** A response after which a client does not repeat its request; null for any other. */
export const sendOnce = async (request: () => Promise<ServiceResponse>) => {
  const response = await request().catch(() => null);
  const result = response && resultOf(response);
  if (!result || response.errors.length > 0) return null;
  return result.__typename === 'RequestInFlightProblem' ? null : response;
};
