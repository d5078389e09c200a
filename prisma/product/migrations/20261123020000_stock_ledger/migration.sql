-- CreateEnum
CREATE TYPE "stock_movement_kind" AS ENUM ('ADJUSTED', 'RESERVED', 'COMMITTED', 'RELEASED');

-- CreateTable
CREATE TABLE "stock_movements" (
    "id" BIGSERIAL NOT NULL,
    "product_id" UUID NOT NULL,
    "kind" "stock_movement_kind" NOT NULL,
    "stock_delta" INTEGER NOT NULL,
    "held_delta" INTEGER NOT NULL,
    "order_id" UUID,
    "actor" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "stock_movements_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "stock_movements_product_id_id_idx" ON "stock_movements"("product_id", "id");

-- CreateIndex
CREATE INDEX "stock_movements_order_id_idx" ON "stock_movements"("order_id");

-- AddForeignKey
ALTER TABLE "stock_movements" ADD CONSTRAINT "stock_movements_product_id_fkey" FOREIGN KEY ("product_id") REFERENCES "products"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- A movement is what its kind says, in both columns.
ALTER TABLE "stock_movements" ADD CONSTRAINT "stock_movements_kind_check" CHECK (
  CASE "kind"
    WHEN 'ADJUSTED' THEN "held_delta" = 0 OR "reason" = 'opening balance'
    WHEN 'RESERVED' THEN "stock_delta" < 0 AND "held_delta" = -"stock_delta"
    WHEN 'COMMITTED' THEN "stock_delta" = 0 AND "held_delta" < 0
    WHEN 'RELEASED' THEN "stock_delta" > 0 AND "held_delta" = -"stock_delta"
  END
);

-- The ledger is written, never rewritten.
CREATE FUNCTION "refuse_change_of_ledger"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the stock ledger is append-only';
END $$;
CREATE TRIGGER "stock_movements_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "stock_movements"
  FOR EACH STATEMENT EXECUTE FUNCTION "refuse_change_of_ledger"();

-- What is there today, in stock and held, is where the books begin.
INSERT INTO "stock_movements"
  ("product_id", "kind", "stock_delta", "held_delta", "actor", "reason", "created_at")
SELECT "id", 'ADJUSTED', "stock", coalesce("held", 0), 'migration', 'opening balance', now()
FROM "products"
LEFT JOIN (
  SELECT "product_id", sum("quantity")::int AS "held"
  FROM "reservation_lines" JOIN "reservations" USING ("order_id")
  WHERE "status" = 'HELD' GROUP BY "product_id"
) AS holds ON "product_id" = "id"
ORDER BY "id";
