import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { CALLER_HEADER, makeCallerVerifier } from '@cartograph/auth';
import { TEST_SECRET } from '@cartograph/testing';
import { makeFakePayments, problem, type PaymentOperation } from './fake-payments.ts';

type Line = { productId: string; quantity: number };
type Product = {
  sku: string;
  name: string;
  unitPrice: { amount: number; currency: string };
  stock: number;
};
type Reservation = {
  status: 'HELD' | 'COMMITTED' | 'RELEASED';
  lines: readonly Line[];
  /** Null for one that was closed before it was made. */
  expiresAt: string | null;
  /** It never reserves stock again. */
  isClosed?: true;
};
/** The operations that the order service sends. */
export type Operation =
  'ReserveStock' | 'CommitReservation' | 'CloseReservation' | 'FindOffers' | PaymentOperation;

/** The fault of an operation. With `response lost` it does its work, but sends no response. */
export type Fault = 'down' | 'error' | 'hang' | 'response lost';

/** Fake product and payment services, in memory, with the operations that the order service uses. */
export const startFakeServices = async () => {
  const products = new Map<string, Product>();
  const reservations = new Map<string, Reservation>();
  const { payments, operations: paymentOperations } = makeFakePayments();
  const faults = new Map<string, Fault>();
  const singleFaults = new Set<string>();
  const calls = new Map<string, number>();
  const reservationEnds = new Map<string, ReadonlySet<string>>();
  let blocked: { operation: Operation; gate: Promise<void>; reached: boolean } | null = null;
  const verifyCaller = makeCallerVerifier({ order: TEST_SECRET });

  const reserve = (orderId: string, lines: readonly Line[], expiresAt: string) => {
    const held = reservations.get(orderId);
    if (!held || (held.status === 'RELEASED' && !held.isClosed)) {
      const missing = lines.find((line) => !products.has(line.productId));
      if (missing) return problem('ProductNotFoundProblem', { productId: missing.productId });
      const shortages = lines.flatMap(({ productId, quantity: requested }) => {
        const { sku = '', stock: available = 0 } = products.get(productId) ?? {};
        return available < requested ? [{ productId, sku, requested, available }] : [];
      });
      if (shortages.length > 0) return problem('OutOfStockProblem', { shortages });
      move(lines, -1);
      reservations.set(orderId, { status: 'HELD', lines, expiresAt });
    }
    const now = reservations.get(orderId);
    const fixed = now?.lines.map((line) => {
      const { sku, name, unitPrice } = products.get(line.productId) ?? {};
      return { ...line, sku, name, unitPrice };
    });
    return { __typename: 'Reservation', status: now?.status, lines: fixed };
  };

  const move = (lines: readonly Line[], sign: 1 | -1) => {
    for (const { productId, quantity } of lines) {
      const product = products.get(productId);
      if (product) product.stock += sign * quantity;
    }
  };

  const end = (orderId: string, status: 'COMMITTED' | 'RELEASED') => {
    reservationEnds.set(orderId, new Set([...(reservationEnds.get(orderId) ?? []), status]));
    const reservation = reservations.get(orderId);
    if (reservation?.status === 'HELD') {
      reservation.status = status;
      if (status === 'RELEASED') move(reservation.lines, 1);
    }
    return reservation ?? null;
  };

  const close = (orderId: string) => {
    if (!reservations.has(orderId)) {
      reservations.set(orderId, { status: 'RELEASED', lines: [], expiresAt: null });
    }
    const reservation = end(orderId, 'RELEASED');
    if (reservation) reservation.isClosed = true;
    return reservation;
  };

  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the variables differ by operation
  const operations: Record<Operation, (variables: any) => object> = {
    ReserveStock: ({ input }) => ({
      reserveStock: reserve(input.orderId, input.lines, input.expiresAt),
    }),
    CommitReservation: ({ orderId }) => ({ commitReservation: end(orderId, 'COMMITTED') }),
    FindOffers: ({ ids }: { ids: string[] }) => ({
      offers: ids.flatMap((id) => {
        const product = products.get(id);
        return product ? [{ id, price: product.unitPrice, ...product }] : [];
      }),
    }),
    CloseReservation: ({ orderId }) => ({ releaseReservation: close(orderId) }),
    ...paymentOperations,
  };

  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    const body = await text(request);
    const header = request.headers[CALLER_HEADER];
    const audience = /Payment|Refund/.test(body) ? 'payment' : 'product';
    const signed = { audience, method: request.method ?? '', path: request.url ?? '', body };
    if (verifyCaller(typeof header === 'string' ? header : undefined, signed) !== 'order') {
      response.writeHead(403).end('{}');
      return;
    }
    const { query, variables } = JSON.parse(body) as { query: string; variables: object };
    const operation = /(?:query|mutation) (\w+)/.exec(query)?.[1] as Operation;
    calls.set(operation, (calls.get(operation) ?? 0) + 1);
    const fault = faults.get(operation);
    if (singleFaults.delete(operation)) faults.delete(operation);
    if (fault === 'hang') return;
    response.setHeader('content-type', 'application/json');
    if (fault === 'error') response.end('{"errors":[{"message":"an internal secret"}]}');
    if (fault === 'down') response.destroy();
    if (fault === 'error' || fault === 'down') return;
    if (blocked?.operation === operation) {
      blocked.reached = true;
      await blocked.gate;
    }
    const data = operations[operation](variables);
    if (fault === 'response lost') response.destroy();
    else response.end(JSON.stringify({ data }));
  };

  const server = createServer((request, response) => void handle(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`,
    products,
    reservations,
    /** How each order's reservation was requested to end. */
    reservationEnds,
    /** The payments by order and attempt: `<order id>:1`. */
    payments,

    /** Adds a product: a stock of ten at 19.99 euros, unless `fields` say otherwise. */
    addProduct: (fields: Partial<Product> = {}): string => {
      const id = randomUUID();
      const unitPrice = { amount: 1999, currency: 'EUR' };
      products.set(id, { sku: `SKU-${id}`, name: 'A thing', unitPrice, stock: 10, ...fields });
      return id;
    },

    /** Makes these operations fail from now on. */
    setFault: (fault: Fault, ...operations: Operation[]) => {
      for (const operation of operations) faults.set(operation, fault);
    },
    /** Makes the next call of this operation fail. */
    setFaultOnce: (fault: Fault, operation: Operation) => {
      faults.set(operation, fault);
      singleFaults.add(operation);
    },
    clearFaults: () => faults.clear(),

    countCalls: (operation: Operation): number => calls.get(operation) ?? 0,

    /** The provider comes to a paymentResult about the payment of an order. */
    settlePayment: (orderId: string, status: 'SUCCEEDED' | 'FAILED' | 'REFUNDED'): void => {
      const payment = payments.get(`${orderId}:1`);
      if (!payment) throw new Error('there is no payment');
      payment.status = status;
      if (status === 'FAILED') payment.failure = { code: 'card_declined' };
    },

    /** Releases the reservation of an order and sells its stock to another customer. */
    sellReserved: (orderId: string): void => {
      const reservation = reservations.get(orderId);
      if (reservation?.status !== 'HELD') throw new Error('the order has no reservation');
      reservation.status = 'RELEASED';
    },

    /** Blocks an operation before its work until the returned function is called. */
    block: (operation: Operation): (() => void) => {
      const { promise: gate, resolve } = Promise.withResolvers<void>();
      blocked = { operation, gate, reached: false };
      return () => {
        blocked = null;
        resolve();
      };
    },
    isBlocked: () => blocked?.reached ?? false,
    /** The total of all captured payments, in minor units. */
    sumCaptured: () =>
      [...payments.values()]
        .filter((payment) => payment.status === 'SUCCEEDED')
        .reduce((sum, payment) => sum + payment.amount, 0),

    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
};

export type FakeServices = Awaited<ReturnType<typeof startFakeServices>>;
