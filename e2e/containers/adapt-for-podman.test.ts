import { expect, it } from 'vitest';
import {
  collectSecretKeys,
  makeSecretObjects,
} from '../../tools/kubernetes/make-secret-objects.ts';
import { parseRendering, readRendering } from '../../tools/kubernetes/rendering.ts';
import { APPS } from '../../tools/services.ts';
import { adaptForPodman } from './adapt-for-podman.ts';

const objects = readRendering('dev');
const keys = [...collectSecretKeys(objects).values()].flatMap((names) => [...names]);
const secrets = makeSecretObjects(
  objects,
  Object.fromEntries(keys.map((key) => [key, `<${key}>`])),
);

it.each(APPS)('%s has its Deployment, and its secrets as text', (app) => {
  const adapted = parseRendering(adaptForPodman(objects, secrets, app));
  expect(adapted).toMatchObject([
    { kind: 'ConfigMap', data: { ROUTER_URL: 'http://router:4000/graphql' } },
    { kind: 'ConfigMap', metadata: { name: app } },
    { kind: 'Deployment', metadata: { name: app } },
  ]);
  const { data } = adapted[1] as unknown as { data: Readonly<Record<string, string>> };
  for (const [key, value] of Object.entries(data)) expect(value).toBe(`<${key}>`);
});
