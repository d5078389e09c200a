import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { IDeploymentSpec } from 'kubernetes-models/apps/v1/DeploymentSpec';
import type { IHorizontalPodAutoscalerSpec } from 'kubernetes-models/autoscaling/v2/HorizontalPodAutoscalerSpec';
import type { INetworkPolicySpec } from 'kubernetes-models/networking.k8s.io/v1/NetworkPolicySpec';
import { parse } from 'yaml';
import { APPS, SERVICES } from '../services.ts';
import { HEAP_LIMIT_MB, SEMI_SPACE_MB } from '../start/memory.ts';
import {
  isWorkload,
  KUBERNETES_FOLDER,
  OVERLAYS,
  readRendering,
  type KubernetesObject,
  type Workload,
} from './rendering.ts';
import { collectEnvironment } from './test/collect-environment.ts';

type With<Spec> = KubernetesObject & { readonly spec: Spec };

const root = path.resolve(import.meta.dirname, '..', '..');

/** V8's young generation is two semi-spaces, and a third while it moves objects. */
const YOUNG_GENERATION_MB = 3 * SEMI_SPACE_MB;

/** What Node's program, its code and its buffers take at least, outside of the heap. */
const OUTSIDE_OF_HEAP_MB = 128;

describe.each(OVERLAYS)('every pod of %s', (overlay) => {
  const workloads = readRendering(overlay).filter(isWorkload);

  it.each(workloads.map((one) => [`${one.kind} ${one.metadata.name}`, one] as const))(
    '%s runs with no more rights than it needs',
    (_name, { spec }) => {
      const pod = spec.template.spec;
      expect(pod).toMatchObject({
        automountServiceAccountToken: false,
        enableServiceLinks: false,
        securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
      });
      expect(pod?.securityContext?.runAsUser).toBeGreaterThan(0);
      expect(pod).not.toHaveProperty('hostNetwork');
      expect(pod).not.toHaveProperty('hostPID');
      expect(pod?.volumes?.some(({ hostPath }) => hostPath)).toBe(false);
      for (const container of pod?.containers ?? []) {
        // What would override the pod's.
        expect(container.securityContext).toEqual({
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        });
        expect(container.image).toMatch(/:(?!latest$)[\w.-]+$/);
      }
    },
  );

  it.each(workloads.map((one) => [`${one.kind} ${one.metadata.name}`, one] as const))(
    '%s has requests and limits, and probes if it serves',
    (_name, { kind, spec }) => {
      for (const { resources, ...container } of spec.template.spec?.containers ?? []) {
        const both = { cpu: expect.anything(), memory: expect.stringMatching(/^\d+Mi$/) };
        expect(resources).toEqual({ requests: both, limits: both });
        for (const probe of ['startupProbe', 'livenessProbe', 'readinessProbe'] as const) {
          if (kind === 'Job') expect(container).not.toHaveProperty(probe);
          else expect(container[probe]?.timeoutSeconds).toBeGreaterThan(1);
        }
      }
    },
  );
});

describe('the CPU that the apps of prod request', () => {
  const objects = readRendering('prod');
  const page = readFileSync(path.join(root, 'docs/operations/scaling.md'), 'utf8');
  /** The first columns of the table of costs; REST has none. */
  const measured = ['user', 'product', 'order', 'payment', 'router'];
  const [, row = ''] = /^\| \*\*cores at the peak\*\* +\|(.*)$/m.exec(page) ?? [];
  const cores = row.split('|').map(Number);

  it.each(measured.map((app, index) => [app, cores[index] ?? 0] as const))(
    'lets the autoscaler of %s arrive at the replicas of docs/operations/scaling.md',
    (app, used) => {
      const find = (kind: string) =>
        objects.find((one) => one.kind === kind && one.metadata.name === app);
      const { spec } = find('Deployment') as Workload;
      const requested = spec.template.spec?.containers[0]?.resources?.requests?.['cpu'];
      const scaler = find('HorizontalPodAutoscaler') as With<IHorizontalPodAutoscalerSpec>;
      const percent = scaler.spec.metrics?.[0]?.resource?.target.averageUtilization ?? 0;
      const target = (Number.parseInt(String(requested), 10) / 1_000) * (percent / 100);
      const [, replicas, spare] =
        new RegExp(`^\\| ${app} +\\| (\\d) \\+ (\\d) `, 'm').exec(page) ?? [];
      expect(Math.ceil(used / target)).toBe(Number(replicas) + Number(spare));
    },
  );
});

const megabytesOf = (workload: Workload): number => {
  const limit = workload.spec.template.spec?.containers[0]?.resources?.limits?.['memory'];
  return Number.parseInt(String(limit), 10);
};

