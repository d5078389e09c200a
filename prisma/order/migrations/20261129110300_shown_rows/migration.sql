-- What an answer can say: amounts that JSON carries exactly, and years of four digits (RFC 3339). NOT
-- VALID: a row from before does not stop the upgrade; it is left out of answers and logged.
ALTER TABLE "orders" ADD CONSTRAINT "orders_shown_check" CHECK (
  "total_cents" <= 9007199254740991
  AND "created_at" >= '0001-01-01 00:00:00+00' AND "created_at" < '10000-01-01 00:00:00+00'
  AND "updated_at" >= '0001-01-01 00:00:00+00' AND "updated_at" < '10000-01-01 00:00:00+00'
  AND "reserved_until" >= '0001-01-01 00:00:00+00' AND "reserved_until" < '10000-01-01 00:00:00+00'
  AND "cancelled_at" >= '0001-01-01 00:00:00+00' AND "cancelled_at" < '10000-01-01 00:00:00+00'
) NOT VALID;
ALTER TABLE "order_items" ADD CONSTRAINT "order_items_shown_check" CHECK (
  "price_cents" <= 9007199254740991
) NOT VALID;
ALTER TABLE "order_history" ADD CONSTRAINT "order_history_shown_check" CHECK (
  "at" >= '0001-01-01 00:00:00+00' AND "at" < '10000-01-01 00:00:00+00'
) NOT VALID;

DO $$
BEGIN
  ALTER TABLE "orders" VALIDATE CONSTRAINT "orders_shown_check";
  ALTER TABLE "order_items" VALIDATE CONSTRAINT "order_items_shown_check";
  ALTER TABLE "order_history" VALIDATE CONSTRAINT "order_history_shown_check";
EXCEPTION WHEN check_violation THEN
  RAISE WARNING 'rows that can not be shown are left: the service logs them when they are read';
END $$;
