-- A later step of a refund links to the trace of the request that made it.
-- AlterTable
ALTER TABLE "refunds" ADD COLUMN "due_trace" TEXT;

-- AlterTable
ALTER TABLE "refund_debts" ADD COLUMN "due_trace" TEXT;
