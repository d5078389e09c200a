import type { FastifyInstance } from 'fastify';
import { DRILL_PARTS, MAX_SLOW_MS, type Drill, type DrillPart, type Fault } from './make-drill.ts';

const BODY = {
  type: 'object',
  additionalProperties: false,
  required: ['part'],
  properties: {
    part: { enum: DRILL_PARTS },
    slowMs: { type: 'integer', minimum: 0, maximum: MAX_SLOW_MS },
    fails: { type: 'boolean' },
  },
};

/** Adds what `npm run flag` calls: `GET /drill` returns the faults, `PUT /drill` sets one. */
export const addDrillRoutes = (app: FastifyInstance, drill: Drill): void => {
  const read = (): Readonly<Record<DrillPart, Fault>> => ({
    requests: drill.requests.current(),
    provider: drill.provider.current(),
  });
  app.get('/drill', read);
  app.put<{ Body: Partial<Fault> & { readonly part: DrillPart } }>(
    '/drill',
    { schema: { body: BODY } },
    ({ body: { part, ...change } }) => {
      drill[part].set(change);
      return read();
    },
  );
};
