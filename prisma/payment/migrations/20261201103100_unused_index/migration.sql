-- No statement finds payments by their customer: they are found by order. Each payment wrote this index
-- when it was inserted and again when it was settled.
-- DropIndex
DROP INDEX "payments_user_id_id_idx";
