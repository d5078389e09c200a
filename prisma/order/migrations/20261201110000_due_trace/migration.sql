-- A later step of the work links to the trace of the request that made it.
-- AlterTable
ALTER TABLE "orders" ADD COLUMN "due_trace" TEXT;
