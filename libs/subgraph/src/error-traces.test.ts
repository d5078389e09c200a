import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTelemetry, type Telemetry } from '@cartograph/telemetry';
import { makeSubgraphCaller } from '@cartograph/testing';
import { openSubgraph, type TestSubgraph } from '../test/open-subgraph.ts';

const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';

let telemetry: Telemetry;
let subgraph: TestSubgraph;

beforeAll(async () => {
  telemetry = await startTelemetry({ serviceName: 'test', otlpEndpoint: undefined });
  subgraph = await openSubgraph('type Query { me: String @auth }', {
    Query: { me: () => 'never' },
  });
});
afterAll(async () => {
  await subgraph.close();
  await telemetry.stop();
});

it('says the trace of the request in its errors, for routers that pass these on', async () => {
  const send = makeSubgraphCaller(subgraph.app);
  const traceparent = `00-${TRACE_ID}-b7ad6b7169203331-00`;
  for (const query of ['{ me }', '{ unknown }', '{']) {
    const response = await send(query, {}, undefined, { traceparent });
    expect(response.errors).toMatchObject([{ extensions: { trace_id: TRACE_ID } }]);
  }
});
