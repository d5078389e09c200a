import { z } from 'zod';

/** How to connect to the broker. */
export type NatsServers = {
  /** `host:port` each. */
  readonly servers: readonly string[];
  readonly isEncrypted: boolean;
  readonly user?: string;
  readonly password?: string;
  readonly token?: string;
};

const NO_ADDRESSES = 'is not nats:// or tls:// addresses';

const NOT_ENCODED = 'has a user, password or token that is not percent-encoded: % is %25';

/** Null for a text that is not percent-encoded. */
const decode = (text: string): string | null => {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
};

/** @returns what is wrong with the text, without the text: it may hold a password */
const readServers = (text: string): NatsServers | string => {
  const urls = text.split(',').map((part) => URL.parse(part.trim()));
  const [first] = urls;
  if (!first) return NO_ADDRESSES;
  const isServer = (url: URL | null): boolean =>
    url !== null && ['nats:', 'tls:'].includes(url.protocol) && url.hostname !== '';
  if (!urls.every(isServer)) return NO_ADDRESSES;
  const user = decode(first.username);
  const password = decode(first.password);
  if (user === null || password === null) return NOT_ENCODED;
  return {
    servers: urls.flatMap((url) => url?.host ?? []),
    isEncrypted: first.protocol === 'tls:',
    // A name without a password is a token, as in NATS's own tools.
    ...(password && { user, password }),
    ...(user && !password && { token: user }),
  };
};

/** Addresses of NATS servers, `nats://user:password@host:4222` or `tls://...`, separated by commas. */
export const natsServers = () =>
  z.string().transform((text, context): NatsServers => {
    const servers = readServers(text);
    if (typeof servers === 'object') return servers;
    context.addIssue({ code: 'custom', message: servers });
    return z.NEVER;
  });
