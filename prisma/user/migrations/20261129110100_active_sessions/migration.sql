-- The sessions that an account has, counted at each sign-in and listed by pages: those that were
-- revoked lately may be many more.
CREATE INDEX "sessions_active_idx" ON "sessions"("user_id", "id") WHERE "revoked_at" IS NULL;
