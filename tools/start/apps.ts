import { type ServiceName, SERVICES } from '../services.ts';

/** The processes of the shop, each `apps/<name>/src/main.ts`. */
export const APPS = [...SERVICES, 'router', 'rest'] as const;

export type AppName = (typeof APPS)[number];

/** When a process is stopped: who asks goes before who is asked, so nothing fails on the way out. */
export const STOP_TURN: Readonly<Record<AppName | 'postgres', number>> = {
  rest: 1,
  router: 2,
  ...(Object.fromEntries(SERVICES.map((service) => [service, 3])) as Record<ServiceName, number>),
  postgres: 4,
};
