import { METHODS, type Method } from './methods.ts';

/** A line of a basket: which of the run's products, and how many. */
export type Line = { readonly product: number; readonly quantity: number };

type Product = { stock: number; price: number; isArchived: boolean; version: number };

type Payment = {
  method: Method;
  status: 'PROCESSING' | 'SUCCEEDED' | 'FAILED' | 'REFUNDED';
  isCaptured: boolean;
  refunded: number;
  /** How often the provider was asked in vain. */
  errors: number;
};

export type ModelOrder = {
  /** Given by the shop. */
  id: string;
  readonly owner: number;
  readonly lines: readonly Line[];
  readonly total: number;
  status: 'PENDING' | 'CONFIRMED' | 'CANCELLED';
  reason: string | null;
  hold: 'HELD' | 'COMMITTED' | 'RELEASED';
  payment: Payment | null;
};

/** What the shop must be like: nothing but the rules, in memory, one thing at a time. */
export type ShopModel = {
  readonly products: Product[];
  readonly orders: ModelOrder[];
};

/** What must be answered: one of these, where the shop may or may not have been quick. */
export type Expected = readonly string[];

const ended = (order: ModelOrder): string =>
  order.status === 'CONFIRMED'
    ? 'Order CONFIRMED'
    : order.reason === 'PAYMENT_FAILED'
      ? 'PAYMENT_DECLINED'
      : 'ORDER_NOT_PENDING';

