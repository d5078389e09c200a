-- CreateTable
CREATE TABLE "events" (
    "id" UUID NOT NULL,
    "position" BIGSERIAL NOT NULL,
    "envelope" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "published_at" TIMESTAMPTZ(3),

    CONSTRAINT "events_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "event_inbox" (
    "event_id" UUID NOT NULL,
    "consumer" TEXT NOT NULL,
    "position" BIGINT NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL,
    "consumed_at" TIMESTAMPTZ(3),
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "last_error" TEXT,
    "retry_at" TIMESTAMPTZ(3),
    "given_up_at" TIMESTAMPTZ(3),

    CONSTRAINT "event_inbox_pkey" PRIMARY KEY ("event_id","consumer")
);

-- CreateIndex
CREATE UNIQUE INDEX "events_position_key" ON "events"("position");

-- AddForeignKey
ALTER TABLE "event_inbox" ADD CONSTRAINT "event_inbox_event_id_fkey" FOREIGN KEY ("event_id") REFERENCES "events"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What no carrier has taken yet, in the order of writing.
CREATE INDEX "events_unpublished_idx" ON "events"("position") WHERE "published_at" IS NULL;

-- What a consumer has still to consume, in order; what it has consumed costs nothing here.
CREATE INDEX "event_inbox_waiting_idx" ON "event_inbox"("consumer", "position")
  WHERE "consumed_at" IS NULL AND "given_up_at" IS NULL;
