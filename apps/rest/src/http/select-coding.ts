import { negotiate } from '@fastify/accept-negotiator';

/** A smaller body is sent in as many packets without it. */
const MIN_BYTES = 1_024;

/** How a body can be compressed; of those that a client likes as much, the first. */
const CODINGS = ['br', 'gzip'] as const;

/** How a body is compressed. */
export type Coding = (typeof CODINGS)[number];

const nameOf = (element: string): string => element.split(';', 1)[0]?.trim() ?? '';

/** `*` stands for the codings that the header does not list, with its weight: RFC 9110, section 12.5.3. */
const expandWildcard = (accepted: string): string => {
  // Names of codings are not case-sensitive: RFC 9110, section 8.4.1.
  const elements = accepted.toLowerCase().split(',');
  const listed = new Set(elements.map(nameOf));
  const others = CODINGS.filter((coding) => !listed.has(coding));
  return elements
    .flatMap((element) =>
      nameOf(element) === '*' ? others.map((coding) => element.replace('*', coding)) : [element],
    )
    .join(',');
};

const isCoding = (text: string | null): text is Coding => CODINGS.some((coding) => coding === text);

/**
 * The coding of the representation that a request selects.
 * @param accepted the Accept-Encoding of the request
 * @param bytes the length of the body before it is compressed
 * @returns null when the body is sent as it is
 */
export const selectCoding = (accepted: string | undefined, bytes: number): Coding | null => {
  if (accepted === undefined || bytes < MIN_BYTES) return null;
  const selected = negotiate(expandWildcard(accepted), [...CODINGS, 'identity']);
  return isCoding(selected) ? selected : null;
};
