import { describe, expect, it } from 'vitest';
import { makeSecretObjects } from './make-secret-objects.ts';
import { OVERLAYS, readRendering, type KubernetesObject } from './rendering.ts';
import { findSchemaFaults } from './test/find-schema-faults.ts';

describe('the validation of an object', () => {
  const service = (spec: object): KubernetesObject & { readonly spec: object } => ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'shop' },
    spec,
  });

  it('accepts one that is valid', () => {
    const spec = { selector: { app: 'shop' }, ports: [{ port: 80, targetPort: 'http' }] };
    expect(findSchemaFaults(service(spec))).toEqual([]);
  });

  it.each([
    ['a value of another type', { ports: [{ port: '80' }] }, '/spec/ports/0/port'],
    ['a missing field', { ports: [{ name: 'http' }] }, 'port'],
    ['a misspelt field', { ports: [{ port: 80, targetport: 1 }] }, '.spec.ports.0.targetport'],
    ['a field in the wrong place', { port: 80 }, '.spec.port'],
  ])('reports %s', (_what, spec, place) => {
    expect(findSchemaFaults(service(spec))).toEqual([expect.stringContaining(place)]);
  });

  it('reports a kind without a schema', () => {
    const cron = { ...service({}), apiVersion: 'batch/v1', kind: 'CronJob' };
    expect(findSchemaFaults(cron)).toEqual(['CronJob shop: no schema of batch/v1 CronJob']);
  });
});

describe.each(OVERLAYS)('the rendering of %s', (overlay) => {
  const objects = readRendering(overlay);

  it('has only valid objects', () => {
    expect(objects.length).toBeGreaterThan(40);
    expect(objects.flatMap(findSchemaFaults)).toEqual([]);
  });

  it('has each object once, in one namespace', () => {
    const names = objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
    expect(names).toEqual([...new Set(names)]);
    const elsewhere = objects.filter(
      ({ kind, metadata }) => kind !== 'Namespace' && metadata.namespace !== 'cartograph',
    );
    expect(elsewhere).toEqual([]);
  });
});

it('the Secrets of the dev overlay are valid, and encode their values', () => {
  const value = 'a value with ü and "quotes"';
  const everything = new Proxy({}, { get: () => value }) as Record<string, string>;
  const secrets = makeSecretObjects(readRendering('dev'), everything);
  expect(secrets.map(({ metadata }) => metadata.name).toSorted()).toEqual(
    expect.arrayContaining(['order', 'order-database', 'rest', 'router', 'user']),
  );
  expect(secrets.flatMap(findSchemaFaults)).toEqual([]);
  for (const { data } of secrets) {
    for (const text of Object.values(data)) {
      expect(Buffer.from(text, 'base64').toString()).toBe(value);
    }
  }
});

it('a Secret is not made without the value of each key', () => {
  expect(() => makeSecretObjects(readRendering('dev'), {})).toThrow(/no value of \w+/);
});
