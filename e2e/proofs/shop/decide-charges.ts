import type { TestDatabase } from '@cartograph/testing';

/**
 * Moves the simulator's clock: what it was to decide later is decided now.
 * @param ofOrder whose charges; all when none is named
 */
export const decideAll = async (payment: TestDatabase, ofOrder = ''): Promise<void> => {
  for (const time of ['succeeds_at', 'declines_at']) {
    await payment.query(
      `UPDATE simulator_charges SET ${time} = now()
       WHERE ${time} > now() AND starts_with(idempotency_key, $1)`,
      [ofOrder],
    );
  }
};
