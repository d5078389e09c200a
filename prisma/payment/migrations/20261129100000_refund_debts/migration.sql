-- CreateTable
CREATE TABLE "refund_debts" (
    "payment_id" UUID NOT NULL,
    "reason" TEXT NOT NULL,
    "requested_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "refund_debts_pkey" PRIMARY KEY ("payment_id")
);

-- AddForeignKey
ALTER TABLE "refund_debts" ADD CONSTRAINT "refund_debts_payment_id_fkey" FOREIGN KEY ("payment_id") REFERENCES "payments"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What was owed before there was a table for it: should such a refund come back, it is given again.
INSERT INTO "refund_debts" ("payment_id", "reason", "requested_by", "created_at")
SELECT DISTINCT ON ("payment_id") "payment_id", "reason", "requested_by", "created_at"
FROM "refunds" WHERE "key" LIKE 'order:%' OR "key" LIKE 'late:%'
ORDER BY "payment_id", "created_at";
