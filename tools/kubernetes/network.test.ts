import { describe, expect, it } from 'vitest';
import type { INetworkPolicySpec } from 'kubernetes-models/networking.k8s.io/v1/NetworkPolicySpec';
import { APPS, type AppName, SERVICES, variableOf } from '../services.ts';
import { environmentOf } from '../start/environment.ts';
import { isWorkload, readRendering, type KubernetesObject, type Overlay } from './rendering.ts';
import { makeNetwork, type Endpoint } from './test/network.ts';

const PORTS: Readonly<Record<AppName, number>> = {
  router: 4000,
  user: 4001,
  product: 4002,
  order: 4003,
  payment: 4004,
  rest: 8080,
};

const PRIVATE_PORT = 9464;

/** Where Apollo Router serves its health, which REST reads. */
const HEALTH_PORT = 8088;

/** Where a pod of cert-manager answers an HTTP-01 challenge, in the namespace of the Ingress. */
const SOLVER_PORT = 8089;

/** Processes that are not in the manifests. */
const SURROUNDINGS: readonly Endpoint[] = [
  { name: 'an ingress controller', namespace: 'traefik', labels: {}, address: '10.244.0.7' },
  {
    name: 'Prometheus',
    namespace: 'monitoring',
    labels: { 'app.kubernetes.io/name': 'prometheus' },
    address: '10.244.0.8',
  },
  {
    name: 'the collector',
    namespace: 'monitoring',
    labels: { 'app.kubernetes.io/name': 'otel-collector' },
    address: '10.244.0.9',
  },
  { name: 'a stranger', namespace: 'default', labels: {}, address: '10.244.0.10' },
  {
    name: 'a stranger with the name of the router',
    namespace: 'default',
    labels: { 'app.kubernetes.io/name': 'router', 'app.kubernetes.io/component': 'app' },
    address: '10.244.0.11',
  },
  { name: 'a pod of this namespace', namespace: 'cartograph', labels: {}, address: '10.244.0.12' },
  {
    name: 'a solver of cert-manager',
    namespace: 'cartograph',
    labels: { 'acme.cert-manager.io/http01-solver': 'true' },
    address: '10.244.0.14',
  },
  { name: 'NATS', namespace: 'nats', labels: {}, address: '10.244.0.13' },
  { name: 'a managed database', address: '10.20.0.5' },
  { name: 'a managed Redis', address: '10.20.1.5' },
  { name: 'the internet', address: '203.0.113.9' },
  { name: 'the metadata of the cloud', address: '169.254.169.254' },
];

const open = (overlay: Overlay) => {
  const objects = readRendering(overlay);
  const policies = objects
    .filter(({ kind }) => kind === 'NetworkPolicy')
    .map((object) => (object as KubernetesObject & { readonly spec: INetworkPolicySpec }).spec);
  const pods = objects.filter(isWorkload).map(({ metadata, spec }, index): Endpoint => {
    const labels = spec.template.metadata?.labels ?? {};
    return {
      name: metadata.name,
      namespace: 'cartograph',
      labels,
      address: `10.244.1.${index + 1}`,
    };
  });
  const endpoints = [...pods, ...SURROUNDINGS];
  const { canReach } = makeNetwork(policies, 'cartograph');
  const find = (name: string): Endpoint => {
    const found = endpoints.find((one) => one.name === name);
    if (!found) throw new Error(`${overlay} has no ${name}`);
    return found;
  };
  const namesOf = (found: readonly Endpoint[]) => found.map(({ name }) => name).toSorted();
  return {
    callersOf: (name: string, port: number) =>
      namesOf(endpoints.filter((from) => from.name !== name && canReach(from, find(name), port))),
    calledBy: (name: string, port: number) =>
      namesOf(endpoints.filter((to) => to.name !== name && canReach(find(name), to, port))),
    names: pods.map(({ name }) => name),
  };
};

/** The other apps whose calls a service verifies: it has their secrets. */
const callersByEnvironment = (service: AppName): readonly string[] => {
  const secrets = Object.fromEntries(APPS.map((app) => [variableOf(app, 'SECRET'), 'x']));
  const known = environmentOf(service, secrets);
  return APPS.filter((app) => app !== service && variableOf(app, 'SECRET') in known).toSorted();
};

