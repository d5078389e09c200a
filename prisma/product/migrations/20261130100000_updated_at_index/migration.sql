-- For `updatedSince`: few products have changed in the last minutes, and no other index finds them.
-- BRIN: an update of stock, which sets updated_at too, stays a heap-only update (HOT).
CREATE INDEX "products_updated_at_idx" ON "products" USING BRIN ("updated_at")
  WITH (pages_per_range = 16, autosummarize = on);
