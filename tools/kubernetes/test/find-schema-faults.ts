import { ExternalSecret } from '@kubernetes-models/external-secrets/external-secrets.io/v1/ExternalSecret';
import { PrometheusRule } from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/PrometheusRule';
import { ServiceMonitor } from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/ServiceMonitor';
import { Deployment } from 'kubernetes-models/apps/v1/Deployment';
import { StatefulSet } from 'kubernetes-models/apps/v1/StatefulSet';
import { HorizontalPodAutoscaler } from 'kubernetes-models/autoscaling/v2/HorizontalPodAutoscaler';
import { Job } from 'kubernetes-models/batch/v1/Job';
import { Ingress } from 'kubernetes-models/networking.k8s.io/v1/Ingress';
import { NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1/NetworkPolicy';
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1/PodDisruptionBudget';
import { ConfigMap } from 'kubernetes-models/v1/ConfigMap';
import { Namespace } from 'kubernetes-models/v1/Namespace';
import { Secret } from 'kubernetes-models/v1/Secret';
import { Service } from 'kubernetes-models/v1/Service';
import type { KubernetesObject } from '../rendering.ts';

const MODELS = [
  ConfigMap,
  Deployment,
  ExternalSecret,
  HorizontalPodAutoscaler,
  Ingress,
  Job,
  Namespace,
  NetworkPolicy,
  PodDisruptionBudget,
  PrometheusRule,
  Secret,
  Service,
  ServiceMonitor,
  StatefulSet,
];

/** An object whose fields are recorded when they are read, at any depth: `.spec.template`. */
const observe = <Value extends object>(value: Value, path: string, read: Set<string>): Value =>
  new Proxy(value, {
    get: (target, key) => {
      const found: unknown = Reflect.get(target, key);
      if (typeof key === 'symbol') return found;
      const place = `${path}.${key}`;
      read.add(place);
      return typeof found === 'object' && found !== null ? observe(found, place, read) : found;
    },
  });

/** The fields that a validation did not read; those inside of them are left out. */
const listUnread = (value: object, path: string, read: ReadonlySet<string>): readonly string[] =>
  Object.entries(value).flatMap(([key, inner]: [string, unknown]) => {
    const place = `${path}.${key}`;
    if (!read.has(place)) return [place];
    return typeof inner === 'object' && inner !== null ? listUnread(inner, place, read) : [];
  });

/**
 * Validates an object against the schema of its kind, as the API server does: also a field that the
 * schema does not have is a fault. The schemas ignore those, so they are the fields that are not read.
 */
export const findSchemaFaults = (object: KubernetesObject): readonly string[] => {
  const { apiVersion, kind, metadata } = object;
  const name = `${kind} ${metadata.name}`;
  const model = MODELS.find((one) => one.apiVersion === apiVersion && one.kind === kind);
  if (!model) return [`${name}: no schema of ${apiVersion} ${kind}`];
  const read = new Set<string>();
  try {
    model.prototype.validate.call(observe(object, '', read));
  } catch (error) {
    return [`${name}: ${(error as Error).message}`];
  }
  return listUnread(object, '', read).map((place) => `${name}: ${place} is not a field`);
};
