-- What an answer can say: amounts that JSON carries exactly, and years of four digits (RFC 3339). NOT
-- VALID: a row from before does not stop the upgrade; it is left out of answers and logged.
ALTER TABLE "users" ADD CONSTRAINT "users_shown_check" CHECK (
  "created_at" >= '0001-01-01 00:00:00+00' AND "created_at" < '10000-01-01 00:00:00+00'
  AND "updated_at" >= '0001-01-01 00:00:00+00' AND "updated_at" < '10000-01-01 00:00:00+00'
) NOT VALID;
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_shown_check" CHECK (
  "created_at" >= '0001-01-01 00:00:00+00' AND "created_at" < '10000-01-01 00:00:00+00'
  AND "last_used_at" >= '0001-01-01 00:00:00+00' AND "last_used_at" < '10000-01-01 00:00:00+00'
) NOT VALID;

DO $$
BEGIN
  ALTER TABLE "users" VALIDATE CONSTRAINT "users_shown_check";
  ALTER TABLE "sessions" VALIDATE CONSTRAINT "sessions_shown_check";
EXCEPTION WHEN check_violation THEN
  RAISE WARNING 'rows that can not be shown are left: the service logs them when they are read';
END $$;
