import { openPool } from '@cartograph/postgres';
import type { PoolClient } from 'pg';

/** A charge in the simulator's books. A time to come is not yet decided. */
export type BookedCharge = {
  readonly reference: string;
  readonly idempotencyKey: string;
  readonly method: string;
  readonly amountCents: number;
  readonly currency: string;
  readonly succeedsAt: Date | null;
  readonly declinesAt: Date | null;
};

/** A refund in the simulator's books. */
export type BookedRefund = {
  readonly reference: string;
  readonly idempotencyKey: string;
  readonly chargeReference: string;
  readonly amountCents: number;
  /** Null for one that was given. */
  readonly failureCode: string | null;
};

/** A webhook that is to be sent: its body, and when. */
export type PlannedWebhook = { readonly body: string; readonly at: Date };

type ChargeRow = Omit<BookedCharge, 'amountCents'> & { amountCents: string };
type RefundRow = Omit<BookedRefund, 'amountCents'> & { amountCents: string };

const CHARGE = `reference, idempotency_key AS "idempotencyKey", method,
  amount_cents AS "amountCents", currency, succeeds_at AS "succeedsAt", declines_at AS "declinesAt"`;
const REFUND = `reference, idempotency_key AS "idempotencyKey",
  charge_reference AS "chargeReference", amount_cents AS "amountCents",
  failure_code AS "failureCode"`;

const toNumbers = <Row extends { amountCents: string }>(row: Row | undefined) =>
  row ? { ...row, amountCents: Number(row.amountCents) } : null;

const planWebhooks = async (client: PoolClient, webhooks: readonly PlannedWebhook[]) => {
  for (const { body, at } of webhooks) {
    await client.query(
      `SELECT graphile_worker.add_job('deliver_webhook', json_build_object('body', $1::text),
        run_at => $2::timestamptz)`,
      [body, at],
    );
  }
};

/**
 * Opens the books of the simulator. It is an outside party: its statements go over connections of
 * its own, never in a transaction of the shop, and the shop never looks into its tables.
 * @param onLost is told of a connection that is gone; the next query opens another
 */
export const openSimulatorBooks = (databaseUrl: string, onLost: (error: Error) => void) => {
  const pool = openPool({ databaseUrl, max: 4, onLost });

  const inTransaction = async <Result>(work: (client: PoolClient) => Promise<Result>) => {
    const client = await pool.connect();
    let broken: Error | undefined;
    try {
      await client.query('BEGIN');
      const result = await work(client);
      await client.query('COMMIT');
      return result;
    } catch (error) {
      await client.query('ROLLBACK').catch((failure: Error) => {
        broken = failure;
      });
      throw error;
    } finally {
      // A connection that can't even roll back is of no use to the next one.
      client.release(broken);
    }
  };

  return {
    /** Counts one more call for a key. @returns how many there were, with this one */
    countCall: async (idempotencyKey: string): Promise<number> => {
      const { rows } = await pool.query<{ calls: number }>(
        `INSERT INTO simulator_calls AS kept (idempotency_key, calls) VALUES ($1, 1)
         ON CONFLICT (idempotency_key) DO UPDATE SET calls = kept.calls + 1 RETURNING calls`,
        [idempotencyKey],
      );
      return rows[0]?.calls ?? 1;
    },

    findCharge: async (idempotencyKey: string): Promise<BookedCharge | null> => {
      const { rows } = await pool.query<ChargeRow>(
        `SELECT ${CHARGE} FROM simulator_charges WHERE idempotency_key = $1`,
        [idempotencyKey],
      );
      return toNumbers(rows[0]);
    },

    /** Books a charge once a key, with its webhooks. @returns what is booked, and whether anew */
    bookCharge: (
      charge: BookedCharge,
      webhooks: readonly PlannedWebhook[],
    ): Promise<{ charge: BookedCharge; isNew: boolean }> =>
      inTransaction(async (client) => {
        const { rowCount } = await client.query(
          `INSERT INTO simulator_charges (reference, idempotency_key, method, amount_cents,
             currency, succeeds_at, declines_at, created_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7, now()) ON CONFLICT (idempotency_key) DO NOTHING`,
          [
            charge.reference,
            charge.idempotencyKey,
            charge.method,
            charge.amountCents,
            charge.currency,
            charge.succeedsAt,
            charge.declinesAt,
          ],
        );
        if (rowCount === 1) {
          await planWebhooks(client, webhooks);
          return { charge, isNew: true };
        }
        const { rows } = await client.query<ChargeRow>(
          `SELECT ${CHARGE} FROM simulator_charges WHERE idempotency_key = $1`,
          [charge.idempotencyKey],
        );
        return { charge: toNumbers(rows[0]) ?? charge, isNew: false };
      }),

    /**
     * Books a refund once a key.
     * @param decide says what becomes of it, and which webhooks tell of it
     */
    bookRefund: (
      refund: Omit<BookedRefund, 'failureCode'>,
      decide: (
        charge: BookedCharge | null,
        given: number,
      ) => { failureCode: string | null; webhooks: readonly PlannedWebhook[] },
    ): Promise<BookedRefund> =>
      inTransaction(async (client) => {
        // Refunds of one charge are booked one after another.
        const charges = await client.query<ChargeRow>(
          `SELECT ${CHARGE} FROM simulator_charges WHERE reference = $1 FOR UPDATE`,
          [refund.chargeReference],
        );
        const kept = await client.query<RefundRow>(
          `SELECT ${REFUND} FROM simulator_refunds WHERE idempotency_key = $1`,
          [refund.idempotencyKey],
        );
        const booked = toNumbers(kept.rows[0]);
        if (booked) return booked;
        const given = await client.query<{ sum: string }>(
          `SELECT coalesce(sum(amount_cents), 0) AS sum FROM simulator_refunds
           WHERE charge_reference = $1 AND failure_code IS NULL`,
          [refund.chargeReference],
        );
        const charge = toNumbers(charges.rows[0]);
        const { failureCode, webhooks } = decide(charge, Number(given.rows[0]?.sum ?? 0));
        if (!charge) return { ...refund, failureCode };
        await client.query(
          `INSERT INTO simulator_refunds (reference, idempotency_key, charge_reference,
             amount_cents, failure_code, created_at) VALUES ($1, $2, $3, $4, $5, now())`,
          [
            refund.reference,
            refund.idempotencyKey,
            refund.chargeReference,
            refund.amountCents,
            failureCode,
          ],
        );
        await planWebhooks(client, webhooks);
        return { ...refund, failureCode };
      }),

    close: () => pool.end(),
  };
};

export type SimulatorBooks = ReturnType<typeof openSimulatorBooks>;
