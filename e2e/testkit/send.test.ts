import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startHttpServer } from '@cartograph/testing';
import { inTest, type Line } from './record.ts';
import { send } from './send.ts';
import { step } from './step.ts';

let folder: string;
let server: Awaited<ReturnType<typeof startHttpServer>>;
/** What the server answers, in turn; the last one for ever. */
let answers: { status: number; headers?: Record<string, string>; body?: string }[];
let traceparents: (string | undefined)[];

beforeEach(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'record-'));
  process.env['E2E_RECORD'] = path.join(folder, 'record.jsonl');
  traceparents = [];
  server = await startHttpServer((request, response) => {
    traceparents.push(request.headers['traceparent'] as string | undefined);
    const answer = (answers.length > 1 ? answers.shift() : answers[0]) ?? { status: 200 };
    response.writeHead(answer.status, answer.headers).end(answer.body ?? '{}');
  });
});
afterEach(async () => {
  delete process.env['E2E_RECORD'];
  delete process.env['E2E_REMOTE'];
  rmSync(folder, { recursive: true });
  await server.close();
});

const get = (headers: Record<string, string> = {}) =>
  send({ method: 'GET', url: `${server.origin}/v1/me?secret=1`, headers });

const readLines = (): Line[] =>
  readFileSync(path.join(folder, 'record.jsonl'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);

const BUSY = { status: 503, headers: { 'retry-after': '0' } };

describe('a request of a story', () => {
  it('is noted with its trace, its test and its step, without the query', async () => {
    answers = [{ status: 200 }];
    const test = { file: 'me.e2e.ts', test: 'me is shown' };
    await inTest(test, () => step('Look at me', () => get()));
    const [request, ended] = readLines();
    const [, traceId] = /^00-([0-9a-f]{32})-[0-9a-f]{16}-01$/.exec(traceparents[0] ?? '') ?? [];
    expect(request).toMatchObject({
      kind: 'request',
      ...test,
      step: 'Look at me',
      path: '/v1/me',
      status: 200,
      traceId,
    });
    expect(ended).toMatchObject({ kind: 'step', name: 'Look at me', failed: false });
    expect(readLines()).toHaveLength(2);
  });

  it("keeps the test's own trace, and has the trace that an error names", async () => {
    const mine = 'a'.repeat(32);
    const other = 'b'.repeat(32);
    answers = [{ status: 200 }, { status: 500, body: `{"trace_id":"${other}"}` }];
    await get({ traceparent: `00-${mine}-00f067aa0ba902b7-01` });
    await get();
    expect(readLines()).toMatchObject([{ traceId: mine }, { traceId: other, status: 500 }]);
    expect(traceparents[0]).toContain(mine);
  });

  it('that gets no response is noted, and throws', async () => {
    await server.close();
    await expect(get()).rejects.toThrow('fetch failed');
    expect(readLines()).toMatchObject([{ status: 0 }]);
    server = await startHttpServer(() => {});
  });

  it('marks the step that failed', async () => {
    const failing = step('Fail', () => Promise.reject(new Error('no')));
    await expect(failing).rejects.toThrow('no');
    expect(readLines()).toMatchObject([{ kind: 'step', name: 'Fail', failed: true }]);
  });
});

describe('a shop with too much to do', () => {
  it('is asked again by a client from elsewhere, when it says so', async () => {
    process.env['E2E_REMOTE'] = '1';
    answers = [BUSY, BUSY, { status: 201 }];
    expect((await get()).status).toBe(201);
    expect(traceparents).toHaveLength(3);
  });

  it('is asked once by the tests of its own machine', async () => {
    answers = [BUSY, { status: 201 }];
    expect((await get()).status).toBe(503);
  });

  it.each([
    ['that names no time', { status: 503 }],
    ['that names a later time', { status: 429, headers: { 'retry-after': '3600' } }],
    ['that has another reason', { status: 409, headers: { 'retry-after': '0' } }],
  ])('is not waited for with a refusal %s', async (_what, refusal) => {
    process.env['E2E_REMOTE'] = '1';
    answers = [refusal, { status: 201 }];
    expect((await get()).status).toBe(refusal.status);
    expect(traceparents).toHaveLength(1);
  });

  it('is not asked for ever', async () => {
    process.env['E2E_REMOTE'] = '1';
    answers = [BUSY];
    expect((await get()).status).toBe(503);
    expect(traceparents).toHaveLength(20);
  });
});
