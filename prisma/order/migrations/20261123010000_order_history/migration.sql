-- CreateEnum
CREATE TYPE "order_event_type" AS ENUM ('CREATED', 'PAYMENT_STARTED', 'PAYMENT_DECIDED', 'CONFIRMED', 'CANCELLED', 'REFUND_REQUESTED', 'STOCK_SETTLED');

-- CreateEnum
CREATE TYPE "order_actor" AS ENUM ('CUSTOMER', 'ADMIN', 'SHOP');

-- CreateTable
CREATE TABLE "order_history" (
    "id" BIGSERIAL NOT NULL,
    "order_id" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "event" "order_event_type" NOT NULL,
    "from_status" "order_status",
    "to_status" "order_status" NOT NULL,
    "actor" "order_actor" NOT NULL,
    "actor_id" UUID,
    "reason" TEXT,
    "note" TEXT,

    CONSTRAINT "order_history_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "order_history_order_id_id_idx" ON "order_history"("order_id", "id");

-- AddForeignKey
ALTER TABLE "order_history" ADD CONSTRAINT "order_history_order_id_fkey" FOREIGN KEY ("order_id") REFERENCES "orders"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- Each thing happens to an order once, however often it is reported. What a provider decided may
-- be contradicted: each decision stands there once.
CREATE UNIQUE INDEX "order_history_once_key" ON "order_history"("order_id", "event")
  WHERE "event" <> 'PAYMENT_DECIDED';
CREATE UNIQUE INDEX "order_history_decision_key" ON "order_history"("order_id", "reason")
  WHERE "event" = 'PAYMENT_DECIDED';
ALTER TABLE "order_history" ADD CONSTRAINT "order_history_actor_check"
  CHECK (("actor" = 'SHOP') = ("actor_id" IS NULL));
ALTER TABLE "order_history" ADD CONSTRAINT "order_history_decision_check"
  CHECK ("event" <> 'PAYMENT_DECIDED' OR "reason" IS NOT NULL);

-- The history is written, never rewritten.
CREATE FUNCTION "refuse_change_of_history"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the history of orders is append-only';
END $$;
CREATE TRIGGER "order_history_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "order_history"
  FOR EACH STATEMENT EXECUTE FUNCTION "refuse_change_of_history"();

-- Where an order may go from where, behind the table of the domain (domain/transitions.ts).
CREATE FUNCTION "refuse_illegal_transition"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD."status" = 'PENDING'
    OR (OLD."status" = 'CONFIRMED' AND NEW."status" = 'CANCELLED'
      AND NEW."cancel_reason" = 'OUT_OF_STOCK')
  THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'an order does not go from % to %', OLD."status", NEW."status"
    USING ERRCODE = 'check_violation', CONSTRAINT = 'orders_transition_check';
END $$;
CREATE TRIGGER "orders_transition_check" BEFORE UPDATE OF "status" ON "orders"
  FOR EACH ROW WHEN (OLD."status" <> NEW."status")
  EXECUTE FUNCTION "refuse_illegal_transition"();

-- What is known of the orders that are there.
INSERT INTO "order_history"
  ("order_id", "at", "event", "to_status", "actor", "actor_id")
SELECT "id", "created_at", 'CREATED', 'PENDING', 'CUSTOMER', "user_id"
FROM "orders" ORDER BY "id";
INSERT INTO "order_history"
  ("order_id", "at", "event", "from_status", "to_status", "actor", "reason")
SELECT "id", "updated_at", "status"::text::"order_event_type", 'PENDING', "status", 'SHOP',
  "cancel_reason"::text
FROM "orders" WHERE "status" <> 'PENDING' ORDER BY "updated_at", "id";
