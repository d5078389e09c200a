-- The sweep of expired holds reads holds only: an index of them stays small, however many reservations
-- were sold or released, and those that end leave it.
DROP INDEX "reservations_status_expires_at_idx";
CREATE INDEX "reservations_held_idx" ON "reservations"("expires_at") WHERE "status" = 'HELD';