describe.each(OVERLAYS)('every app of %s', (overlay) => {
  const objects = readRendering(overlay);
  const find = <Spec>(kind: string, name: string): With<Spec> => {
    const found = objects.find((one) => one.kind === kind && one.metadata.name === name);
    if (!found) throw new Error(`no ${kind} ${name}`);
    return found as With<Spec>;
  };
  const deployments = objects.filter(
    (one): one is Workload & With<IDeploymentSpec> => one.kind === 'Deployment',
  );
  const isOurs = ({ metadata }: Workload) => overlay === 'dev' || metadata.name !== 'router';

  it('has a Deployment', () => {
    expect(deployments.map(({ metadata }) => metadata.name).toSorted()).toEqual(APPS.toSorted());
  });

  it('is probed on its private port', () => {
    for (const { spec } of deployments.filter(isOurs)) {
      const [container] = spec.template.spec?.containers ?? [];
      const at = (pathname: string) => ({ httpGet: { path: pathname, port: 'metrics' } });
      expect(container).toMatchObject({
        ports: expect.arrayContaining([{ name: 'metrics', containerPort: 9464 }]),
        startupProbe: at('/healthz'),
        livenessProbe: at('/healthz'),
        readinessProbe: at('/readyz'),
      });
    }
  });

  it('takes no process away before another one serves, and spreads them', () => {
    for (const { metadata, spec } of deployments) {
      // The autoscaler sets the number.
      expect(spec).not.toHaveProperty('replicas');
      expect(spec.strategy).toEqual({ rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } });
      const constraints = spec.template.spec?.topologySpreadConstraints ?? [];
      expect(constraints.map(({ topologyKey }) => topologyKey)).toEqual([
        'topology.kubernetes.io/zone',
        'kubernetes.io/hostname',
      ]);
      for (const { labelSelector } of constraints) {
        expect(labelSelector?.matchLabels).toMatchObject({
          'app.kubernetes.io/name': metadata.name,
        });
      }
    }
  });

  it('may drain for longer than it drains, after new requests have stopped', () => {
    for (const deployment of deployments) {
      const { values } = collectEnvironment(deployment, objects);
      const pod = deployment.spec.template.spec;
      const preStop = pod?.containers[0]?.lifecycle?.preStop;
      // No shell is needed for it.
      expect(Object.keys(preStop ?? {})).toEqual(['sleep']);
      const sleep = preStop?.sleep?.seconds ?? 0;
      expect(sleep).toBeGreaterThanOrEqual(5);
      const { DRAIN_TIMEOUT_MS, SHUTDOWN_DELAY_MS } = values;
      const drain = (Number(DRAIN_TIMEOUT_MS) + Number(SHUTDOWN_DELAY_MS)) / 1_000;
      expect(pod?.terminationGracePeriodSeconds).toBeGreaterThan(sleep + drain);
    }
  });

  it('has room for the heap that it may use', () => {
    const least = HEAP_LIMIT_MB + YOUNG_GENERATION_MB + OUTSIDE_OF_HEAP_MB;
    for (const deployment of deployments.filter(isOurs)) {
      expect(megabytesOf(deployment)).toBeGreaterThanOrEqual(least);
    }
  });

  it('has a budget of disruptions that lets nodes be drained', () => {
    for (const { metadata, spec } of deployments) {
      expect(find('PodDisruptionBudget', metadata.name).spec).toEqual({
        maxUnavailable: 1,
        unhealthyPodEvictionPolicy: 'AlwaysAllow',
        selector: spec.selector,
      });
    }
  });

  it('is scaled by CPU, and where Prometheus Adapter serves it, by requests in progress', () => {
    const file = path.join(KUBERNETES_FOLDER, 'components', 'monitoring', 'adapter-rules.yaml');
    const { rules } = parse(readFileSync(file, 'utf8')) as {
      readonly rules: { readonly custom: readonly { readonly name: { readonly as: string } }[] };
    };
    const served = rules.custom.map(({ name }) => name.as);
    for (const { metadata } of deployments) {
      const { spec } = find<IHorizontalPodAutoscalerSpec>('HorizontalPodAutoscaler', metadata.name);
      const { kind, name } = spec.scaleTargetRef;
      expect([kind, name]).toEqual(['Deployment', metadata.name]);
      expect(spec.minReplicas).toBe(overlay === 'prod' ? 2 : 1);
      expect(spec.maxReplicas).toBeGreaterThan(spec.minReplicas ?? 1);
      const [cpu, ...others] = spec.metrics ?? [];
      expect(cpu?.resource?.name).toBe('cpu');
      // Without the adapter, an autoscaler that names this metric would remove no replica.
      const limit = SERVICES.some((service) => service === metadata.name) ? '8' : '12';
      const measured = overlay === 'prod' ? served.map((metric) => [metric, limit]) : [];
      expect(others.map(({ pods }) => [pods?.metric.name, pods?.target.averageValue])).toEqual(
        measured,
      );
    }
  });

  it('has a policy of its own for both directions', () => {
    for (const { metadata, spec } of deployments) {
      const policy = find<INetworkPolicySpec>('NetworkPolicy', metadata.name).spec;
      expect(policy.policyTypes).toEqual(['Ingress', 'Egress']);
      expect(spec.template.metadata?.labels).toMatchObject(policy.podSelector?.matchLabels ?? {});
    }
    expect(find<INetworkPolicySpec>('NetworkPolicy', 'deny-by-default').spec).toEqual({
      podSelector: {},
      policyTypes: ['Ingress', 'Egress'],
    });
  });
});
