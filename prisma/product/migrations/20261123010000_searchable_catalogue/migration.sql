-- All of them are trusted: the owner of a database may install them.
CREATE EXTENSION IF NOT EXISTS "unaccent";
CREATE EXTENSION IF NOT EXISTS "fuzzystrmatch";
CREATE EXTENSION IF NOT EXISTS "pg_trgm";
CREATE EXTENSION IF NOT EXISTS "btree_gin";

-- English stems without stop words: a band may be called "The Who", a wallet "It".
CREATE TEXT SEARCH DICTIONARY "catalogue_stem" (TEMPLATE = snowball, Language = english);
CREATE TEXT SEARCH CONFIGURATION "catalogue" (COPY = english);
ALTER TEXT SEARCH CONFIGURATION "catalogue"
  ALTER MAPPING FOR asciiword, hword_asciipart, word, hword_part WITH unaccent, "catalogue_stem";
-- The parts of a hyphenated word are enough: who has typed "t-shi" has not typed a word yet.
ALTER TEXT SEARCH CONFIGURATION "catalogue" DROP MAPPING FOR asciihword, hword, numhword;

-- The order of arrival: products that are there came in the order of their ids.
ALTER TABLE "products" ADD COLUMN "position" BIGINT;
UPDATE "products" SET "position" = ordered."position"
FROM (SELECT "id", row_number() OVER (ORDER BY "id") AS "position" FROM "products") AS ordered
WHERE "products"."id" = ordered."id";
CREATE SEQUENCE "products_position_seq" OWNED BY "products"."position";
SELECT setval('products_position_seq', greatest(max("position"), 1), max("position") IS NOT NULL)
FROM "products";
ALTER TABLE "products"
  ALTER COLUMN "position" SET DEFAULT nextval('products_position_seq'),
  ALTER COLUMN "position" SET NOT NULL,
  ADD COLUMN "archived_at" TIMESTAMPTZ(3);

-- A search reads the newest block first and stops when it has a page (docs/decisions/0007).
ALTER TABLE "products"
  ADD COLUMN "search_block" INTEGER
    GENERATED ALWAYS AS (("position" / 10000)::int) STORED,
  ADD COLUMN "name_words" TSVECTOR
    GENERATED ALWAYS AS (to_tsvector('catalogue', "name")) STORED,
  ADD COLUMN "all_words" TSVECTOR
    GENERATED ALWAYS AS (
      to_tsvector('catalogue', "name" || ' ' || "sku" || ' ' || "category" || ' ' || "description")
    ) STORED;
CREATE INDEX "products_words_idx" ON "products"
  USING GIN ("search_block", "name_words", "all_words");

DROP INDEX "products_category_id_idx";
CREATE UNIQUE INDEX "products_position_key" ON "products"("position");
CREATE INDEX "products_category_position_idx" ON "products"("category", "position");
CREATE INDEX "products_category_price_cents_id_idx" ON "products"("category", "price_cents", "id");
CREATE INDEX "products_price_cents_id_idx" ON "products"("price_cents", "id");
CREATE INDEX "products_currency_price_cents_id_idx" ON "products"("currency", "price_cents", "id");
-- People's order: a before B, é beside e. The database's own order may be that of bytes.
CREATE INDEX "products_name_id_idx" ON "products"("name" COLLATE "und-x-icu", "id");

-- Every word that a product has had, for completions and corrections. What has a digit in it is an
-- article number or a measure: neither completed nor corrected, and as many as there are products.
CREATE TABLE "search_words" (
    "word" TEXT COLLATE "C" NOT NULL,

    CONSTRAINT "search_words_pkey" PRIMARY KEY ("word")
);
CREATE INDEX "search_words_word_idx" ON "search_words" USING GIN ("word" gin_trgm_ops);

-- How many products that are not archived stand on a shelf.
CREATE TABLE "categories" (
    "name" TEXT NOT NULL,
    "product_count" INTEGER NOT NULL,

    CONSTRAINT "categories_pkey" PRIMARY KEY ("name")
);
ALTER TABLE "categories" ADD CONSTRAINT "categories_product_count_check"
  CHECK ("product_count" >= 0);

-- What follows from the products is kept by the database, whoever changes them. Rows are taken in
-- order, so that no two changes wait for each other.
CREATE FUNCTION "follow_added_products"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO categories AS c (name, product_count)
    SELECT category, count(*) FROM added WHERE archived_at IS NULL GROUP BY category ORDER BY category
    ON CONFLICT (name) DO UPDATE SET product_count = c.product_count + excluded.product_count;
  INSERT INTO search_words (word)
    SELECT DISTINCT word FROM added, unnest(tsvector_to_array(all_words)) AS words(word)
    WHERE word !~ '[0-9]' AND NOT EXISTS (SELECT 1 FROM search_words known WHERE known.word = words.word COLLATE "C")
    ORDER BY word
    ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;

CREATE FUNCTION "follow_changed_product"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  change record;
BEGIN
  FOR change IN
    SELECT name, sum(step) AS step FROM (VALUES
      (OLD.category, CASE WHEN OLD.archived_at IS NULL THEN -1 ELSE 0 END),
      (NEW.category, CASE WHEN NEW.archived_at IS NULL THEN 1 ELSE 0 END)) AS steps(name, step)
    GROUP BY name HAVING sum(step) <> 0 ORDER BY name
  LOOP
    INSERT INTO categories (name, product_count) VALUES (change.name, 0) ON CONFLICT DO NOTHING;
    UPDATE categories SET product_count = product_count + change.step WHERE name = change.name;
  END LOOP;
  INSERT INTO search_words (word)
    SELECT word FROM unnest(tsvector_to_array(NEW.all_words)) AS words(word)
    WHERE word !~ '[0-9]' AND NOT EXISTS (SELECT 1 FROM search_words known WHERE known.word = words.word COLLATE "C")
    ORDER BY word
    ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;

CREATE TRIGGER "follow_added_products" AFTER INSERT ON "products"
  REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION "follow_added_products"();
-- Stock, which moves with every order, is not among these columns.
CREATE TRIGGER "follow_changed_product"
  AFTER UPDATE OF "name", "sku", "category", "description", "archived_at" ON "products"
  FOR EACH ROW EXECUTE FUNCTION "follow_changed_product"();

INSERT INTO "categories" ("name", "product_count")
  SELECT "category", count(*) FROM "products" GROUP BY "category";
INSERT INTO "search_words" ("word")
  SELECT DISTINCT word FROM "products", unnest(tsvector_to_array("all_words")) AS word
  WHERE word !~ '[0-9]';
