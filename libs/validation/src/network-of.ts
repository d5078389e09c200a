const MAPPED = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/;

const GROUPS = 8;
const NETWORK_GROUPS = 4;

/** `0102` -> `1.2`. */
const toDotted = (group: string): string => {
  const value = Number.parseInt(group, 16);
  return `${value >> 8}.${value & 0xff}`;
};

/** `2001:db8::1` -> its eight groups. */
const toGroups = (address: string): readonly string[] => {
  const [head = '', tail] = address.split('::');
  const split = (text: string) => (text === '' ? [] : text.split(':'));
  const [first, last] = [split(head), split(tail ?? '')];
  const zeros = Array<string>(GROUPS - first.length - last.length).fill('0');
  return tail === undefined ? first : [...first, ...zeros, ...last];
};

/** An address with a port, as some proxies write it: `203.0.113.7:51834`, `[2001:db8::1]:51834` (RFC 7239, section 6). */
const WITH_PORT = /^(?:(\d{1,3}(?:\.\d{1,3}){3}):\d{1,5}|\[([^\]]{2,45})\](?::\d{1,5})?)$/;

/** Without the port, which is another one for each connection. */
const withoutPort = (address: string): string => {
  const [, ipv4, ipv6] = WITH_PORT.exec(address) ?? [];
  return ipv4 ?? ipv6 ?? address;
};

/**
 * The part of an address that one client can't choose: a whole IPv4 address, also when it is written
 * as IPv6, and the /64 of an IPv6 address, because one household has all addresses of a /64
 * (RFC 6177, section 2). A text that is no address is returned unchanged.
 */
export const networkOf = (given: string): string => {
  const address = withoutPort(given);
  const host = `http://[${address}]`;
  if (!address.includes(':') || !URL.canParse(host)) return address;
  // The parser normalises every spelling to that of RFC 5952.
  const canonical = new URL(host).hostname.slice(1, -1);
  const [, high, low] = MAPPED.exec(canonical) ?? [];
  if (high !== undefined && low !== undefined) return `${toDotted(high)}.${toDotted(low)}`;
  return `${toGroups(canonical).slice(0, NETWORK_GROUPS).join(':')}::/64`;
};
