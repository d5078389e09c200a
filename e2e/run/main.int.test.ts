import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { text as readText } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startHttpServer } from '@cartograph/testing';
import { findServicePort } from '../sandbox/service-port.ts';

const MAIN = path.join(import.meta.dirname, 'main.ts');

let report: string;

beforeEach(() => {
  report = path.join(mkdtempSync(path.join(os.tmpdir(), 'e2e-')), 'report');
});
afterEach(() => rmSync(path.dirname(report), { recursive: true }));

/** Runs `npm run e2e`, from another folder. */
const run = (...words: readonly string[]) => {
  const { promise, resolve } = Promise.withResolvers<{ code: unknown; out: string; err: string }>();
  const all = [MAIN, ...words, '--report', report];
  execFile(process.execPath, all, { cwd: os.tmpdir() }, (error, out, err) => {
    resolve({ code: error ? error.code : 0, out, err });
  });
  return promise;
};

/** Answers as a shop does that can't make anything, and lists what it was asked. */
const startBareShop = async (refusals: { simulator: string; nobody: string }) => {
  const asked: string[] = [];
  const server = await startHttpServer((request, response) => {
    const answer = async () => {
      const content = await readText(request);
      asked.push(`${request.method} ${request.url}`);
      const body = request.url?.startsWith('/v1/products')
        ? { data: [], page: {} }
        : request.url !== '/graphql'
          ? { status: 401, code: 'INVALID_CREDENTIALS' }
          : content.includes('__typename')
            ? { data: { __typename: 'Query' } }
            : {
                data: {
                  simulator: { message: refusals.simulator },
                  nobody: { message: refusals.nobody },
                },
              };
      const status = 'status' in body ? 401 : 200;
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    answer().catch(() => response.destroy());
  });
  return {
    ...server,
    asked,
    words: ['--url', server.origin, '--graphql', `${server.origin}/graphql`],
  };
};

describe('the command line', () => {
  it.each([
    ['an unknown story', ['no-such-story'], /no story is called 'no-such-story'/],
    ['a graph without a shop', ['--graphql', 'http://127.0.0.1:1/graphql'], /needs --url/],
    [
      'only local stories for a remote shop',
      ['tracing', '--url', 'http://127.0.0.1:1'],
      /can be run/,
    ],
    ['an address with a password', ['--url', 'http://a:b@127.0.0.1:1'], /must be an address/],
  ])('is refused with %s', async (_what, words, sentence) => {
    const { code, err } = await run(...words);
    expect({ code, err }).toEqual({ code: 2, err: expect.stringMatching(sentence) });
    expect(err).toMatch(/^Usage: npm run e2e --/m);
    expect(existsSync(report)).toBe(false);
  });
});

describe('a remote shop', () => {
  it('that does not answer is reported in one sentence', async () => {
    const url = `http://127.0.0.1:${await findServicePort()}`;
    const { code, out, err } = await run('--url', url);
    expect({ code, err }).toEqual({
      code: 1,
      err: `${url}/v1/products?limit=1 does not answer (ECONNREFUSED). Is the shop started, and is --url right?\n`,
    });
    expect(out).toContain('Left out, since the shop is not started here:\n');
    expect(out).toContain('  tracing: reads the spans of the shop\n');
  });

  it('that is something else is reported in one sentence', async () => {
    const server = await startHttpServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/html' }).end('<p>Hello</p>');
    });
    const { code, err } = await run('--url', server.origin);
    await server.close();
    expect({ code, err }).toEqual({
      code: 1,
      err: `${server.origin}/v1/products?limit=1 answers 200 instead of a page of products.\n`,
    });
  });

  it('that may take real money is left as it is', async () => {
    const shop = await startBareShop({ simulator: 'unknown', nobody: 'unknown' });
    const { code, err } = await run(...shop.words);
    await shop.close();
    expect({ code, err }).toEqual({
      code: 1,
      err: expect.stringMatching(/^The shop .* no simul.*\n$/),
    });
    expect(shop.asked).toEqual(['GET /v1/products?limit=1', 'POST /graphql', 'POST /graphql']);
    expect(existsSync(report)).toBe(false);
  });

  it('needs an administrator', async () => {
    const shop = await startBareShop({ simulator: 'a wrong signature', nobody: 'unknown' });
    const { code, err } = await run(...shop.words, '--admin-email', 'nobody@example.com');
    await shop.close();
    expect(code).toBe(1);
    expect(err).toMatch(/^nobody@example\.com can't sign in: .*401 INVALID_CREDENTIALS.*\n$/);
    expect(shop.asked.at(-1)).toBe('POST /v1/auth/login');
  });

  it('that was interrupted at the first purchase has no product of it afterwards', async () => {
    const asked: string[] = [];
    const product = { id: 'p-1', stock: 1, version: 1 };
    let command: ChildProcess | null = null;
    const answers: Readonly<Record<string, () => readonly [number, object]>> = {
      'GET /v1/products?limit=1': () => [200, { data: [], page: {} }],
      'POST /v1/auth/login': () => [200, { user: { id: 'a-1' }, access_token: 'x' }],
      'POST /v1/products': () => {
        command?.kill('SIGINT');
        return [201, product];
      },
      'GET /v1/products/p-1': () => [200, product],
      'POST /v1/products/p-1/stock': () => [200, { ...product, stock: 0 }],
      'POST /v1/products/p-1/archive': () => [200, product],
    };
    const graph = { __typename: 'Query', simulator: { message: 'a' }, nobody: { message: 'b' } };
    const server = await startHttpServer((request, response) => {
      const line = `${request.method} ${request.url}`;
      asked.push(line);
      const [status, body] = answers[line]?.() ?? [200, { data: graph }];
      const send = () =>
        response
          .writeHead(status, { 'content-type': 'application/json' })
          .end(JSON.stringify(body));
      // A signal takes a moment to arrive.
      setTimeout(send, line === 'POST /v1/products' ? 500 : 0);
    });
    const words = ['scenarios', '--url', server.origin, '--graphql', `${server.origin}/graphql`];
    command = spawn(process.execPath, [MAIN, ...words, '--report', report], { cwd: os.tmpdir() });
    const [code, err] = await Promise.all([
      new Promise((resolve) => command?.once('close', resolve)),
      readText(command.stderr ?? Readable.from([])),
    ]);
    await server.close();
    expect(asked.slice(-3)).toEqual([
      'GET /v1/products/p-1',
      'POST /v1/products/p-1/stock',
      'POST /v1/products/p-1/archive',
    ]);
    expect({ code, err }).toEqual({ code: 3, err: 'Interrupted: no story was run.\n' });
  });
});
