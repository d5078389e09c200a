-- @works-without
-- The sessions of a deleted account are deleted with it, so that the revocation feed can not name them,
-- and its access tokens would stay valid to their end. An account is therefore deleted when they have
-- ended: a day after its sessions were revoked, as the purge does, or when they have expired. No token
-- outlives its session but for the difference of clocks. docs/operations/retention.md has the steps.
CREATE FUNCTION "refuse_deletion_with_tokens"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
    SELECT FROM "sessions" WHERE "user_id" = OLD."id"
      AND "expires_at" > clock_timestamp() - interval '1 minute'
      AND ("revoked_at" IS NULL OR "revoked_at" > clock_timestamp() - interval '1 day')
  ) THEN
    RAISE EXCEPTION 'the account % can not be deleted yet: its access tokens may be valid', OLD."id"
      USING HINT = 'Revoke its sessions, and delete it a day later: docs/operations/retention.md.';
  END IF;
  RETURN OLD;
END $$;
CREATE TRIGGER "users_delete_after_tokens" BEFORE DELETE ON "users"
  FOR EACH ROW EXECUTE FUNCTION "refuse_deletion_with_tokens"();
