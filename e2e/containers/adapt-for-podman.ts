import { stringify } from 'yaml';
import type { SecretObject } from '../../tools/kubernetes/make-secret-objects.ts';
import {
  isWorkload,
  type KubernetesObject,
  type Workload,
} from '../../tools/kubernetes/rendering.ts';
import type { AppName } from '../../tools/services.ts';

type PodSpec = NonNullable<Workload['spec']['template']['spec']>;
type Volume = NonNullable<PodSpec['volumes']>[number];
type Container = PodSpec['containers'][number];

/**
 * A Secret as a ConfigMap: Podman writes the values of a Secret into files as they are in the manifest, in
 * base64.
 */
const toConfigMap = ({ metadata, data }: SecretObject) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata,
  data: Object.fromEntries(
    Object.entries(data).map(([key, value]) => [key, Buffer.from(value, 'base64').toString()]),
  ),
});

/** The volume of that ConfigMap. Where a Secret has no `optional`, Podman ends with a panic. */
const toConfigMapVolume = ({ secret, ...volume }: Volume): Volume =>
  secret?.secretName ? { ...volume, configMap: { name: secret.secretName } } : volume;

/**
 * A container without its probes: Podman runs them by curl, which no image has, on port 0, since it knows no
 * names of ports. And without its port for metrics, which all apps have: Podman publishes each port on the
 * machine.
 */
const adaptContainer = ({
  livenessProbe: _liveness,
  readinessProbe: _readiness,
  startupProbe: _startup,
  ports = [],
  ...container
}: Container): Container => ({
  ...container,
  ports: ports.filter(({ name }) => name !== 'metrics'),
});

/**
 * The manifests of an app for `podman kube play` of Podman 4.3: its Deployment, the ConfigMap of all apps and
 * its Secret. Only what that version can't do is changed.
 * @param objects a rendering
 * @returns YAML
 */
export const adaptForPodman = (
  objects: readonly KubernetesObject[],
  secrets: readonly SecretObject[],
  app: AppName,
): string => {
  const deployment = objects
    .filter(isWorkload)
    .find(({ kind, metadata }) => kind === 'Deployment' && metadata.name === app);
  const spec = deployment?.spec.template.spec;
  if (!deployment || !spec) throw new Error(`the rendering has no Deployment ${app}`);
  const names = spec.volumes?.map(({ secret }) => secret?.secretName);
  const adapted = {
    ...deployment,
    spec: {
      ...deployment.spec,
      template: {
        ...deployment.spec.template,
        spec: {
          ...spec,
          containers: spec.containers.map(adaptContainer),
          volumes: spec.volumes?.map(toConfigMapVolume),
        },
      },
    },
  };
  return [
    ...objects.filter(({ kind }) => kind === 'ConfigMap'),
    ...secrets.filter(({ metadata }) => names?.includes(metadata.name)).map(toConfigMap),
    adapted,
  ]
    .map((object) => stringify(object))
    .join('---\n');
};
