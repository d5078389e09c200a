-- One spelling for each character: Unicode's NFC, in which a search is made too. The service composes
-- what it writes; this holds for all that is written in any other way.
CREATE FUNCTION "compose_product_text"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.name := normalize(NEW.name, NFC);
  NEW.description := normalize(NEW.description, NFC);
  RETURN NEW;
END $$;

-- Stock, which moves with every order, is not among these columns.
CREATE TRIGGER "compose_product_text" BEFORE INSERT OR UPDATE OF "name", "description" ON "products"
  FOR EACH ROW EXECUTE FUNCTION "compose_product_text"();

-- The trigger composes both.
UPDATE "products" SET "name" = "name"
WHERE "name" IS NOT NFC NORMALIZED OR "description" IS NOT NFC NORMALIZED;
