import { ensureGenerated } from './prisma.ts';

/** `npm run generate:prisma`: the Prisma clients, where they are stale. */
await ensureGenerated();
