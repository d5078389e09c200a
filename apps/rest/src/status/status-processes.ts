import { z } from 'zod';
import type { StatusTarget } from './read-process.ts';

/** Each is read again and again, and is a part of the page. */
const MAX_PROCESSES = 50;

const NAME = /^[a-z][a-z0-9-]{0,30}$/;

/** Reads `order=http://127.0.0.1:9403`; null for another text. */
const readTarget = (entry: string): StatusTarget | null => {
  const [name = '', address = ''] = entry.split('=');
  if (!NAME.test(name) || !URL.canParse(address)) return null;
  const { protocol, origin, href } = new URL(address);
  const isOrigin = /^https?:$/.test(protocol) && href === `${origin}/`;
  return isOrigin && entry === `${name}=${address}` ? { name, origin } : null;
};

/**
 * The processes of the status page and the origins of their private ports, separated by commas. Replicas
 * of a service are entries of the same name.
 */
export const statusProcesses = (): z.ZodType<readonly StatusTarget[], unknown> =>
  z
    .string()
    .transform((text) => text.split(',').map((entry) => readTarget(entry.trim())))
    .refine(
      (targets): targets is StatusTarget[] => targets.every((target) => target !== null),
      'must be names and private origins such as order=http://127.0.0.1:9403, separated by commas',
    )
    .refine(
      (targets) => targets.length <= MAX_PROCESSES,
      `must be ${MAX_PROCESSES} processes at most`,
    );
