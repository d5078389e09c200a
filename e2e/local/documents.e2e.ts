// Not for a remote shop: runs the shell and SQL blocks of the documents on the shop's machine.
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseEnv } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Client } from 'pg';
import { readDocuments, type Document } from '../testkit/documents.ts';
import { graph } from '../testkit/graph.ts';
import { admin } from '../testkit/accounts.ts';
import { rest } from '../testkit/rest.ts';
import { APPS } from '../../tools/services.ts';

/**
 * What a reader can paste is run, as it is printed, in a shop that has been used: shell blocks, SQL
 * and GraphQL. A block that no longer works fails.
 */
const root = path.resolve(import.meta.dirname, '..', '..');
const documents = readDocuments();
const stateDir = () => process.env['E2E_STATE_DIR'] ?? '';

/**
 * Commands that take minutes, or that start what these tests use: their program is asked, once, which
 * commands it has, so that one which is gone fails. `tools/check/command-lines.int.test.ts` tries the
 * options.
 */
const PRELUDE = `
set -euo pipefail
help() {
  local known=".help $1"
  test -e "$known" || command npm run --silent "$1" -- --help >"$known"
  test -z "$2" || ! grep -q '^Commands:' "$known" || grep -q "^  $2 " "$known" || {
    echo "npm run $1 has no command $2"
    return 1
  }
}
npm() {
  case "$*" in
    start* | test* | ci* | "run generate" | install*) ;;
    "run e2e"*) help e2e "" ;;
    "run prove"* | "run bench"* | "run backup"* | "run check"* | "run new:subgraph"* | "run migrate -- new"* | "run catalogue:generate"*)
      help "$2" "\${4-}" ;;
    *) command npm "$@" ;;
  esac
}
npx() { test "$1" = nx; }
`;

/** Commands that can't be run here at all, with the reason. */
const NOT_RUN: Readonly<Record<string, string>> = {
  'docs/debugging.md': 'attaches a debugger to a process of the shop',
  'docs/operations/containers.md': 'needs Docker',
  'docs/operations/drills.md': 'has the shop of the other stories fail',
  'docs/operations/kubernetes.md': 'needs Docker and a cluster',
  'docs/operations/rotate-secrets.md': 'makes roles in the database, which needs a superuser',
  'docs/operations/traces.md': 'starts a collector, which runs until it is stopped',
  'docs/operations/upgrade.md': 'leaves out the address of a database',
};

/** A folder that looks like the repository, where blocks may write files. */
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'documents-'));
  for (const name of await readdir(root)) {
    if (name.startsWith('.')) continue;
    await symlink(path.join(root, name), path.join(folder, name));
  }
  // The newest product of the category that README.md orders from is out of stock.
  const { token } = await admin();
  const sku = `SOLD-OUT-${Date.now()}`;
  const body = {
    sku,
    name: 'Sold out',
    description: '',
    price_cents: 100,
    currency: 'EUR',
    category: 'games',
    stock: 0,
  };
  expect(await rest('POST', '/v1/products', { token, body })).toMatchObject({ status: 201 });
});

afterAll(() => rm(folder, { recursive: true }));

const runShell = (script: string) => {
  const { promise, resolve } = Promise.withResolvers<{ code: unknown; output: string }>();
  const env = {
    ...process.env,
    CARTOGRAPH_STATE_DIR: stateDir(),
    // A key may sign, or go, a moment after the step before.
    JWKS_REFRESH_MS: '1',
    ACCESS_TOKEN_LIFETIME_MS: '1',
  };
  execFile('bash', ['-c', PRELUDE + script], { cwd: folder, env }, (error, out, err) => {
    resolve({ code: error ? error.code : 0, output: out + err });
  });
  return promise;
};

/** The private port of the router. */
const routerMetricsPort = (): string =>
  (process.env['E2E_METRICS_PORTS'] ?? '').split(',')[APPS.indexOf('router')] ?? '';

