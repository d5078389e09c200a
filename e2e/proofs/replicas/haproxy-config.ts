/** Replicas of one app, and the port at which they are reached together. */
export type Backend = {
  readonly name: string;
  readonly port: number;
  readonly replicas: readonly { readonly name: string; readonly port: number }[];
};

/**
 * A replica is checked this often. After the first failure the second check is sooner: one slow answer
 * does not remove it.
 */
const CHECK_EVERY_MS = 250;
const CHECK_AGAIN_MS = 100;
const CHECK_TIMEOUT_MS = 2_000;

/**
 * How long a stopping replica has to answer requests, until no more are sent to it: two failed checks,
 * on a busy machine.
 */
export const SHUTDOWN_DELAY_MS = 2_000;

const DEFAULTS = `global
  log stdout format raw local0
  maxconn 4000
  nbthread 1

defaults
  mode http
  log global
  option httplog
  # Only what failed or was tried again.
  option dontlog-normal
  option forwardfor
  balance leastconn
  # A request is sent to another replica only if it was sent to none: the connection was refused.
  retries 3
  option redispatch 1
  retry-on conn-failure
  timeout connect 2s
  timeout client 60s
  timeout server 60s
  timeout queue 5s
  timeout http-request 30s
  timeout http-keep-alive 60s
  option httpchk
  http-check send meth GET uri /readyz ver HTTP/1.1 hdr Host 127.0.0.1
  http-check expect status 200
  timeout check ${CHECK_TIMEOUT_MS}ms
  default-server inter ${CHECK_EVERY_MS}ms fastinter ${CHECK_AGAIN_MS}ms downinter ${CHECK_AGAIN_MS}ms fall 2 rise 1`;

const toBackend = ({ name, port, replicas }: Backend): string => {
  const servers = replicas.map((one) => `  server ${one.name} 127.0.0.1:${one.port} check`);
  return [`listen ${name}`, `  bind 127.0.0.1:${port}`, ...servers].join('\n');
};

/**
 * The configuration of haproxy in front of all apps.
 * @param statusPort where the state of each replica can be read
 */
export const makeHaproxyConfig = (backends: readonly Backend[], statusPort: number): string =>
  [
    DEFAULTS,
    ...backends.map(toBackend),
    `listen status\n  bind 127.0.0.1:${statusPort}\n  stats enable\n  stats uri /`,
    '',
  ].join('\n\n');
