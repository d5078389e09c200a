import { CommandFailure, EXIT } from '@cartograph/command';
import { isWorkload, type KubernetesObject, type Workload } from './rendering.ts';

/** Where the pods have the files of their Secret, each named like its key. */
const SECRETS_FOLDER = '/run/secrets/';

/** The Secret that a pod mounts there. */
const mountedSecretOf = ({ spec }: Workload): string | undefined =>
  spec.template.spec?.volumes?.find(({ secret }) => secret)?.secret?.secretName;

/** The keys of Secrets that a workload needs: pairs of a Secret's name and a key. */
const keysOf = (workload: Workload): readonly (readonly [string, string])[] => {
  const mounted = mountedSecretOf(workload);
  const containers = workload.spec.template.spec?.containers ?? [];
  return containers
    .flatMap(({ env = [] }) => env)
    .flatMap(({ value, valueFrom }) => {
      const { name, key } = valueFrom?.secretKeyRef ?? {};
      if (name !== undefined && key !== undefined) return [[name, key] as const];
      if (mounted === undefined || !value?.startsWith(SECRETS_FOLDER)) return [];
      return [[mounted, value.slice(SECRETS_FOLDER.length)] as const];
    });
};

/** The keys that each Secret must have, by its name, for all pods of a rendering. */
export const collectSecretKeys = (
  objects: readonly KubernetesObject[],
): ReadonlyMap<string, ReadonlySet<string>> => {
  const keys = new Map<string, Set<string>>();
  for (const [name, key] of objects.filter(isWorkload).flatMap(keysOf)) {
    keys.set(name, (keys.get(name) ?? new Set()).add(key));
  }
  return keys;
};

/** A Secret, as the API server takes it. */
export type SecretObject = KubernetesObject & {
  readonly type: 'Opaque';
  /** In base64. */
  readonly data: Readonly<Record<string, string>>;
};

/**
 * Makes the Secrets that the pods of a rendering need.
 * @param values of the keys
 * @throws CommandFailure that names a key without a value
 */
export const makeSecretObjects = (
  objects: readonly KubernetesObject[],
  values: Readonly<Record<string, string>>,
): readonly SecretObject[] => {
  const namespace = objects.find(({ kind }) => kind === 'Namespace')?.metadata.name;
  const encode = (key: string): string => {
    const value = values[key];
    if (value === undefined) throw new CommandFailure(EXIT.failed, `There is no value of ${key}.`);
    return Buffer.from(value).toString('base64');
  };
  return [...collectSecretKeys(objects)].map(([name, keys]) => ({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, ...(namespace !== undefined && { namespace }) },
    type: 'Opaque',
    data: Object.fromEntries([...keys].toSorted().map((key) => [key, encode(key)])),
  }));
};
