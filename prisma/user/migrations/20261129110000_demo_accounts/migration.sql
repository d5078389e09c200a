-- Only `npm start` writes it, so what the public may write does not decide whether production starts.
ALTER TABLE "users" ADD COLUMN "is_demo" BOOLEAN NOT NULL DEFAULT false;

-- Demo accounts from before. The role tells them from a stranger's account with this address, for
-- no public operation gives it; where there is one, the other account was made with it.
UPDATE "users" SET "is_demo" = true
WHERE "email" IN ('admin@example.com', 'shopper@example.com')
  AND EXISTS (SELECT 1 FROM "users" WHERE "email" = 'admin@example.com' AND "role" = 'ADMIN');
