-- A later step of the work links to the trace of the request that made it.
-- AlterTable
ALTER TABLE "payments" ADD COLUMN "due_trace" TEXT;

-- AlterTable
ALTER TABLE "provider_events" ADD COLUMN "due_trace" TEXT;
