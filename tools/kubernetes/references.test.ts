import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { IStatefulSetSpec } from 'kubernetes-models/apps/v1/StatefulSetSpec';
import type { IHorizontalPodAutoscalerSpec } from 'kubernetes-models/autoscaling/v2/HorizontalPodAutoscalerSpec';
import type { IIngressSpec } from 'kubernetes-models/networking.k8s.io/v1/IngressSpec';
import type { IServiceSpec } from 'kubernetes-models/v1/ServiceSpec';
import { parse } from 'yaml';
import { SERVICES } from '../services.ts';
import { collectSecretKeys } from './make-secret-objects.ts';
import {
  isWorkload,
  KUBERNETES_FOLDER,
  OVERLAYS,
  readRendering,
  type KubernetesObject,
  type Overlay,
  type Workload,
} from './rendering.ts';
import { headerOf, hashSources } from './render-overlay.ts';

type With<Spec> = KubernetesObject & { readonly spec: Spec };

const root = path.resolve(import.meta.dirname, '..', '..');

const portsOf = ({ spec }: Workload) =>
  spec.template.spec?.containers.flatMap(({ ports = [] }) => ports) ?? [];

describe.each(OVERLAYS)('the rendering of %s', (overlay) => {
  const objects = readRendering(overlay);
  const workloads = objects.filter(isWorkload);
  const ofKind = <Spec>(kind: string) => objects.filter((one) => one.kind === kind) as With<Spec>[];
  const services = ofKind<IServiceSpec>('Service');
  const has = (kind: string, name: string | undefined): boolean =>
    objects.some((one) => one.kind === kind && one.metadata.name === name);
  const selectedBy = (selector: Readonly<Record<string, string>>) =>
    workloads.filter(({ spec }) => {
      const labels = spec.template.metadata?.labels ?? {};
      return Object.entries(selector).every(([key, value]) => labels[key] === value);
    });
  const findPort = (service: string, port: number | string | undefined) =>
    services
      .find(({ metadata }) => metadata.name === service)
      ?.spec.ports?.find((one) => one.name === port || one.port === port);

  it('is that of the manifests', () => {
    const file = path.join(KUBERNETES_FOLDER, 'rendered', `${overlay}.yaml`);
    const [header] = readFileSync(file, 'utf8').split('\n');
    // If not: npm run kubernetes:render, with kubectl.
    expect(header).toBe(headerOf(hashSources()));
  });

  it('has every ConfigMap that a pod needs', () => {
    const needed = workloads.flatMap(({ spec }) => [
      ...(spec.template.spec?.containers ?? []).flatMap(({ envFrom = [] }) =>
        envFrom.map(({ configMapRef }) => configMapRef?.name),
      ),
      ...(spec.template.spec?.volumes ?? []).flatMap(({ configMap, projected }) => [
        ...(configMap ? [configMap.name] : []),
        ...(projected?.sources ?? []).map((source) => source.configMap?.name),
      ]),
    ]);
    expect(needed.length).toBeGreaterThan(5);
    expect(needed.filter((name) => !has('ConfigMap', name))).toEqual([]);
  });

  it('has every volume that a container mounts, and mounts every volume', () => {
    for (const { spec } of workloads) {
      const { volumes = [], containers = [] } = spec.template.spec ?? {};
      const claims = (spec as Partial<IStatefulSetSpec>).volumeClaimTemplates ?? [];
      const known = [
        ...volumes.map(({ name }) => name),
        ...claims.map((one) => one.metadata?.name),
      ];
      const mounted = containers.flatMap(({ volumeMounts = [] }) =>
        volumeMounts.map(({ name }) => name),
      );
      expect(mounted.toSorted()).toEqual(known.toSorted());
    }
  });

  it('gets every Secret that a pod needs from a store, or by npm run kubernetes:secrets', () => {
    const needed = [...collectSecretKeys(objects).keys()];
    const mounted = workloads.flatMap(({ spec }) =>
      (spec.template.spec?.volumes ?? []).flatMap(({ secret }) => secret?.secretName ?? []),
    );
    if (overlay === 'dev') expect(mounted.filter((name) => !needed.includes(name))).toEqual([]);
    else expect(mounted.filter((name) => !has('ExternalSecret', name))).toEqual([]);
  });

  it('has a workload with the ports of each Service', () => {
    for (const { metadata, spec } of services) {
      const selected = selectedBy(spec.selector ?? {});
      expect([metadata.name, selected.length]).toEqual([metadata.name, 1]);
      const names = selected.flatMap(portsOf).map(({ name }) => name);
      for (const { targetPort } of spec.ports ?? []) expect(names).toContain(targetPort);
    }
    for (const { metadata, spec } of ofKind<IStatefulSetSpec>('StatefulSet')) {
      expect([metadata.name, has('Service', spec.serviceName)]).toEqual([metadata.name, true]);
    }
  });

  it('has the Service and port of each address in it', () => {
    const text = JSON.stringify(objects);
    const inCluster = [...text.matchAll(/"http:\/\/([\w-]+):(\d+)\//g)];
    expect(inCluster.length).toBeGreaterThanOrEqual(6);
    for (const [address, service = '', port] of inCluster) {
      expect([address, findPort(service, Number(port)) !== undefined]).toEqual([address, true]);
    }
  });

  it('has the Service and port of each path that clients reach, by TLS', () => {
    for (const { spec } of ofKind<IIngressSpec>('Ingress')) {
      const hosts = (spec.rules ?? []).map(({ host }) => host);
      expect(spec.tls?.flatMap((one) => one.hosts ?? [])).toEqual(hosts);
      const backends = (spec.rules ?? []).flatMap(({ http }) =>
        (http?.paths ?? []).map(({ backend }) => backend.service),
      );
      for (const backend of backends) {
        expect(findPort(backend?.name ?? '', backend?.port?.name)).toBeDefined();
        expect(backend?.port?.name).toBe('http');
      }
    }
    expect(ofKind('Ingress')).toHaveLength(overlay === 'prod' ? 1 : 0);
  });

  it('is measured at each app', () => {
    type Spec = {
      readonly selector: { readonly matchLabels: Readonly<Record<string, string>> };
      readonly endpoints: readonly { readonly port: string }[];
    };
    for (const { spec } of ofKind<Spec>('ServiceMonitor')) {
      const measured = services.filter(({ metadata }) =>
        Object.entries(spec.selector.matchLabels).every(
          ([key, value]) => metadata.labels?.[key] === value,
        ),
      );
      expect(measured).toHaveLength(6);
      for (const { metadata } of measured) {
        for (const { port } of spec.endpoints) {
          expect(findPort(metadata.name, port)).toMatchObject({ port: 9464 });
        }
      }
    }
    expect(ofKind('ServiceMonitor')).toHaveLength(overlay === 'prod' ? 1 : 0);
  });
});

describe('the rollout of docs/operations/kubernetes.md', () => {
  const page = (name: string) =>
    readFileSync(path.join(root, 'docs', 'operations', `${name}.md`), 'utf8');
  const commands = page('kubernetes').split('## Roll out')[1] ?? '';
  const [, list = ''] =
    /for app in ([\w ]+); do\n +kubectl apply -k my-overlay/.exec(commands) ?? [];
  const apps = list.split(' ');

  it('replaces the apps in the order of an upgrade', () => {
    const [, services = ''] =
      /Replace the subgraphs\*\*, one service after the other: ([\w, ]+)\./.exec(page('upgrade')) ??
      [];
    expect(apps).toEqual([...services.split(', '), 'router', 'rest']);
  });

  it.each(OVERLAYS)('applies each object of %s', (overlay) => {
    expect(commands).toContain("-l 'app.kubernetes.io/component!=app'");
    expect(commands).toContain('-l app.kubernetes.io/component=app,app.kubernetes.io/name=$app');
    const ofApps = readRendering(overlay).filter(
      ({ metadata }) => metadata.labels?.['app.kubernetes.io/component'] === 'app',
    );
    const names = ofApps.map(({ metadata }) => metadata.labels?.['app.kubernetes.io/name']);
    expect(new Set(names)).toEqual(new Set(apps));
    const deployments = ofApps.filter(({ kind }) => kind === 'Deployment');
    expect(deployments.map(({ metadata }) => metadata.name).toSorted()).toEqual(apps.toSorted());
  });
});

describe('the connections of a database', () => {
  /** By default, and so in the overlay dev. */
  const DEFAULT_MAX_CONNECTIONS = 100;
  /** `superuser_reserved_connections`, and one of a migration or of an operator's command. */
  const OTHERS = 3 + 1;
  const example = readFileSync(path.join(root, '.env.example'), 'utf8').replaceAll(/\n# ?/g, ' ');
  const [, sums = ''] = /with 10, the total is (.*?)\. Postgres's/.exec(example) ?? [];
  /** Of one replica: `24 of payment (20 in production without the simulator)`. */
  const connectionsOf = (service: string, isProduction: boolean): number => {
    const [, all, fewer] =
      new RegExp(`(\\d+) of ${service}(?: \\((\\d+) in production)?`).exec(sums) ?? [];
    return Number(isProduction ? (fewer ?? all) : all);
  };
  /** While a rollout adds one replica to as many as the autoscaler may set. */
  const neededOf = (overlay: Overlay, service: string): number => {
    const [scaler] = readRendering(overlay).filter(
      ({ kind, metadata }) => kind === 'HorizontalPodAutoscaler' && metadata.name === service,
    ) as With<IHorizontalPodAutoscalerSpec>[];
    const replicas = Number(scaler?.spec.maxReplicas) + 1;
    return replicas * connectionsOf(service, overlay === 'prod') + OTHERS;
  };

  it.each(SERVICES)('of %s are as many as docs/operations/kubernetes.md says', (service) => {
    const page = readFileSync(path.join(root, 'docs/operations/kubernetes.md'), 'utf8');
    const row = new RegExp(`\\| ${service} +\\| (\\d+) +\\| (\\d+) +\\|`).exec(page) ?? [];
    expect(row.slice(1).map(Number)).toEqual([
      connectionsOf(service, true),
      neededOf('prod', service),
    ]);
  });

  it.each(SERVICES)('of %s in dev are no more than Postgres allows by default', (service) => {
    const needed = neededOf('dev', service);
    expect(needed).toBeGreaterThan(OTHERS);
    expect(needed).toBeLessThanOrEqual(DEFAULT_MAX_CONNECTIONS);
  });
});

it('Apollo Router has the configuration of compose, of which Kubernetes needs a copy', () => {
  const copy = path.join(KUBERNETES_FOLDER, 'components', 'apollo-router', 'router', 'router.yaml');
  // If not: copy docker/router.yaml to it.
  expect(readFileSync(copy, 'utf8')).toBe(
    readFileSync(path.join(root, 'docker', 'router.yaml'), 'utf8'),
  );
  const configuration = parse(readFileSync(copy, 'utf8')) as {
    readonly supergraph: { readonly listen: string };
    readonly health_check: { readonly listen: string; readonly path: string };
    readonly telemetry: {
      readonly exporters: { readonly metrics: { readonly prometheus: object } };
    };
  };
  expect(configuration).toMatchObject({
    supergraph: { listen: '0.0.0.0:4000' },
    health_check: { listen: '0.0.0.0:8088', path: '/health' },
    telemetry: { exporters: { metrics: { prometheus: { listen: '0.0.0.0:9464' } } } },
  });
});

it('the images that others make are those of compose', () => {
  const { services } = parse(readFileSync(path.join(root, 'docker', 'compose.yaml'), 'utf8'), {
    merge: true,
  }) as { readonly services: Readonly<Record<string, { readonly image: string }>> };
  const ofCompose = Object.values(services).map(({ image }) => image);
  const images = OVERLAYS.flatMap(readRendering)
    .filter(isWorkload)
    .flatMap(({ spec }) => spec.template.spec?.containers.map(({ image = '' }) => image) ?? [])
    .filter((image) => !/(?:^|\/)cartograph\//.test(image))
    .map((image) => (image.includes('/') ? image : `docker.io/library/${image}`));
  expect(new Set(images).size).toBe(4);
  // If not: change `newTag` in docker/kubernetes/overlays/, and run npm run kubernetes:render.
  expect(images.filter((image) => !ofCompose.includes(image))).toEqual([]);
});
