/** What the model knows of a payment method of the simulator. */
type Traits = {
  /** `late`: when the run settles it. */
  readonly succeeds: 'yes' | 'no' | 'late';
  /** The provider does the work but never responds; its webhook reports the result. */
  readonly hangs?: true;
  /** So many calls fail before anything is done. */
  readonly errors?: number;
  readonly declinesRefunds?: true;
};

const TRAITS = {
  sim_success: { succeeds: 'yes' },
  sim_decline: { succeeds: 'no' },
  sim_timeout: { succeeds: 'yes', hangs: true },
  sim_timeout_decline: { succeeds: 'no', hangs: true },
  sim_error_then_success: { succeeds: 'yes', errors: 2 },
  sim_late_success: { succeeds: 'late' },
  sim_late_decline: { succeeds: 'late' },
  sim_decline_then_success: { succeeds: 'no' },
  sim_refund_failure: { succeeds: 'yes', declinesRefunds: true },
} as const satisfies Record<string, Traits>;

export type Method = keyof typeof TRAITS;

/** The payment methods of a run. */
export const METHODS: Readonly<Record<Method, Traits>> = TRAITS;

/** An item of an order: the number of a product, and how many units. */
export type Line = { readonly product: number; readonly quantity: number };

type Product = { stock: number; price: number; isArchived: boolean; version: number };

type Payment = {
  method: Method;
  status: 'PROCESSING' | 'SUCCEEDED' | 'FAILED' | 'REFUNDED';
  isCaptured: boolean;
  refunded: number;
  /** How many calls of the provider have failed. */
  errors: number;
};

export type ModelOrder = {
  /** From the shop. */
  id: string;
  readonly owner: number;
  readonly lines: readonly Line[];
  readonly total: number;
  status: 'PENDING' | 'CONFIRMED' | 'CANCELLED';
  reason: string | null;
  hold: 'HELD' | 'COMMITTED' | 'RELEASED';
  payment: Payment | null;
};

/** The state that the shop must be in: the rules alone, in memory, one command at a time. */
export type ShopModel = {
  readonly products: Product[];
  readonly orders: ModelOrder[];
};

/** The results that are right: more than one where it depends on how fast the shop was. */
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
      // Paid after its hold had expired and its units were sold.
      cancel(order, 'OUT_OF_STOCK');
      return refundAll(order);
    }
    if (order.hold === 'RELEASED') move(order.lines, -1);
    order.status = 'CONFIRMED';
    order.hold = 'COMMITTED';
  };

  const succeed = (order: ModelOrder, payment: Payment) => {
    payment.isCaptured = true;
    // A decline is final: a later capture is refunded, in any status of the order.
    if (payment.status === 'FAILED') return refundAll(order);
    payment.status = 'SUCCEEDED';
    return order.status === 'PENDING' ? confirm(order) : refundAll(order);
  };

  const fail = (order: ModelOrder, payment: Payment) => {
    payment.status = 'FAILED';
    if (order.status === 'PENDING') cancel(order, 'PAYMENT_FAILED');
  };

  return {
    /** Adds an order, unless it is refused. */
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
      const begun = { status: 'PENDING', reason: null, hold: 'HELD', payment: null } as const;
      orders.push({ id: '', owner, lines, total, ...begun });
      return ['Order PENDING'];
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
      // The first method stays: a second one is ignored.
      const { succeeds, hangs, errors = 0 } = METHODS[payment.method];
      if (payment.errors < errors) {
        payment.errors += 1;
        return ['Order PENDING'];
      }
      if (succeeds === 'late') return ['Order PENDING'];
      if (succeeds === 'yes') succeed(order, payment);
      else fail(order, payment);
      return hangs ? ['Order PENDING', ended(order)] : [ended(order)];
    },

    /** Whether the provider has yet to settle the payment. */
    isPending: ({ payment }: ModelOrder): boolean =>
      payment !== null &&
      (payment.status === 'PROCESSING' ||
        (payment.method === 'sim_decline_then_success' && !payment.isCaptured)),

    /** The provider settles the payment. */
    settle: (order: ModelOrder): void => {
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

    /** The product service releases a hold while its order is pending. */
    expireHold: (order: ModelOrder): void => {
      move(order.lines, 1);
      order.hold = 'RELEASED';
    },

    setStatus: (order: ModelOrder, status: ModelOrder['status']): Expected => {
      if (order.status === status && (status === 'CONFIRMED' || order.reason === 'ADMIN')) {
        return [`Order ${status}`];
      }
      if (order.status !== 'PENDING' || status === 'PENDING') return ['ILLEGAL_TRANSITION'];
      // An administrator cannot confirm an order that is not paid; a paid one is confirmed already.
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
