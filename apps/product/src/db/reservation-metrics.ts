import { metrics } from '@opentelemetry/api';
import type { OutOfStock, ProductNotFound } from '../domain/reservation.ts';

/** Why a reservation was refused. */
type Reason = (OutOfStock | ProductNotFound)['code'];

/** Counts what became of reservations. */
export type ReservationMetrics = {
  readonly refused: (reason: Reason) => void;
  /** One whose time had ended was released. */
  readonly expired: () => void;
};

const REASONS: readonly Reason[] = ['OUT_OF_STOCK', 'PRODUCT_NOT_FOUND'];

/** Makes the counters of reservations that were refused or have expired. */
export const makeReservationMetrics = (): ReservationMetrics => {
  const meter = metrics.getMeter('cartograph.product');
  const refused = meter.createCounter('shop.reservation.refused', {
    description:
      'Reservations that were refused; for OUT_OF_STOCK by the guard against overselling.',
  });
  const expired = meter.createCounter('shop.reservation.expired', {
    description: 'Reservations whose time ended, and whose units went back to stock.',
  });
  for (const reason of REASONS) refused.add(0, { reason });
  expired.add(0);
  return { refused: (reason) => refused.add(1, { reason }), expired: () => expired.add(1) };
};
