-- After this time no charge is requested: the order has ended by then.
-- AlterTable
ALTER TABLE "payments" ADD COLUMN "charge_until" TIMESTAMPTZ(3);