const shellOf = ({ blocks }: Document): string =>
  blocks
    .filter(({ language }) => language === 'sh')
    .map(({ text }) => text)
    .join('\n')
    .replaceAll('http://localhost:9400', `http://127.0.0.1:${routerMetricsPort()}`)
    .replaceAll('http://localhost:8080', process.env['E2E_REST_URL'] ?? '')
    .replaceAll('http://localhost:4000', new URL(process.env['E2E_GRAPH_URL'] ?? '').origin);

const withBlocks = (language: string): readonly Document[] =>
  documents.filter(
    ({ name, blocks }) => !NOT_RUN[name] && blocks.some((block) => block.language === language),
  );

describe('the shell blocks', () => {
  it.each(withBlocks('sh'))('of $name run from top to bottom', async (document) => {
    const { code, output } = await runShell(shellOf(document));
    expect({ code, output }).toEqual({ code: 0, output });
    if (document.name !== 'README.md') return;
    // Both purchases: paid, and declined.
    expect(output).toContain('"status":"CONFIRMED"');
    expect(output).toContain('"code":"PAYMENT_DECLINED"');
  });
});

describe('the GraphQL blocks', () => {
  it.each(withBlocks('graphql'))('of $name answer without errors', async ({ blocks }) => {
    const { body } = await rest('POST', '/v1/auth/login', {
      body: { email: 'shopper@example.com', password: 'cartograph-shopper' },
    });
    const { access_token: token } = body as { access_token: string };
    for (const { language, text } of blocks) {
      if (language !== 'graphql') continue;
      expect(await graph(text, {}, { token })).toMatchObject({ status: 200, errors: [] });
    }
  });
});

describe('the SQL blocks', () => {
  /** Statements and the service in whose database they run: a comment line above says which. */
  const split = (sql: string): readonly { service: string; statements: string }[] =>
    sql
      .split(/^-- (?=(?:user|product|order|payment) database)/m)
      .filter((part) => part.trim() !== '')
      .map((part) => {
        const [, service = '', statements = ''] = /^(\w+) database.*\n([\s\S]*)$/.exec(part) ?? [];
        return { service, statements };
      });

  it.each(withBlocks('sql'))('of $name run, and are rolled back', async ({ blocks }) => {
    const env = parseEnv(readFileSync(path.join(stateDir(), 'shop.env'), 'utf8'));
    for (const { language, text } of blocks) {
      if (language !== 'sql') continue;
      for (const { service, statements } of split(text)) {
        const client = new Client({
          connectionString: env[`${service.toUpperCase()}_DATABASE_URL`] ?? 'postgres://none',
        });
        await client.connect();
        await client.query(`BEGIN; ${statements}; ROLLBACK`).finally(() => client.end());
      }
    }
  });
});

describe('every document', () => {
  it.each(documents)('$name names scripts, files and pages that exist', ({ name, text }) => {
    const { scripts } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    const named = [...text.matchAll(/npm run (?:--silent |-s )?([a-z][\w:-]*)/g)].map(
      ([, script]) => script,
    );
    expect(named.filter((script = '') => !(script in scripts))).toEqual([]);

    const pages = [...text.matchAll(/\]\(([^)#:\s]+)(?:#[^)]*)?\)/g)].map(([, page = '']) => page);
    const missing = pages.filter(
      (page) => !existsSync(path.resolve(root, path.dirname(name), page)),
    );
    expect(missing).toEqual([]);

    const files = [
      ...text.matchAll(/`((?:apps|libs|tools|e2e|prisma|docs)\/[\w./-]+\.\w+)(?::\d+)?`/g),
    ];
    expect(
      files.map(([, file = '']) => file).filter((file) => !existsSync(path.join(root, file))),
    ).toEqual([]);
  });

  it('has valid JSON where it shows JSON', () => {
    for (const { blocks } of documents) {
      for (const { language, text } of blocks) {
        if (language === 'json') expect(() => JSON.parse(text) as unknown).not.toThrow();
      }
    }
  });
});
