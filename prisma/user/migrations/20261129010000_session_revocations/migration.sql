-- Readers of the revocation feed ask for what was revoked lately. Postgres uses the index for any
-- range of "revoked_at", for no range holds NULL.
CREATE INDEX "sessions_revoked_at_idx" ON "sessions"("revoked_at") WHERE "revoked_at" IS NOT NULL;

-- The feed reads by time, so a revocation must not become visible long after the time that it
-- carries. The time is therefore written when the transaction commits, whatever its writer set.
CREATE FUNCTION "stamp_revocation"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE "sessions" SET "revoked_at" = clock_timestamp() WHERE "id" = NEW."id";
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER "sessions_stamp_revocation" AFTER UPDATE OF "revoked_at" ON "sessions"
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (OLD."revoked_at" IS NULL AND NEW."revoked_at" IS NOT NULL)
  EXECUTE FUNCTION "stamp_revocation"();

-- Access tokens name the role of the account. Tokens of a former role end with their sessions,
-- whoever changes the role, in the transaction that changes it.
CREATE FUNCTION "revoke_sessions_of_former_role"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE "sessions" SET "revoked_at" = clock_timestamp()
  WHERE "user_id" = NEW."id" AND "revoked_at" IS NULL;
  RETURN NULL;
END $$;
CREATE TRIGGER "users_role_change" AFTER UPDATE OF "role" ON "users"
  FOR EACH ROW WHEN (OLD."role" IS DISTINCT FROM NEW."role")
  EXECUTE FUNCTION "revoke_sessions_of_former_role"();
