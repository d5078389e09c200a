import path from 'node:path';
import type { KubernetesObject, Workload } from '../rendering.ts';

type ConfigMap = KubernetesObject & { readonly data: Readonly<Record<string, string>> };

/** What the image of an app sets (docker/Dockerfile). */
const IMAGE = { NODE_ENV: 'production', HOST: '0.0.0.0', METRICS_HOST: '0.0.0.0' };

/** The environment of a workload's only container, in parts. */
export type PodEnvironment = {
  /** Values in the manifests. */
  readonly values: Readonly<Record<string, string>>;
  /** Secret variables, and the key of the pod's Secret that each is read from. */
  readonly secrets: Readonly<Record<string, string>>;
};

/** A file that a service reads itself, and more than once, rather than a variable's value. */
const OWN_FILES = new Set(['JWT_KEYS_FILE']);

/** Collects the environment of a pod from its container and the ConfigMaps of the rendering. */
export const collectEnvironment = (
  workload: Workload,
  objects: readonly KubernetesObject[],
): PodEnvironment => {
  const [container, ...others] = workload.spec.template.spec?.containers ?? [];
  if (!container || others.length > 0) throw new Error('not one container');
  const values: Record<string, string> = { ...IMAGE };
  const secrets: Record<string, string> = {};
  for (const { configMapRef } of container.envFrom ?? []) {
    const found = objects.find(
      ({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === configMapRef?.name,
    );
    if (!found) throw new Error(`no ConfigMap ${configMapRef?.name}`);
    Object.assign(values, (found as ConfigMap).data);
  }
  for (const { name, value, valueFrom } of container.env ?? []) {
    if (valueFrom?.secretKeyRef) secrets[name] = valueFrom.secretKeyRef.key;
    else if (value === undefined) throw new Error(`${name} has no value`);
    else if (!value.startsWith('/run/secrets/')) values[name] = value;
    else secrets[OWN_FILES.has(name) ? name : name.replace(/_FILE$/, '')] = path.basename(value);
  }
  return { values, secrets };
};
