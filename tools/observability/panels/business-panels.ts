import type { Panel } from '../dashboard.ts';
import { orZero, percentilesOf, rateOf } from './promql.ts';

/** Orders by what became of them. */
export const orderPanels = (): readonly Panel[] => [
  {
    title: 'Orders',
    description: 'Per second: made, paid, and cancelled.',
    unit: 'short',
    queries: [
      { expr: rateOf('shop_order_placed_total', []), legend: 'placed' },
      { expr: rateOf('shop_order_confirmed_total', []), legend: 'confirmed' },
      { expr: rateOf('shop_order_cancelled_total', []), legend: 'cancelled' },
    ],
  },
  {
    title: 'Cancelled orders',
    description: 'Per second, by reason. OUT_OF_STOCK: paid after its stock was sold to others.',
    unit: 'short',
    queries: [{ expr: rateOf('shop_order_cancelled_total', [], 'reason'), legend: '{{reason}}' }],
  },
];

/** Payments, and the provider that takes them. */
export const paymentPanels = (): readonly Panel[] => [
  {
    title: 'Payments',
    description: 'Per second: taken, declined, and refunded.',
    unit: 'short',
    queries: [
      { expr: rateOf('shop_payment_succeeded_total', []), legend: 'succeeded' },
      { expr: rateOf('shop_payment_failed_total', []), legend: 'declined' },
      { expr: rateOf('shop_payment_refunded_total', []), legend: 'refunded' },
    ],
  },
  {
    title: 'Duration at the provider',
    description: 'How long requests to the payment provider took.',
    unit: 's',
    queries: percentilesOf('shop_payment_provider_duration', [], 'provider'),
  },
  {
    title: 'Requests to the provider that failed',
    description: 'Per second: no response in time, or an error. A decline is none.',
    unit: 'reqps',
    queries: [
      {
        expr: orZero(
          rateOf(
            'shop_payment_provider_duration_count',
            ['error_type!=""'],
            'provider, operation, error_type',
          ),
        ),
        legend: '{{provider}} {{operation}} {{error_type}}',
      },
    ],
  },
  {
    title: 'Webhooks',
    description: 'Received per second, by what was done with them.',
    unit: 'reqps',
    queries: [{ expr: rateOf('shop_payment_webhook_total', [], 'result'), legend: '{{result}}' }],
  },
];

/** Stock and reservations. */
export const stockPanels = (): readonly Panel[] => [
  {
    title: 'Refused reservations',
    description: 'Per second. OUT_OF_STOCK: the guard that sells no unit twice.',
    unit: 'short',
    queries: [
      { expr: rateOf('shop_reservation_refused_total', [], 'reason'), legend: '{{reason}}' },
    ],
  },
  {
    title: 'Expired reservations',
    description: 'Per second: baskets that were not paid in time.',
    unit: 'short',
    queries: [{ expr: rateOf('shop_reservation_expired_total', []), legend: 'expired' }],
  },
  {
    title: 'Low stock',
    description: 'Times per second that a product fell to its threshold.',
    unit: 'short',
    queries: [{ expr: rateOf('shop_stock_low_total', []), legend: 'products' }],
  },
];

/** Sign-ins that were refused. */
export const signInPanels = (): readonly Panel[] => [
  {
    title: 'Throttled attempts',
    description:
      'Per second: refused without a check of the password. Many: passwords are guessed.',
    unit: 'short',
    queries: [
      { expr: rateOf('shop_auth_throttled_total', [], 'operation'), legend: '{{operation}}' },
    ],
  },
];
