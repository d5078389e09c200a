import { randomUUID } from 'node:crypto';

export const PAYMENT =
  'id status amount { amount currency } provider failure { code } order { id }';

export const REFUND = 'id status amount { amount currency } reason failure { code } createdAt';

export const CREATE = `mutation ($input: CreatePaymentIntentInput!) {
  createPaymentIntent(input: $input) {
    __typename
    ... on Payment { ${PAYMENT} }
    ... on ValidationFailedProblem { code fields { path } }
  }
}`;

export const CLOSE = `mutation ($input: ClosePaymentInput!) {
  closePayment(input: $input) { ${PAYMENT} }
}`;

export const STATUS = `query ($orderId: ID!, $attempt: Int!) {
  paymentStatus(orderId: $orderId, attempt: $attempt) { ${PAYMENT} refunds { ${REFUND} } }
}`;

export const REFUND_PAYMENT = `mutation ($input: RefundPaymentInput!) {
  refundPayment(input: $input) {
    __typename
    ... on Refund { ${REFUND} }
    ... on Problem { code }
    ... on RefundExceedsCapturedProblem { refundable { amount currency } }
    ... on RequestInFlightProblem { retryAfterSeconds }
    ... on ValidationFailedProblem { fields { path } }
  }
}`;

export const REFUND_FOR_ORDER = `mutation ($input: RefundForOrderInput!) {
  refundForOrder(input: $input) { ${PAYMENT} refunds { ${REFUND} } }
}`;

export const RECORD = `mutation ($input: RecordPaymentEventInput!) {
  recordPaymentEvent(input: $input) {
    __typename
    ... on PaymentEvent { id received duplicate }
    ... on Problem { code message }
  }
}`;

/** The input of a payment of a new order: 19.99 euros by default. */
export const newIntent = (fields: object = {}) => ({
  orderId: randomUUID(),
  attempt: 1,
  userId: randomUUID(),
  amount: 1999,
  currency: 'EUR',
  ...fields,
});

type RefundView = { id: string; status: string; amount: { amount: number }; reason: string };

/** The fields of the result unions. */
export type Result = {
  __typename: string;
  id: string;
  status: string;
  amount: { amount: number };
  failure: { code: string } | null;
  refunds: RefundView[];
  code?: string;
  message?: string;
  refundable?: { amount: number };
  duplicate?: boolean;
};
