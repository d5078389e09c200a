-- Events that were published before are not for the broker again: those still unpublished are. The default
-- gives the column its value in all rows without writing them.
ALTER TABLE "events" ADD COLUMN "broker_published_at" TIMESTAMPTZ(3) DEFAULT now();
ALTER TABLE "events" ALTER COLUMN "broker_published_at" DROP DEFAULT;
UPDATE "events" SET "broker_published_at" = NULL WHERE "published_at" IS NULL;

-- What the broker has not stored yet, in the order of writing.
CREATE INDEX "events_broker_unpublished_idx" ON "events"("position") WHERE "broker_published_at" IS NULL;

-- Its one consumer counted events; it counts them when they are published now.
DROP TABLE "event_inbox";
