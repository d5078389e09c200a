-- AlterTable
ALTER TABLE "reservations" ADD COLUMN     "refused_at" TIMESTAMPTZ(3);