describe.each(['dev', 'prod'] as const)('the network of %s', (overlay) => {
  const { callersOf, calledBy, names } = open(overlay);
  const ofProduction = (...surroundings: readonly string[]) =>
    overlay === 'prod' ? surroundings : [];

  it.each(SERVICES)('lets only the router and the peers that call it reach %s', (service) => {
    expect(callersOf(service, PORTS[service])).toEqual(callersByEnvironment(service));
  });

  it('lets REST and clients reach the router, and clients reach REST', () => {
    expect(callersOf('router', PORTS.router)).toEqual([
      ...ofProduction('an ingress controller'),
      'rest',
    ]);
    expect(callersOf('rest', PORTS.rest)).toEqual(
      overlay === 'dev' ? ['payment'] : ['an ingress controller'],
    );
    expect(callersOf('router', HEALTH_PORT)).toEqual(ofProduction('rest'));
  });

  it('lets the ingress controller alone reach what answers the challenges for certificates', () => {
    const solver = 'a solver of cert-manager';
    expect(callersOf(solver, SOLVER_PORT)).toEqual(ofProduction('an ingress controller'));
    expect(callersOf(solver, PORTS.rest)).toEqual([]);
  });

  it('lets Prometheus alone reach metrics, and the apps the collector', () => {
    for (const app of APPS) {
      expect(callersOf(app, PRIVATE_PORT)).toEqual(ofProduction('Prometheus'));
      expect(calledBy(app, 4318)).toEqual(ofProduction('the collector'));
    }
  });

  it('lets no process reach a port that is not its own', () => {
    const ports = [22, 80, 443, 5432, HEALTH_PORT, ...Object.values(PORTS)];
    for (const app of APPS) {
      const own = app === 'router' ? [PORTS.router, HEALTH_PORT] : [PORTS[app]];
      const others = ports.filter((port) => !own.includes(port));
      expect(others.flatMap((port) => callersOf(app, port))).toEqual([]);
    }
  });

  it('lets nothing but payments by Stripe reach the internet, and nothing the cloud', () => {
    const reached = (port: number) =>
      names.flatMap((name) =>
        calledBy(name, port)
          .filter((target) => target === 'the internet' || target.startsWith('the metadata'))
          .map((target) => `${name} -> ${target}`),
      );
    expect([80, 443, 4318, 5432].map(reached)).toEqual([
      [],
      ofProduction('payment -> the internet'),
      [],
      [],
    ]);
  });
});

describe('the stores of dev', () => {
  const { callersOf } = open('dev');

  it.each(SERVICES)('the database of %s is for it and its migration', (service) => {
    expect(callersOf(`${service}-database`, 5432)).toEqual([service, `${service}-migration`]);
  });

  it('Redis and NATS are for those that use them', () => {
    expect(callersOf('redis', 6379)).toEqual(['rest', 'router', 'user']);
    expect(callersOf('nats', 4222)).toEqual(['order', 'payment', 'product']);
    expect(callersOf('nats', 8222)).toEqual([]);
  });
});

describe('the stores of prod', () => {
  const { calledBy, names } = open('prod');
  const callersOf = (target: string, port: number) =>
    names.filter((name) => calledBy(name, port).includes(target)).toSorted();

  it('the databases are for services and their migrations', () => {
    const own = SERVICES.flatMap((service) => [service, `${service}-migration`]).toSorted();
    expect(callersOf('a managed database', 5432)).toEqual(own);
    expect(callersOf('a managed database', 443)).toEqual([]);
  });

  it('Redis and NATS are for those that use them', () => {
    expect(callersOf('a managed Redis', 6379)).toEqual(['rest', 'router', 'user']);
    expect(callersOf('NATS', 4222)).toEqual(['order', 'payment', 'product']);
  });
});

describe('the calculation', () => {
  const shop = (name: string): Endpoint => ({
    name,
    namespace: 'shop',
    labels: { name },
    address: '10.0.0.1',
  });
  const policy = (spec: INetworkPolicySpec) => makeNetwork([spec], 'shop');
  const everyone: INetworkPolicySpec = { podSelector: {}, policyTypes: ['Ingress'] };

  it('allows everything without a policy, and nothing by an empty one', () => {
    expect(makeNetwork([], 'shop').canReach(shop('a'), shop('b'), 1)).toBe(true);
    expect(policy(everyone).canReach(shop('a'), shop('b'), 1)).toBe(false);
  });

  it('allows what one rule allows, from its peers to its ports', () => {
    const { canReach } = policy({
      ...everyone,
      ingress: [
        { from: [{ podSelector: { matchLabels: { name: 'a' } } }], ports: [{ port: 1 }] },
        { from: [{ ipBlock: { cidr: '203.0.113.0/24', except: ['203.0.113.8/32'] } }] },
      ],
    });
    expect(canReach(shop('a'), shop('b'), 1)).toBe(true);
    expect(canReach(shop('a'), shop('b'), 2)).toBe(false);
    expect(canReach(shop('c'), shop('b'), 1)).toBe(false);
    expect(canReach({ ...shop('a'), namespace: 'other' }, shop('b'), 1)).toBe(false);
    expect(canReach({ name: 'out', address: '203.0.113.9' }, shop('b'), 2)).toBe(true);
    expect(canReach({ name: 'out', address: '203.0.113.8' }, shop('b'), 2)).toBe(false);
  });

  it('needs both ends to allow it', () => {
    const { canReach } = policy({ podSelector: {}, policyTypes: ['Egress'] });
    expect(canReach(shop('a'), shop('b'), 1)).toBe(false);
    expect(canReach({ ...shop('a'), namespace: 'other' }, shop('b'), 1)).toBe(true);
  });
});