/** Makes the rules of the shop over a model of it. */
export const makeRules = ({ products, orders }: ShopModel) => {
  const product = (index: number): Product => products[index] as Product;

  const move = (lines: readonly Line[], sign: 1 | -1) => {
    for (const { product: index, quantity } of lines) product(index).stock += sign * quantity;
  };

  const shortOf = (lines: readonly Line[]) =>
    lines.filter((line) => product(line.product).stock < line.quantity);

  const refundAll = ({ payment, total }: ModelOrder) => {
    if (!payment?.isCaptured || METHODS[payment.method].declinesRefunds) return;
    payment.refunded = total;
    if (payment.status === 'SUCCEEDED') payment.status = 'REFUNDED';
  };

  const cancel = (order: ModelOrder, reason: string) => {
    order.status = 'CANCELLED';
    order.reason = reason;
    if (order.hold === 'HELD') move(order.lines, 1);
    order.hold = 'RELEASED';
  };

  const confirm = (order: ModelOrder) => {
    if (order.hold === 'RELEASED' && shortOf(order.lines).length > 0) {
      // Paid when its stock had been given up and sold to others.
      cancel(order, 'OUT_OF_STOCK');
      return refundAll(order);
    }
    if (order.hold === 'RELEASED') move(order.lines, -1);
    order.status = 'CONFIRMED';
    order.hold = 'COMMITTED';
  };

  const succeed = (order: ModelOrder, payment: Payment) => {
    payment.isCaptured = true;
    // A decline stands; what is taken in spite of it goes back, whatever became of the order.
    if (payment.status === 'FAILED') return refundAll(order);
    payment.status = 'SUCCEEDED';
    return order.status === 'PENDING' ? confirm(order) : refundAll(order);
  };

  const fail = (order: ModelOrder, payment: Payment) => {
    payment.status = 'FAILED';
    if (order.status === 'PENDING') cancel(order, 'PAYMENT_FAILED');
  };

  return {
    /** What somebody is answered who orders this; an order is added. */
    create: (owner: number, lines: readonly Line[]): Expected => {
      if (lines.some((line) => product(line.product).isArchived)) return ['PRODUCT_NOT_FOUND'];
      const short = shortOf(lines);
      if (short.length > 0) {
        const shortages = short
          .map((line) => `${line.product}:${line.quantity}/${product(line.product).stock}`)
          .toSorted();
        return [`OUT_OF_STOCK ${shortages.join(' ')}`];
      }
      move(lines, -1);
      const prices = lines.map((line) => product(line.product).price * line.quantity);
      const total = prices.reduce((sum, price) => sum + price, 0);
      const status = 'PENDING';
      orders.push({
        id: '',
        owner,
        lines,
        total,
        status,
        reason: null,
        hold: 'HELD',
        payment: null,
      });
      return [`Order PENDING ${total}`];
    },

    pay: (order: ModelOrder, payer: number, method: Method): Expected => {
      if (order.owner !== payer) return ['ORDER_NOT_FOUND'];
      if (order.status !== 'PENDING') return [ended(order)];
      const payment = (order.payment ??= {
        method,
        status: 'PROCESSING',
        isCaptured: false,
        refunded: 0,
        errors: 0,
      });
      // What was begun first stands: a second method is not asked.
      const { decides, hangs, errors = 0 } = METHODS[payment.method];
      if (payment.errors < errors) {
        payment.errors += 1;
        return ['Order PENDING'];
      }
      if (decides === 'late') return ['Order PENDING'];
      if (decides === 'yes') succeed(order, payment);
      else fail(order, payment);
      return hangs ? ['Order PENDING', ended(order)] : [ended(order)];
    },

    /** Whether there is something left for the provider to decide. */
    isUndecided: ({ payment }: ModelOrder): boolean =>
      payment !== null &&
      (payment.status === 'PROCESSING' ||
        (payment.method === 'sim_decline_then_success' && !payment.isCaptured)),

    /** The provider decides what it left open. */
    decide: (order: ModelOrder): void => {
      const payment = order.payment as Payment;
      if (payment.method === 'sim_late_decline') fail(order, payment);
      else succeed(order, payment);
    },

    /** @param actor the number of a customer, or the administrator */
    cancelBy: (order: ModelOrder, actor: number | 'ADMIN'): Expected => {
      if (actor !== 'ADMIN' && actor !== order.owner) return ['ORDER_NOT_FOUND'];
      const reason = actor === 'ADMIN' ? 'ADMIN' : 'CUSTOMER_REQUEST';
      if (order.status === 'PENDING') cancel(order, reason);
      return [order.reason === reason ? 'Order CANCELLED' : 'ORDER_NOT_PENDING'];
    },

    expire: (order: ModelOrder): void => cancel(order, 'EXPIRED'),

    /** The product service gives a hold up although the order still waits. */
    giveUpHold: (order: ModelOrder): void => {
      move(order.lines, 1);
      order.hold = 'RELEASED';
    },

    setStatus: (order: ModelOrder, status: ModelOrder['status']): Expected => {
      if (order.status === status && (status === 'CONFIRMED' || order.reason === 'ADMIN')) {
        return [`Order ${status}`];
      }
      if (order.status !== 'PENDING' || status === 'PENDING') return ['ILLEGAL_TRANSITION'];
      // Not even an administrator confirms what was not paid; what was paid is confirmed by itself.
      if (status === 'CONFIRMED') return ['ORDER_NOT_PAID'];
      cancel(order, 'ADMIN');
      return ['Order CANCELLED'];
    },

    refund: ({ payment, total }: ModelOrder, wanted: number | null): Expected => {
      if (!payment) return ['PAYMENT_NOT_FOUND'];
      if (!payment.isCaptured) return ['PAYMENT_NOT_REFUNDABLE'];
      const left = total - payment.refunded;
      const amount = wanted ?? left;
      if (amount === 0 || amount > left) return [`REFUND_EXCEEDS_CAPTURED ${left}`];
      if (METHODS[payment.method].declinesRefunds) return [`Refund FAILED ${amount}`];
      payment.refunded += amount;
      if (payment.status === 'SUCCEEDED' && payment.refunded === total) payment.status = 'REFUNDED';
      return [`Refund SUCCEEDED ${amount}`];
    },

    adjust: (index: number, delta: number): Expected => {
      const { stock } = product(index);
      if (stock + delta < 0) return [`OUT_OF_STOCK`];
      product(index).stock += delta;
      return [`Product ${stock + delta}`];
    },

    reprice: (index: number, price: number): Expected => {
      product(index).price = price;
      product(index).version += 1;
      return ['Product'];
    },

    setArchived: (index: number, isArchived: boolean): Expected => {
      product(index).isArchived = isArchived;
      product(index).version += 1;
      return ['Product'];
    },
  };
};

export type Rules = ReturnType<typeof makeRules>;
