-- CreateTable
CREATE TABLE "stock_holds" (
    "order_id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "client_address" TEXT,
    "units" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "renewed_at" TIMESTAMPTZ(3) NOT NULL,
    "placed_at" TIMESTAMPTZ(3),
    "abandoned_at" TIMESTAMPTZ(3),

    CONSTRAINT "stock_holds_pkey" PRIMARY KEY ("order_id")
);

-- CreateIndex
CREATE INDEX "stock_holds_user_id_idx" ON "stock_holds"("user_id");

-- CreateIndex
CREATE INDEX "stock_holds_client_address_idx" ON "stock_holds"("client_address");

-- What Prisma's schema can't say: what the sweep looks for, and what can't be.
CREATE INDEX "stock_holds_not_placed_idx" ON "stock_holds" ("renewed_at") WHERE "placed_at" IS NULL;
ALTER TABLE "stock_holds" ADD CONSTRAINT "stock_holds_units_check" CHECK ("units" > 0);
-- An order is made of a hold, or the hold is given up: never both.
ALTER TABLE "stock_holds" ADD CONSTRAINT "stock_holds_end_check"
  CHECK ("placed_at" IS NULL OR "abandoned_at" IS NULL);

-- Orders that wait to be paid hold their units already. Where they were made from is not known.
INSERT INTO "stock_holds" ("order_id", "user_id", "units", "created_at", "renewed_at", "placed_at")
SELECT o."id", o."user_id", sum(i."quantity"), o."created_at", o."created_at", o."created_at"
FROM "orders" o JOIN "order_items" i ON i."order_id" = o."id"
WHERE o."status" = 'PENDING'
GROUP BY o."id";

-- Writes that stock is about to be held for an order, if the limits allow it: in one call, because
-- every order comes here, and under a lock, so that of those who come at once each sees the others.
-- A repeat goes on with what it wrote before. `verdict` is CLAIMED, ABANDONED, or which limit is
-- reached: ORDERS, ACCOUNT_UNITS or ADDRESS_UNITS; `oldest` says since when the first of what is
-- held there is held.
CREATE FUNCTION "claim_stock_hold"(
  p_order UUID, p_user UUID, p_address TEXT, p_units INTEGER,
  p_max_orders INTEGER, p_max_account_units INTEGER, p_max_address_units INTEGER,
  OUT verdict TEXT, OUT oldest TIMESTAMPTZ
) LANGUAGE plpgsql AS $$
DECLARE
  held_orders BIGINT;
  held_units BIGINT;
BEGIN
  -- Accounts before addresses, always: nobody waits in a circle.
  PERFORM pg_advisory_xact_lock(hashtextextended('stock_holds of account ' || p_user, 0));
  UPDATE stock_holds SET renewed_at = clock_timestamp()
  WHERE order_id = p_order AND abandoned_at IS NULL;
  IF FOUND THEN
    verdict := 'CLAIMED';
    RETURN;
  END IF;
  IF EXISTS (SELECT 1 FROM stock_holds WHERE order_id = p_order) THEN
    verdict := 'ABANDONED';
    RETURN;
  END IF;

  SELECT count(*), coalesce(sum(units), 0), min(created_at) INTO held_orders, held_units, oldest
  FROM stock_holds WHERE user_id = p_user;
  IF held_orders >= p_max_orders THEN
    verdict := 'ORDERS';
    RETURN;
  END IF;
  IF held_units + p_units > p_max_account_units THEN
    verdict := 'ACCOUNT_UNITS';
    RETURN;
  END IF;

  IF p_address IS NOT NULL THEN
    PERFORM pg_advisory_xact_lock(hashtextextended('stock_holds of address ' || p_address, 0));
    SELECT coalesce(sum(units), 0), min(created_at) INTO held_units, oldest
    FROM stock_holds WHERE client_address = p_address;
    IF held_units + p_units > p_max_address_units THEN
      verdict := 'ADDRESS_UNITS';
      RETURN;
    END IF;
  END IF;

  INSERT INTO stock_holds (order_id, user_id, client_address, units, created_at, renewed_at)
  VALUES (p_order, p_user, p_address, p_units, clock_timestamp(), clock_timestamp());
  verdict := 'CLAIMED';
END $$;

-- What is paid or has ended is not held any more, whoever writes that.
CREATE FUNCTION "end_stock_hold"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM stock_holds WHERE order_id = NEW.id;
  RETURN NULL;
END $$;
CREATE TRIGGER "orders_end_stock_hold" AFTER UPDATE OF "status" ON "orders"
  FOR EACH ROW WHEN (OLD."status" = 'PENDING' AND NEW."status" <> 'PENDING')
  EXECUTE FUNCTION "end_stock_hold"();
