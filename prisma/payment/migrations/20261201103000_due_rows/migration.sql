-- Payments, refunds, debts and webhook events carry the time at which they must be processed next, in
-- place of jobs in another table.
-- AlterTable
ALTER TABLE "payments"
  ADD COLUMN "notify_at" TIMESTAMPTZ(3),
  ADD COLUMN "due_at" TIMESTAMPTZ(3),
  ADD COLUMN "due_attempts" INTEGER NOT NULL DEFAULT 0,
  ADD COLUMN "due_since" TIMESTAMPTZ(3),
  ADD COLUMN "due_error" TEXT,
  ADD COLUMN "dead_at" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "refunds"
  ADD COLUMN "due_at" TIMESTAMPTZ(3),
  ADD COLUMN "due_attempts" INTEGER NOT NULL DEFAULT 0,
  ADD COLUMN "due_since" TIMESTAMPTZ(3),
  ADD COLUMN "due_error" TEXT,
  ADD COLUMN "dead_at" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "refund_debts"
  ADD COLUMN "due_at" TIMESTAMPTZ(3),
  ADD COLUMN "due_attempts" INTEGER NOT NULL DEFAULT 0,
  ADD COLUMN "due_since" TIMESTAMPTZ(3),
  ADD COLUMN "due_error" TEXT,
  ADD COLUMN "dead_at" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "provider_events"
  ADD COLUMN "due_at" TIMESTAMPTZ(3),
  ADD COLUMN "due_attempts" INTEGER NOT NULL DEFAULT 0,
  ADD COLUMN "due_since" TIMESTAMPTZ(3),
  ADD COLUMN "due_error" TEXT,
  ADD COLUMN "dead_at" TIMESTAMPTZ(3);

-- The waiting jobs, one row per task and subject. Work is dead when every job of it is dead-lettered; a
-- job that a stopped process still holds is not.
CREATE TEMPORARY TABLE "waiting_work" (
  "task" TEXT NOT NULL,
  "id" UUID NOT NULL,
  "due_at" TIMESTAMPTZ(3) NOT NULL,
  "attempts" INTEGER NOT NULL,
  "since" TIMESTAMPTZ(3),
  "error" TEXT,
  "is_dead" BOOLEAN NOT NULL,
  PRIMARY KEY ("task", "id")
) ON COMMIT DROP;

DO $$
BEGIN
  -- Without these tables the service never ran.
  IF to_regclass('graphile_worker._private_jobs') IS NULL THEN
    RETURN;
  END IF;
  INSERT INTO waiting_work
  SELECT task.identifier, (job.payload->>'id')::uuid,
    coalesce(min(job.run_at) FILTER (WHERE NOT dead), now()),
    -- A job whose key was taken over by a later one has the maximum of attempts.
    least(max(job.attempts), 3),
    min(job.created_at) FILTER (WHERE job.last_error IS NOT NULL),
    (array_agg(left(job.last_error, 1000) ORDER BY job.id DESC)
      FILTER (WHERE job.last_error IS NOT NULL))[1],
    bool_and(dead)
  FROM graphile_worker._private_jobs job
    JOIN graphile_worker._private_tasks task ON task.id = job.task_id
    CROSS JOIN LATERAL (SELECT job.attempts >= job.max_attempts AND job.locked_at IS NULL) AS d(dead)
  WHERE task.identifier IN ('ask_provider', 'watch_decline', 'tell_order', 'request_refund',
    'repay_debt', 'process_event')
  GROUP BY 1, 2;
  DELETE FROM graphile_worker._private_jobs USING graphile_worker._private_tasks task
  WHERE task.id = task_id AND task.identifier IN ('ask_provider', 'watch_decline', 'tell_order',
    'request_refund', 'repay_debt', 'process_event');
END $$;

-- What is due of each row that has work left, by its own state; its job says when. A row without a job
-- is due now: each step may be repeated.
CREATE TEMPORARY TABLE "due_rows" ON COMMIT DROP AS
SELECT 'payments' AS "table", 'id' AS "key", p."id",
  tell."id" IS NOT NULL AS "notifies",
  CASE
    WHEN p."status" = 'PROCESSING' THEN coalesce(ask."due_at", now())
    WHEN tell."id" IS NOT NULL THEN tell."due_at"
    ELSE coalesce(watch."due_at", now())
  END AS "due_at",
  coalesce(work."attempts", 0) AS "attempts", work."since", work."error",
  -- A dead notification must not end the checks of a decline.
  coalesce(work."is_dead", false) AND (
    p."status" = 'PROCESSING' OR tell."id" IS NULL OR coalesce(watch."is_dead", true)
  ) AS "is_dead"
FROM "payments" p
  LEFT JOIN "waiting_work" ask ON ask."task" = 'ask_provider' AND ask."id" = p."id"
  LEFT JOIN "waiting_work" tell ON tell."task" = 'tell_order' AND tell."id" = p."id"
    AND p."status" <> 'PROCESSING'
  LEFT JOIN "waiting_work" watch ON watch."task" = 'watch_decline' AND watch."id" = p."id"
    AND p."status" = 'FAILED' AND p."captured_at" IS NULL
  LEFT JOIN "waiting_work" work ON work."id" = p."id" AND work."task" = CASE
    WHEN p."status" = 'PROCESSING' THEN 'ask_provider'
    WHEN tell."id" IS NOT NULL THEN 'tell_order'
    ELSE 'watch_decline' END
