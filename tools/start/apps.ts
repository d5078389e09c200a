import { SERVICES } from '../services.ts';

/** The processes of the shop, each `apps/<name>/src/main.ts`. */
export const APPS = [...SERVICES, 'router', 'rest'] as const;

export type AppName = (typeof APPS)[number];

/** When a process is stopped: who asks goes before who is asked, so nothing fails on the way out. */
export const STOP_TURN: Readonly<Record<AppName | 'postgres', number>> = {
  rest: 1,
  router: 2,
  user: 3,
  product: 3,
  order: 3,
  payment: 3,
  postgres: 4,
};
