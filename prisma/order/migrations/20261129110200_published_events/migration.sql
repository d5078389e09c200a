-- The purge of events looks for those that were published long ago: without an index it reads all that
-- were published lately, each hour.
CREATE INDEX "events_published_at_idx" ON "events"("published_at") WHERE "published_at" IS NOT NULL;
