/** Those who want one row wait in line for it: longer than Prisma's defaults of 2 s and 5 s. */
export const PATIENCE = { maxWait: 10_000, timeout: 15_000 };
