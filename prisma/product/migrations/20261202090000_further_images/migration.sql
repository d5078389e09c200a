-- The images of a product after the first one, which stays in image_url: the release before reads and
-- writes that column alone.
-- AlterTable
ALTER TABLE "products" ADD COLUMN "further_image_urls" TEXT[] NOT NULL DEFAULT ARRAY[]::TEXT[];
