-- Nobody read it, and it has names and addresses of people in it.
ALTER TABLE "provider_events" DROP COLUMN "payload";

-- CreateIndex
CREATE INDEX "provider_events_processed_at_idx" ON "provider_events"("processed_at");
