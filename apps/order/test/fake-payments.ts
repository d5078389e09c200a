type Payment = {
  id: string;
  status: 'PROCESSING' | 'SUCCEEDED' | 'FAILED' | 'REFUNDED';
  failure: { code: string } | null;
  amount: number;
  /** The reasons of its refund requests. */
  refunds?: string[];
};

/** The operations of the payment service that the order service sends. */
export type PaymentOperation =
  'CreatePaymentIntent' | 'PaymentStatus' | 'ClosePayment' | 'RefundForOrder';

type Attempt = { orderId: string; attempt: number };

const OUTCOMES: Readonly<Record<string, Omit<Payment, 'id' | 'amount'>>> = {
  sim_success: { status: 'SUCCEEDED', failure: null },
  sim_decline: { status: 'FAILED', failure: { code: 'card_declined' } },
  sim_pending: { status: 'PROCESSING', failure: null },
};

/** A problem as a member of a result union. */
export const problem = (type: string, details: object) => ({
  __typename: type,
  message: '',
  ...details,
});

/** The payments of a fake payment service, in memory, with its operations. */
export const makeFakePayments = () => {
  const payments = new Map<string, Payment>();

  const charge = (key: string, amount: number, method: string) => {
    const outcome = OUTCOMES[method];
    if (!outcome) {
      const fields = [{ path: 'paymentMethod', message: 'is not a payment method' }];
      return problem('ValidationFailedProblem', { fields });
    }
    if (!payments.has(key)) payments.set(key, { ...outcome, id: `payment of ${key}`, amount });
    return { __typename: 'Payment', ...payments.get(key) };
  };

  /** A closed attempt counts as no payment. */
  const openPayment = (key: string): Payment | null => {
    const payment = payments.get(key);
    return payment && payment.failure?.code !== 'not_started' ? payment : null;
  };

  const closePayment = ({ orderId, attempt, amount }: Attempt & { amount: number }) => {
    const key = `${orderId}:${attempt}`;
    const closed = { status: 'FAILED', failure: { code: 'not_started' } } as const;
    if (!payments.has(key)) payments.set(key, { ...closed, id: `payment of ${key}`, amount });
    return openPayment(key);
  };

  const refund = (input: { orderId: string; attempt: number; reason: string }) => {
    const payment = payments.get(`${input.orderId}:${input.attempt}`);
    if (!payment) return null;
    payment.refunds = [...(payment.refunds ?? []), input.reason];
    if (payment.status === 'SUCCEEDED') payment.status = 'REFUNDED';
    return { id: input.orderId };
  };

  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the variables differ by operation
  const operations: Record<PaymentOperation, (variables: any) => object> = {
    CreatePaymentIntent: ({ input }) => ({
      createPaymentIntent: charge(
        `${input.orderId}:${input.attempt}`,
        input.amount,
        input.method ?? 'sim_success',
      ),
    }),
    RefundForOrder: ({ input }) => ({ refundForOrder: refund(input) }),
    ClosePayment: ({ input }) => ({ closePayment: closePayment(input) }),
    PaymentStatus: ({ orderId, attempt }) => ({
      paymentStatus: openPayment(`${orderId}:${attempt}`),
    }),
  };
  return { payments, operations };
};
