import { inTransaction, openPool } from '@cartograph/postgres';
import type { PoolClient } from 'pg';

/** A charge of the simulator. It is pending until one of its timestamps has passed. */
export type SimulatedCharge = {
  readonly reference: string;
  readonly idempotencyKey: string;
  readonly method: string;
  readonly amountCents: number;
  readonly currency: string;
  readonly succeedsAt: Date | null;
  readonly declinesAt: Date | null;
};

/** A refund of the simulator. */
export type SimulatedRefund = {
  readonly reference: string;
  readonly idempotencyKey: string;
  readonly chargeReference: string;
  readonly amountCents: number;
  /** Null for one that succeeded. */
  readonly failureCode: string | null;
};

/** A webhook to send at this time. */
export type ScheduledWebhook = { readonly body: string; readonly at: Date };

type ChargeRow = Omit<SimulatedCharge, 'amountCents'> & { amountCents: string };
type RefundRow = Omit<SimulatedRefund, 'amountCents'> & { amountCents: string };

const CHARGE = `reference, idempotency_key AS "idempotencyKey", method,
  amount_cents AS "amountCents", currency, succeeds_at AS "succeedsAt", declines_at AS "declinesAt"`;
const REFUND = `reference, idempotency_key AS "idempotencyKey",
  charge_reference AS "chargeReference", amount_cents AS "amountCents",
  failure_code AS "failureCode"`;

// The reference is made of the key, so repeats conflict in both.
const INSERT = `INSERT INTO simulator_charges (reference, idempotency_key, method, amount_cents,
    currency, succeeds_at, declines_at, created_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, now())
  ON CONFLICT DO NOTHING RETURNING reference`;

// Named statements are planned once per connection.
const INSERT_CHARGE = { name: 'simulator.charge', text: `/* simulator.charge */ ${INSERT}` };

/** Returns no row for a charge that is stored already, and adds no job then. */
const INSERT_CHARGE_WITH_WEBHOOKS = `/* simulator.charge_webhooks */
  WITH made AS (${INSERT})
  SELECT graphile_worker.add_job('deliver_webhook', json_build_object('body', body),
    run_at => send_at)
  FROM made, unnest($8::text[], $9::timestamptz[]) AS webhook(body, send_at)`;

const FIND_CHARGE = {
  name: 'simulator.find_charge',
  text: `/* simulator.find_charge */
    SELECT ${CHARGE} FROM simulator_charges WHERE idempotency_key = $1`,
};

const toNumbers = <Row extends { amountCents: string }>(row: Row | undefined) =>
  row ? { ...row, amountCents: Number(row.amountCents) } : null;

const scheduleWebhooks = async (client: PoolClient, webhooks: readonly ScheduledWebhook[]) => {
  for (const { body, at } of webhooks) {
    await client.query(
      `SELECT graphile_worker.add_job('deliver_webhook', json_build_object('body', $1::text),
        run_at => $2::timestamptz)`,
      [body, at],
    );
  }
};

/**
 * Opens the simulator's ledger. The simulator stands for a third party: it has its own connections,
 * never uses a transaction of the shop, and the shop never reads its tables.
 * @param onLost receives the error of a lost connection; the next query opens another
 */
export const openLedger = (databaseUrl: string, onLost: (error: Error) => void) => {
  const pool = openPool({ name: 'simulator', databaseUrl, max: 4, onLost });

  const findCharge = async (idempotencyKey: string): Promise<SimulatedCharge | null> => {
    const { rows } = await pool.query<ChargeRow>({ ...FIND_CHARGE, values: [idempotencyKey] });
    return toNumbers(rows[0]);
  };

  return {
    /** Counts a request for a key. @returns how many there were, including this one */
    countCall: async (idempotencyKey: string): Promise<number> => {
      const { rows } = await pool.query<{ calls: number }>(
        `INSERT INTO simulator_calls AS counted (idempotency_key, calls) VALUES ($1, 1)
         ON CONFLICT (idempotency_key) DO UPDATE SET calls = counted.calls + 1 RETURNING calls`,
        [idempotencyKey],
      );
      return rows[0]?.calls ?? 1;
    },

    findCharge,

    /** Inserts one charge per key, and schedules its webhooks. @returns the stored charge */
    insertCharge: async (
      charge: SimulatedCharge,
      webhooks: readonly ScheduledWebhook[],
    ): Promise<{ charge: SimulatedCharge; isNew: boolean }> => {
      const values = [
        charge.reference,
        charge.idempotencyKey,
        charge.method,
        charge.amountCents,
        charge.currency,
        charge.succeedsAt,
        charge.declinesAt,
      ];
      const { rowCount } =
        webhooks.length === 0
          ? await pool.query({ ...INSERT_CHARGE, values })
          : await pool.query(INSERT_CHARGE_WITH_WEBHOOKS, [
              ...values,
              webhooks.map(({ body }) => body),
              webhooks.map(({ at }) => at),
            ]);
      if (rowCount !== 0) return { charge, isNew: true };
      return { charge: (await findCharge(charge.idempotencyKey)) ?? charge, isNew: false };
    },

    /**
     * Inserts one refund per key.
     * @param settle determines the outcome and its webhooks
     */
    insertRefund: (
      refund: Omit<SimulatedRefund, 'failureCode'>,
      settle: (
        charge: SimulatedCharge | null,
        refunded: number,
      ) => { failureCode: string | null; webhooks: readonly ScheduledWebhook[] },
    ): Promise<SimulatedRefund> =>
      inTransaction(pool, async (client) => {
        // Refunds of one charge run one after another.
        const charges = await client.query<ChargeRow>(
          `SELECT ${CHARGE} FROM simulator_charges WHERE reference = $1 FOR UPDATE`,
          [refund.chargeReference],
        );
        const stored = await client.query<RefundRow>(
          `SELECT ${REFUND} FROM simulator_refunds WHERE idempotency_key = $1`,
          [refund.idempotencyKey],
        );
        const known = toNumbers(stored.rows[0]);
        if (known) return known;
        const sum = await client.query<{ sum: string }>(
          `SELECT coalesce(sum(amount_cents), 0) AS sum FROM simulator_refunds
           WHERE charge_reference = $1 AND failure_code IS NULL`,
          [refund.chargeReference],
        );
        const charge = toNumbers(charges.rows[0]);
        const { failureCode, webhooks } = settle(charge, Number(sum.rows[0]?.sum ?? 0));
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
        await scheduleWebhooks(client, webhooks);
        return { ...refund, failureCode };
      }),

    close: () => pool.end(),
  };
};

export type Ledger = ReturnType<typeof openLedger>;
