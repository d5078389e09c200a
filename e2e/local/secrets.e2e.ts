// Not for a remote shop: reads the shop's logs, spans and databases.
import { randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { parseEnv } from 'node:util';
import { describe, expect, it } from 'vitest';
import { Client } from 'pg';
import { eventuallyInShop as eventually } from '@cartograph/testing';
import { graph } from '../testkit/graph.ts';
import { rest } from '../testkit/rest.ts';
import { SERVICES } from '../../tools/services.ts';

const stateDir = (): string => process.env['E2E_STATE_DIR'] ?? '';

/** Everything that the shop's processes have logged so far. */
const readLogs = async (): Promise<string> => {
  const folder = path.join(stateDir(), 'logs');
  const files = await readdir(folder);
  const texts = await Promise.all(files.map((file) => readFile(path.join(folder, file), 'utf8')));
  return texts.join('\n');
};

const readSpans = async (): Promise<string> =>
  (await fetch(process.env['E2E_OTLP_URL'] ?? '')).text();

/** Every row of every table of every service, as JSON. */
const dumpDatabases = async (): Promise<string> => {
  const secrets = parseEnv(await readFile(path.join(stateDir(), 'dev.env'), 'utf8'));
  const rows: unknown[] = [];
  for (const service of SERVICES) {
    const client = new Client({
      host: '127.0.0.1',
      port: Number(process.env['E2E_POSTGRES_PORT']),
      user: 'postgres',
      password: secrets['POSTGRES_SUPERUSER_PASSWORD'] ?? '',
      database: `cartograph_${service}`,
    });
    await client.connect();
    const tables = await client.query<{ name: string }>(
      `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
       WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`,
    );
    for (const { name } of tables.rows) {
      rows.push((await client.query(`SELECT to_jsonb(t) AS row FROM ${name} t`)).rows);
    }
    await client.end();
  }
  return JSON.stringify(rows);
};

describe('a secret', () => {
  it('is in no log line, span, error or database', async () => {
    const canary = `canary ${randomUUID()}`;
    const next = `canary ${randomUUID()}`;
    const email = `${randomUUID()}@example.com`;
    const responses: string[] = [];
    const keep = ({ text }: { text: string }): void => void responses.push(text);

    const registered = await rest('POST', '/v1/auth/register', {
      body: { email, password: canary },
    });
    const { access_token: token, refresh_token: first } = registered.body;
    const { body: refreshed } = await rest('POST', '/v1/auth/refresh', {
      body: { refresh_token: first },
    });
    keep(await rest('POST', '/v1/auth/register', { body: { email, password: canary } }));
    keep(await rest('POST', '/v1/auth/login', { body: { email, password: `${canary}!` } }));
    keep(await rest('POST', '/v1/auth/login', { body: { email, password: canary, extra: 1 } }));
    keep(
      await rest('POST', '/v1/auth/login', { body: `{"email":"${email}","password":"${canary}` }),
    );
    keep(
      await graph(
        'mutation ($p: Int!) { login(input: { email: "x", password: "y" }) { __typename } }',
      ),
    );
    keep(
      await rest('POST', '/v1/auth/password', {
        token,
        body: { current_password: canary, new_password: next },
      }),
    );
    keep(await rest('GET', '/v1/me', { token: `${token}x` }));
    const me = await rest('GET', '/v1/me', { token });
    const { trace_id: traceId } = (await rest('GET', '/v1/me')).body;
    expect(me.status).toBe(200);

    // When the spans of the last request are received, so are all spans before them.
    await eventually(async () => expect(await readSpans()).toContain(traceId));
    const secrets = [canary, next, token, first, refreshed.refresh_token, refreshed.access_token];
    const places = {
      responses: responses.join('\n'),
      logs: await readLogs(),
      spans: await readSpans(),
      databases: await dumpDatabases(),
    };
    expect(places.logs).toContain('request answered');
    expect(places.databases).toContain(email);
    for (const [place, text] of Object.entries(places)) {
      expect(text.length).toBeGreaterThan(100);
      for (const secret of secrets as string[]) {
        expect([place, text.includes(secret)]).toEqual([place, false]);
      }
    }
    for (const place of [places.responses, places.logs, places.spans]) {
      expect(place).not.toContain('$argon2id$');
    }
  });
});
