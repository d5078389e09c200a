-- Each order carries the time at which it must be processed next, in place of jobs in another table.
-- AlterTable
ALTER TABLE "orders"
  ADD COLUMN "payment_started_at" TIMESTAMPTZ(3),
  ADD COLUMN "payment_outcome" TEXT,
  ADD COLUMN "stock_settled_at" TIMESTAMPTZ(3),
  ADD COLUMN "refund_owed_at" TIMESTAMPTZ(3),
  ADD COLUMN "refunded_at" TIMESTAMPTZ(3),
  ADD COLUMN "due_at" TIMESTAMPTZ(3),
  ADD COLUMN "due_attempts" INTEGER NOT NULL DEFAULT 0,
  ADD COLUMN "due_since" TIMESTAMPTZ(3),
  ADD COLUMN "due_error" TEXT,
  ADD COLUMN "dead_at" TIMESTAMPTZ(3);

-- The state of each order, from its history. An order whose payment was started and has no result, or
-- whose stock has no line, is processed once more: each step may be repeated.
CREATE TEMPORARY TABLE "order_states" ON COMMIT DROP AS
SELECT o."id",
  min(h."at") FILTER (WHERE h."event" = 'PAYMENT_STARTED') AS "payment_started_at",
  coalesce(
    (array_agg(h."reason" ORDER BY h."id" DESC) FILTER (WHERE h."event" = 'PAYMENT_DECIDED'))[1],
    CASE
      WHEN o."status" = 'CONFIRMED' OR bool_or(h."event" = 'REFUND_REQUESTED') THEN 'SUCCEEDED'
      WHEN o."cancel_reason" = 'PAYMENT_FAILED' THEN 'FAILED'
    END
  ) AS "payment_outcome",
  min(h."at") FILTER (WHERE h."event" = 'STOCK_SETTLED') AS "stock_settled_at",
  min(h."at") FILTER (WHERE h."event" = 'REFUND_REQUESTED') AS "refund_owed_at",
  NULL::TIMESTAMPTZ(3) AS "refunded_at"
FROM "orders" o LEFT JOIN "order_history" h ON h."order_id" = o."id"
GROUP BY o."id";

-- A refund was requested when its job is gone. Without the tables of the jobs nothing is known, and it
-- is requested again: the payment service refunds once. Failed jobs are tried again as due orders, like
-- all others: what made them fail may be gone, and after the retry window they are dead again.
DO $$
BEGIN
  IF to_regclass('graphile_worker._private_jobs') IS NULL THEN
    RETURN;
  END IF;
  UPDATE order_states SET refunded_at = refund_owed_at
  WHERE refund_owed_at IS NOT NULL AND id NOT IN (
    SELECT (job.payload->>'orderId')::uuid
    FROM graphile_worker._private_jobs job JOIN graphile_worker._private_tasks task
      ON task.id = job.task_id
    WHERE task.identifier = 'refund_payment'
  );
  DELETE FROM graphile_worker._private_jobs USING graphile_worker._private_tasks task
  WHERE task.id = task_id
    AND task.identifier IN ('resolve_order', 'settle_order', 'refund_payment');
END $$;

-- Writes the state of one order, or of all.
CREATE FUNCTION pg_temp.write_order_state(p_order UUID) RETURNS void LANGUAGE sql AS $$
  UPDATE orders SET
    payment_started_at = state.payment_started_at,
    payment_outcome = state.payment_outcome,
    stock_settled_at = state.stock_settled_at,
    refund_owed_at = state.refund_owed_at,
    refunded_at = state.refunded_at,
    due_at = CASE
      WHEN orders.status = 'PENDING' AND state.payment_started_at IS NULL
        THEN orders.reserved_until + interval '30 seconds'
      WHEN orders.status = 'PENDING' OR state.stock_settled_at IS NULL
        OR (state.payment_started_at IS NOT NULL AND state.payment_outcome IS NULL)
        OR (state.refund_owed_at IS NOT NULL AND state.refunded_at IS NULL)
        THEN now()
    END
  FROM order_states state
  WHERE state.id = orders.id AND (p_order IS NULL OR orders.id = p_order)
$$;

-- A row from before one of the NOT VALID checks can't be updated; it is left as it is.
DO $$
DECLARE
  known UUID;
BEGIN
  PERFORM pg_temp.write_order_state(NULL);
EXCEPTION WHEN check_violation THEN
  FOR known IN SELECT id FROM order_states LOOP
    BEGIN
      PERFORM pg_temp.write_order_state(known);
    EXCEPTION WHEN check_violation THEN
      RAISE WARNING 'order % can not be updated and is not processed', known;
    END;
  END LOOP;
END $$;
DROP FUNCTION pg_temp.write_order_state(UUID);

-- What the sweeper reads: small, as most orders have nothing left to do.
CREATE INDEX "orders_due_idx" ON "orders" ("due_at")
  WHERE "due_at" IS NOT NULL AND "dead_at" IS NULL;
-- What operators list: dead orders.
CREATE INDEX "orders_dead_idx" ON "orders" ("dead_at") WHERE "dead_at" IS NOT NULL;

-- No work is forgotten: an order without a next time has nothing left to do.
ALTER TABLE "orders" ADD CONSTRAINT "orders_due_check" CHECK (
  "due_at" IS NOT NULL OR "dead_at" IS NOT NULL OR (
    "status" <> 'PENDING' AND "stock_settled_at" IS NOT NULL
    AND ("payment_started_at" IS NULL OR "payment_outcome" IS NOT NULL)
    AND ("refund_owed_at" IS NULL OR "refunded_at" IS NOT NULL)
  )
) NOT VALID;

DO $$
BEGIN
  ALTER TABLE "orders" VALIDATE CONSTRAINT "orders_due_check";
EXCEPTION WHEN check_violation THEN
  RAISE WARNING 'orders that can not be updated are left without a next time';
END $$;
