import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { IConfigMap } from 'kubernetes-models/v1/ConfigMap';
import type { IServiceSpec } from 'kubernetes-models/v1/ServiceSpec';
import { parse } from 'yaml';
import { DASHBOARDS } from '../observability/dashboards.ts';
import { isAlert, readRules } from '../observability/read-rules.ts';
import { APPS } from '../services.ts';
import { renderPrometheusRule, RULE_FILE } from './render-prometheus-rule.ts';
import { OVERLAYS, readRendering, type KubernetesObject } from './rendering.ts';
import { findSchemaFaults } from './test/find-schema-faults.ts';

const root = path.resolve(import.meta.dirname, '..', '..');
const prod = readRendering('prod');

type PrometheusRule = KubernetesObject & {
  readonly spec: { readonly groups: readonly { readonly rules: readonly unknown[] }[] };
};

describe('the PrometheusRule', () => {
  const text = readFileSync(RULE_FILE, 'utf8');
  const object = parse(text) as PrometheusRule;

  it('is made of the rules of Compose', async () => {
    // If not: npm run kubernetes:render.
    expect(text).toBe(await renderPrometheusRule());
    const rules = object.spec.groups.flatMap((group) => group.rules);
    expect(rules).toEqual(readRules());
    expect(readRules().filter(isAlert).length).toBeGreaterThan(15);
  });

  it('is valid, and is a part of prod', () => {
    expect(findSchemaFaults(object)).toEqual([]);
    const rendered = prod.filter(({ kind }) => kind === 'PrometheusRule');
    expect(rendered.map(({ metadata }) => metadata.name)).toEqual([object.metadata.name]);
  });
});

describe('the labels that rules and dashboards read', () => {
  it('are those of the ServiceMonitor: service is the name of a Service', () => {
    const services = prod.filter(({ kind }) => kind === 'Service') as (KubernetesObject & {
      readonly spec: IServiceSpec;
    })[];
    const measured = services
      .filter(({ spec }) => spec.ports?.some(({ name }) => name === 'metrics'))
      .map(({ metadata }) => metadata.name);
    expect(measured.toSorted()).toEqual(APPS.toSorted());
    const expected = readRules().flatMap((rule) =>
      'record' in rule && rule.record === 'shop:service:expected' ? [rule.labels?.['service']] : [],
    );
    expect(expected.toSorted()).toEqual(measured.toSorted());
  });

  it('are not changed: a label job of a metric is exported_job, as in Compose', () => {
    const monitors = prod.filter(({ kind }) => kind === 'ServiceMonitor') as (KubernetesObject & {
      readonly spec: { readonly endpoints: readonly object[] };
    })[];
    const endpoints = monitors.flatMap(({ spec }) => spec.endpoints);
    expect(endpoints).toHaveLength(1);
    for (const field of ['honorLabels', 'relabelings', 'metricRelabelings']) {
      expect(endpoints[0]).not.toHaveProperty(field);
    }
    const compose = readFileSync(path.join(root, 'docker/prometheus/prometheus.yaml'), 'utf8');
    expect(compose).not.toContain('honor_labels');
  });
});

describe.each(OVERLAYS)('the dashboards in %s', (overlay) => {
  const found = readRendering(overlay).filter(
    ({ kind, metadata }) => kind === 'ConfigMap' && metadata.labels?.['grafana_dashboard'] === '1',
  ) as unknown as (IConfigMap & KubernetesObject)[];

  it('are a ConfigMap each, whose name does not change with its content', () => {
    const uids = overlay === 'prod' ? DASHBOARDS.map(({ uid }) => uid) : [];
    expect(found.map(({ metadata }) => metadata.name).toSorted()).toEqual(
      uids.map((uid) => `dashboard-${uid}`).toSorted(),
    );
    for (const { metadata, data } of found) {
      const uid = metadata.name.replace('dashboard-', '');
      expect(data).toEqual({
        [`cartograph-${uid}.json`]: `the content of docker/grafana/dashboards/${uid}.json`,
      });
    }
  });
});
