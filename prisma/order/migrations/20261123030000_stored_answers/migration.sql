-- AlterTable
ALTER TABLE "idempotency_keys"
  ADD COLUMN "operation" TEXT,
  ADD COLUMN "response" JSONB,
  ADD COLUMN "locked_until" TIMESTAMPTZ(3);

-- The keys that are there were one scope for both operations; they are good for either, and their
-- hash, which names the operation, says for which. Nobody works on them.
UPDATE "idempotency_keys" SET "operation" = 'createOrder', "locked_until" = "created_at";

ALTER TABLE "idempotency_keys"
  ALTER COLUMN "operation" SET NOT NULL,
  ALTER COLUMN "locked_until" SET NOT NULL,
  DROP CONSTRAINT "idempotency_keys_pkey",
  ADD CONSTRAINT "idempotency_keys_pkey" PRIMARY KEY ("user_id", "operation", "key");

INSERT INTO "idempotency_keys"
  ("user_id", "operation", "key", "request_hash", "order_id", "locked_until", "created_at")
SELECT "user_id", 'payOrder', "key", "request_hash", "order_id", "locked_until", "created_at"
FROM "idempotency_keys" WHERE "operation" = 'createOrder';
