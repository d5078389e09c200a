import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { collectQueries } from './collect-queries.ts';
import { DASHBOARDS } from './dashboards.ts';
import { metricsOf } from './metrics-of.ts';
import { readRules } from './read-rules.ts';
import { renderDashboard } from './render-dashboard.ts';

const root = path.resolve(import.meta.dirname, '..', '..');
const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');

type Rendered = {
  readonly panels: readonly {
    readonly id: number;
    readonly datasource?: { readonly uid: string };
    readonly gridPos: { readonly x: number; readonly y: number; w: number; h: number };
  }[];
};

/** Of Prometheus itself. */
const BUILT_IN = ['up', 'ALERTS'];

/** The names in the second column of docs/operations/metrics.md. */
const documented = new Set(
  Array.from(
    read('docs/operations/metrics.md').matchAll(/^\| `[\w.]+` +\| `(\w+)`/gm),
    ([, name]) => String(name),
  ),
);

/** A histogram is documented by its name, and queried by its parts. */
const isKnown = (metric: string): boolean =>
  documented.has(metric) || documented.has(metric.replace(/_(?:bucket|count|sum)$/, ''));

describe('each metric of a dashboard or a rule', () => {
  it('is in the table of metrics, is recorded by a rule, or is of Prometheus', () => {
    const rules = readRules();
    const recorded = new Set(rules.flatMap((rule) => ('record' in rule ? [rule.record] : [])));
    const read = [...collectQueries(), ...rules.map(({ expr }) => expr)].flatMap(metricsOf);
    const unknown = read.filter(
      (metric) => !isKnown(metric) && !recorded.has(metric) && !BUILT_IN.includes(metric),
    );
    expect(documented.size).toBeGreaterThan(30);
    expect([...new Set(unknown)]).toEqual([]);
  });
});

describe.each(DASHBOARDS)('the dashboard $uid', (dashboard) => {
  const { panels } = renderDashboard(dashboard) as Rendered;

  it('has no panel over another one, or outside of the grid', () => {
    const taken = new Set<string>();
    for (const { gridPos } of panels) {
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x += 1) {
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y += 1) {
          expect([taken.has(`${x} ${y}`), x < 24]).toEqual([false, true]);
          taken.add(`${x} ${y}`);
        }
      }
    }
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
  });

  it('reads from the datasource that is provisioned', () => {
    const { datasources } = parse(
      read('docker/grafana/provisioning/datasources/datasources.yaml'),
    ) as { readonly datasources: readonly { readonly uid: string; readonly type: string }[] };
    const uids = panels.flatMap(({ datasource }) => datasource?.uid ?? []);
    const { uid } = datasources.find(({ type }) => type === 'prometheus') ?? {};
    expect(new Set(uids)).toEqual(new Set([uid]));
  });
});

it('Grafana and Prometheus get the folders in which the dashboards and rules are', () => {
  const { services } = parse(read('docker/compose.yaml'), { merge: true }) as {
    readonly services: Readonly<Record<string, { readonly volumes: readonly string[] }>>;
  };
  const { providers } = parse(read('docker/grafana/provisioning/dashboards/dashboards.yaml')) as {
    readonly providers: readonly { readonly options: { readonly path: string } }[];
  };
  const { rule_files: files } = parse(read('docker/prometheus/prometheus.yaml')) as {
    readonly rule_files: readonly string[];
  };
  expect(providers.map(({ options }) => `./grafana/dashboards:${options.path}:ro`)).toEqual([
    services['grafana']?.volumes.find((volume) => volume.startsWith('./grafana/dashboards:')),
  ]);
  expect(services['prometheus']?.volumes).toContain('./prometheus:/etc/prometheus:ro');
  expect(files).toEqual(['rules/*.yaml']);
});
