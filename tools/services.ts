/**
 * The services that own a database each: `apps/<name>/`, `prisma/<name>/`, `<NAME>_DATABASE_URL`.
 * They are migrated in this order.
 */
export const SERVICES = ['user', 'product', 'order', 'payment'] as const;

export type ServiceName = (typeof SERVICES)[number];
