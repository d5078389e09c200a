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

const readServers = (text: string): NatsServers | null => {
  const urls = text.split(',').map((part) => URL.parse(part.trim()));
  const [first] = urls;
  if (!first) return null;
  const isServer = (url: URL | null): boolean =>
    url !== null && ['nats:', 'tls:'].includes(url.protocol) && url.hostname !== '';
  if (!urls.every(isServer)) return null;
  const user = decodeURIComponent(first.username);
  const password = decodeURIComponent(first.password);
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
    if (servers) return servers;
    context.addIssue({ code: 'custom', message: 'is not nats:// or tls:// addresses' });
    return z.NEVER;
  });