WHERE p."status" = 'PROCESSING' OR tell."id" IS NOT NULL OR watch."id" IS NOT NULL
  -- A decline is checked for six hours.
  OR (p."status" = 'FAILED' AND p."captured_at" IS NULL
    AND p."updated_at" > now() - interval '6 hours')
UNION ALL
SELECT 'refunds', 'id', r."id", false, coalesce(work."due_at", now()),
  coalesce(work."attempts", 0), work."since", work."error", coalesce(work."is_dead", false)
FROM "refunds" r LEFT JOIN "waiting_work" work ON work."task" = 'request_refund'
  AND work."id" = r."id"
WHERE r."status" = 'PROCESSING'
UNION ALL
SELECT 'refund_debts', 'payment_id', p."id", false, coalesce(work."due_at", now()),
  coalesce(work."attempts", 0), work."since", work."error", coalesce(work."is_dead", false)
FROM "refund_debts" d JOIN "payments" p ON p."id" = d."payment_id"
  LEFT JOIN "waiting_work" work ON work."task" = 'repay_debt' AND work."id" = d."payment_id"
WHERE p."captured_at" IS NOT NULL AND p."refunding_cents" < p."amount_cents"
UNION ALL
SELECT 'provider_events', 'id', e."id", false, coalesce(work."due_at", now()),
  coalesce(work."attempts", 0), work."since", work."error", coalesce(work."is_dead", false)
FROM "provider_events" e LEFT JOIN "waiting_work" work ON work."task" = 'process_event'
  AND work."id" = e."id"
WHERE e."processed_at" IS NULL;

DO $$
DECLARE
  found RECORD;
BEGIN
  FOR found IN
    SELECT "table", "key", "id", "notifies", "due_at", "attempts", "since", "error", "is_dead"
    FROM due_rows
  LOOP
    BEGIN
      EXECUTE format(
        'UPDATE %I SET due_at = $2, due_attempts = $3, due_since = $4, due_error = $5, dead_at = $6 '
        'WHERE %I = $1', found."table", found.key)
      USING found.id, found.due_at, found.attempts, found.since, found.error,
        CASE WHEN found.is_dead THEN now() END;
      IF found.notifies THEN
        UPDATE payments SET notify_at = updated_at WHERE id = found.id;
      END IF;
    -- A row from before one of the NOT VALID checks can't be updated; it is left as it is.
    EXCEPTION WHEN check_violation THEN
      RAISE WARNING '% % can not be updated and is not processed', found."table", found.id;
    END;
  END LOOP;
END $$;

-- What the sweepers read: small, as most rows have nothing left to do.
CREATE INDEX "payments_due_idx" ON "payments" ("due_at")
  WHERE "due_at" IS NOT NULL AND "dead_at" IS NULL;
CREATE INDEX "refunds_due_idx" ON "refunds" ("due_at")
  WHERE "due_at" IS NOT NULL AND "dead_at" IS NULL;
CREATE INDEX "refund_debts_due_idx" ON "refund_debts" ("due_at")
  WHERE "due_at" IS NOT NULL AND "dead_at" IS NULL;
CREATE INDEX "provider_events_due_idx" ON "provider_events" ("due_at")
  WHERE "due_at" IS NOT NULL AND "dead_at" IS NULL;
-- What operators list.
CREATE INDEX "payments_dead_idx" ON "payments" ("dead_at") WHERE "dead_at" IS NOT NULL;
CREATE INDEX "refunds_dead_idx" ON "refunds" ("dead_at") WHERE "dead_at" IS NOT NULL;
CREATE INDEX "refund_debts_dead_idx" ON "refund_debts" ("dead_at") WHERE "dead_at" IS NOT NULL;
CREATE INDEX "provider_events_dead_idx" ON "provider_events" ("dead_at") WHERE "dead_at" IS NOT NULL;

-- No work is forgotten: a row without a next time has nothing left to do.
ALTER TABLE "payments" ADD CONSTRAINT "payments_due_check" CHECK (
  "due_at" IS NOT NULL OR "dead_at" IS NOT NULL OR ("status" <> 'PROCESSING' AND "notify_at" IS NULL)
) NOT VALID;
ALTER TABLE "refunds" ADD CONSTRAINT "refunds_due_check" CHECK (
  "due_at" IS NOT NULL OR "dead_at" IS NOT NULL OR "status" <> 'PROCESSING'
) NOT VALID;
ALTER TABLE "provider_events" ADD CONSTRAINT "provider_events_due_check" CHECK (
  "due_at" IS NOT NULL OR "dead_at" IS NOT NULL OR "processed_at" IS NOT NULL
);
-- A payment is notified of once it is settled.
ALTER TABLE "payments" ADD CONSTRAINT "payments_notify_check" CHECK (
  "notify_at" IS NULL OR "status" <> 'PROCESSING'
) NOT VALID;

DO $$
BEGIN
  ALTER TABLE "payments" VALIDATE CONSTRAINT "payments_due_check";
  ALTER TABLE "payments" VALIDATE CONSTRAINT "payments_notify_check";
  ALTER TABLE "refunds" VALIDATE CONSTRAINT "refunds_due_check";
EXCEPTION WHEN check_violation THEN
  RAISE WARNING 'payments or refunds that can not be updated are left without a next time';
END $$;
