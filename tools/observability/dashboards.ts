import { APPS, type AppName } from '../services.ts';
import type { Dashboard, Panel, Row } from './dashboard.ts';
import { orderPanels, paymentPanels, signInPanels, stockPanels } from './panels/business-panels.ts';
import { callPanels, circuitPanels } from './panels/call-panels.ts';
import { databasePanels } from './panels/database-panels.ts';
import { edgePanels, graphPanels, streamPanels } from './panels/edge-panels.ts';
import { objectivePanels } from './panels/objective-panels.ts';
import { processPanels } from './panels/process-panels.ts';
import { allRequestPanels, requestPanels } from './panels/request-panels.ts';
import { duePanels, eventPanels, jobPanels } from './panels/work-panels.ts';

/** What a process has, and so its dashboard. */
type Part =
  'calls' | 'circuits' | 'database' | 'due' | 'edge' | 'events' | 'graph' | 'jobs' | 'streams';

const PARTS: Readonly<Partial<Record<AppName, readonly Part[]>>> = {
  user: ['database'],
  product: ['database', 'events', 'jobs'],
  order: ['calls', 'circuits', 'database', 'due', 'events', 'jobs'],
  payment: ['calls', 'circuits', 'database', 'due', 'events', 'jobs'],
  router: ['graph', 'edge', 'calls'],
  rest: ['edge', 'streams', 'calls'],
};

/** What a new service has. */
const NEW_PARTS: readonly Part[] = ['database'];

const BUSINESS: Readonly<Partial<Record<AppName, readonly Panel[]>>> = {
  user: signInPanels(),
  product: stockPanels(),
  order: orderPanels(),
  payment: paymentPanels(),
};

const ROWS: Readonly<Record<Part, (app: AppName) => Row>> = {
  graph: () => ({ title: 'Graph', panels: graphPanels() }),
  edge: (app) => ({ title: 'Admission and cache', panels: edgePanels(app) }),
  streams: () => ({ title: 'Event streams', panels: streamPanels() }),
  calls: (app) => ({ title: 'Calls of other services', panels: callPanels(app) }),
  circuits: (app) => ({ title: 'Circuit breakers', panels: circuitPanels(app) }),
  database: (app) => ({ title: 'Database and sessions', panels: databasePanels(app) }),
  due: (app) => ({ title: 'Due rows', panels: duePanels(app) }),
  events: (app) => ({ title: 'Events', panels: eventPanels(app) }),
  jobs: (app) => ({ title: 'Jobs', panels: jobPanels(app) }),
};

/** The rows of every service are in one order, so that one who knows one knows all. */
const ORDER: readonly Part[] = [
  'graph',
  'edge',
  'streams',
  'calls',
  'circuits',
  'database',
  'due',
  'events',
  'jobs',
];

const makeServiceDashboard = (app: AppName): Dashboard => {
  const { [app]: parts = NEW_PARTS } = PARTS;
  const { [app]: business } = BUSINESS;
  return {
    uid: app,
    title: `Cartograph: ${app}`,
    description: `The processes of ${app}: requests, what they depend on, and what they use.`,
    rows: [
      { title: 'Requests', panels: requestPanels(app) },
      ...(business ? [{ title: 'Shop', panels: business }] : []),
      ...ORDER.filter((part) => parts.includes(part)).map((part) => ROWS[part](app)),
      { title: 'Process', panels: processPanels(app) },
    ],
  };
};

const shopDashboard: Dashboard = {
  uid: 'shop',
  title: 'Cartograph: shop',
  description: 'Whether customers can buy, and where to look if not.',
  rows: [
    { title: 'Objectives', panels: objectivePanels() },
    { title: 'Services', panels: allRequestPanels() },
    { title: 'Orders and payments', panels: [...orderPanels(), ...paymentPanels()] },
    { title: 'Stock', panels: stockPanels() },
  ],
};

/** All dashboards: one of the shop, and one of each process. */
export const DASHBOARDS: readonly Dashboard[] = [shopDashboard, ...APPS.map(makeServiceDashboard)];
