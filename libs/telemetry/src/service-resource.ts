import { readFileSync } from 'node:fs';
import type { Resource } from '@opentelemetry/resources';

/** All processes are of one repository, and are released together. */
const readVersion = (): string => {
  try {
    const file = new URL('../../../package.json', import.meta.url);
    const { version } = JSON.parse(readFileSync(file, 'utf8')) as { readonly version?: string };
    return version ?? 'unknown';
  } catch {
    // Telemetry must not keep a process from starting.
    return 'unknown';
  }
};

/** Describes this process in its spans and metrics: `service.name` and `service.version`. */
export const serviceResource = async (serviceName: string): Promise<Resource> => {
  const { defaultResource, resourceFromAttributes } = await import('@opentelemetry/resources');
  return defaultResource().merge(
    resourceFromAttributes({ 'service.name': serviceName, 'service.version': readVersion() }),
  );
};
