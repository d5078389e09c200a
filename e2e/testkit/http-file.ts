import { randomUUID } from 'node:crypto';

/** A request of an .http file, with its placeholders. */
export type FileRequest = {
  /** The status that its title begins with. */
  readonly status: number;
  readonly title: string;
  /** By which later requests name its response; empty when they do not. */
  readonly name: string;
  readonly method: string;
  readonly url: string;
  readonly headers: readonly (readonly [string, string])[];
  /** Empty when there is none. */
  readonly body: string;
};

/** The bodies of earlier responses, by the names of their requests. */
export type Responses = ReadonlyMap<string, unknown>;

const parseRequest = (text: string): FileRequest => {
  const [title = '', ...lines] = text.split('\n');
  const [, status = '0', words = ''] = /^\s*(\d{3}) (.*)$/.exec(title) ?? [];
  const isComment = (line: string): boolean => line.startsWith('#');
  const name = lines.map((line) => /^# @name (\w+)/.exec(line)?.[1]).find((one) => one) ?? '';
  const start = lines.findIndex((line) => line.trim() !== '' && !isComment(line));
  const blank = lines.findIndex((line, index) => index > start && line.trim() === '');
  const end = blank < 0 ? lines.length : blank;
  const [method = '', url = ''] = (lines[start] ?? '').split(' ');
  const headers = lines.slice(start + 1, end).map((line) => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon), line.slice(colon + 1).trim()] as const;
  });
  const body = lines.slice(end).join('\n').trim();
  return { status: Number(status), title: words, name, method, url, headers, body };
};

/** Reads an .http file: its variables and its requests. */
export const parseHttpFile = (
  text: string,
): {
  readonly variables: ReadonlyMap<string, string>;
  readonly requests: readonly FileRequest[];
} => {
  const [head = '', ...requests] = text.split(/^###/m);
  const variables = [...head.matchAll(/^@(\w+) = (.*)$/gm)].map(
    ([, name = '', value = '']) => [name, value] as const,
  );
  return { variables: new Map(variables), requests: requests.map(parseRequest) };
};

const RESPONSE = /^(\w+)\.response\.body\.\$\.(.+)$/;

/** Follows `data[0].id`. */
const follow = (body: unknown, path: string): unknown =>
  path
    .split(/[.[\]]+/)
    .filter((key) => key !== '')
    .reduce((value, key) => (value as Record<string, unknown> | undefined)?.[key], body);

/**
 * Puts values in place of the placeholders of a text.
 * @throws when there is no such value
 */
export const fillIn = (
  text: string,
  variables: ReadonlyMap<string, string>,
  responses: Responses,
): string =>
  text.replace(/\{\{([^}]+)\}\}/g, (placeholder, what: string) => {
    if (what === '$guid') return randomUUID();
    const [, name = '', path = ''] = RESPONSE.exec(what) ?? [];
    const value = name === '' ? variables.get(what) : follow(responses.get(name), path);
    if (typeof value !== 'string' && typeof value !== 'number') {
      throw new Error(`there is no ${placeholder}`);
    }
    return String(value);
  });
