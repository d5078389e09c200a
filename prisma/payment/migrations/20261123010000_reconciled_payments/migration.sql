-- CreateEnum
CREATE TYPE "refund_status" AS ENUM ('PROCESSING', 'SUCCEEDED', 'FAILED');

-- AlterTable
ALTER TABLE "payments" ADD COLUMN     "captured_at" TIMESTAMPTZ(3),
ADD COLUMN     "refunded_cents" BIGINT NOT NULL DEFAULT 0,
ADD COLUMN     "refunding_cents" BIGINT NOT NULL DEFAULT 0;

-- CreateTable
CREATE TABLE "refunds" (
    "id" UUID NOT NULL,
    "payment_id" UUID NOT NULL,
    "status" "refund_status" NOT NULL DEFAULT 'PROCESSING',
    "amount_cents" BIGINT NOT NULL,
    "reason" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "requested_by" TEXT NOT NULL,
    "provider_ref" TEXT,
    "failure_code" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "refunds_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "provider_events" (
    "id" UUID NOT NULL,
    "provider" TEXT NOT NULL,
    "event_id" TEXT NOT NULL,
    "charge_key" TEXT,
    "charge_ref" TEXT,
    "payload" TEXT NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL,
    "processed_at" TIMESTAMPTZ(3),

    CONSTRAINT "provider_events_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "idempotency_keys" (
    "user_id" UUID NOT NULL,
    "operation" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "request_hash" BYTEA NOT NULL,
    "subject_id" UUID NOT NULL,
    "response" JSONB,
    "locked_until" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "idempotency_keys_pkey" PRIMARY KEY ("user_id","operation","key")
);

-- CreateTable
CREATE TABLE "events" (
    "id" UUID NOT NULL,
    "position" BIGSERIAL NOT NULL,
    "envelope" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "published_at" TIMESTAMPTZ(3),

    CONSTRAINT "events_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "simulator_charges" (
    "reference" TEXT NOT NULL,
    "idempotency_key" TEXT NOT NULL,
    "method" TEXT NOT NULL,
    "amount_cents" BIGINT NOT NULL,
    "currency" CHAR(3) NOT NULL,
    "succeeds_at" TIMESTAMPTZ(3),
    "declines_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "simulator_charges_pkey" PRIMARY KEY ("reference")
);

-- CreateTable
CREATE TABLE "simulator_refunds" (
    "reference" TEXT NOT NULL,
    "idempotency_key" TEXT NOT NULL,
    "charge_reference" TEXT NOT NULL,
    "amount_cents" BIGINT NOT NULL,
    "failure_code" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "simulator_refunds_pkey" PRIMARY KEY ("reference")
);

-- CreateTable
CREATE TABLE "simulator_calls" (
    "idempotency_key" TEXT NOT NULL,
    "calls" INTEGER NOT NULL,

    CONSTRAINT "simulator_calls_pkey" PRIMARY KEY ("idempotency_key")
);

-- CreateIndex
CREATE UNIQUE INDEX "refunds_key_key" ON "refunds"("key");

-- CreateIndex
CREATE INDEX "refunds_payment_id_id_idx" ON "refunds"("payment_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "provider_events_provider_event_id_key" ON "provider_events"("provider", "event_id");

-- CreateIndex
CREATE INDEX "idempotency_keys_created_at_idx" ON "idempotency_keys"("created_at");

-- CreateIndex
CREATE UNIQUE INDEX "events_position_key" ON "events"("position");

-- CreateIndex
CREATE UNIQUE INDEX "simulator_charges_idempotency_key_key" ON "simulator_charges"("idempotency_key");

-- CreateIndex
CREATE UNIQUE INDEX "simulator_refunds_idempotency_key_key" ON "simulator_refunds"("idempotency_key");

-- CreateIndex
CREATE INDEX "simulator_refunds_charge_reference_idx" ON "simulator_refunds"("charge_reference");

-- AddForeignKey
ALTER TABLE "refunds" ADD CONSTRAINT "refunds_payment_id_fkey" FOREIGN KEY ("payment_id") REFERENCES "payments"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "simulator_refunds" ADD CONSTRAINT "simulator_refunds_charge_reference_fkey" FOREIGN KEY ("charge_reference") REFERENCES "simulator_charges"("reference") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What was taken before this was kept.
UPDATE "payments" SET "captured_at" = "updated_at" WHERE "status" IN ('SUCCEEDED', 'REFUNDED');
UPDATE "payments" SET "refunding_cents" = "amount_cents", "refunded_cents" = "amount_cents"
WHERE "status" = 'REFUNDED';

-- What Prisma's schema can't say. Never more goes back than was taken, whoever writes it.
ALTER TABLE "payments" ADD CONSTRAINT "payments_refunding_cents_check"
  CHECK ("refunded_cents" >= 0 AND "refunded_cents" <= "refunding_cents"
    AND "refunding_cents" <= "amount_cents");
ALTER TABLE "payments" ADD CONSTRAINT "payments_captured_at_check"
  CHECK ("captured_at" IS NOT NULL
    OR ("status" IN ('PROCESSING', 'FAILED') AND "refunding_cents" = 0));
ALTER TABLE "payments" ADD CONSTRAINT "payments_refunded_check"
  CHECK ("status" <> 'REFUNDED' OR "refunded_cents" = "amount_cents");
ALTER TABLE "refunds" ADD CONSTRAINT "refunds_amount_cents_check" CHECK ("amount_cents" > 0);
ALTER TABLE "refunds" ADD CONSTRAINT "refunds_failure_check"
  CHECK (("status" = 'FAILED') = ("failure_code" IS NOT NULL));
ALTER TABLE "simulator_charges" ADD CONSTRAINT "simulator_charges_amount_cents_check"
  CHECK ("amount_cents" >= 0);
ALTER TABLE "simulator_refunds" ADD CONSTRAINT "simulator_refunds_amount_cents_check"
  CHECK ("amount_cents" > 0);

-- What waits to be carried, in order; what was carried costs nothing here.
CREATE INDEX "events_unpublished_idx" ON "events"("position") WHERE "published_at" IS NULL;
