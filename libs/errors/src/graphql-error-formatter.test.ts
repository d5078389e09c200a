import { beforeEach, describe, expect, it } from 'vitest';
import { GraphQLError } from 'graphql';
import { errorCatalogue } from './catalogue.ts';
import { makeGraphqlErrorFormatter, protocolCatalogue } from './graphql-error-formatter.ts';
import { validationFailed } from './problem.ts';
import { argumentError, argumentErrorOf, ShopError } from './shop-error.ts';

let reported: unknown[] = [];
const format = makeGraphqlErrorFormatter((error) => reported.push(error));

beforeEach(() => {
  reported = [];
});

const PLACE = { locations: [{ line: 1, column: 3 }], path: ['me', 0] };

/** As Apollo Server hands over what a resolver threw. */
const formatThrown = (thrown: Error) => {
  const error = new GraphQLError(thrown.message, { originalError: thrown });
  const extensions = { code: 'INTERNAL_SERVER_ERROR', stacktrace: [thrown.stack ?? ''] };
  return format({ message: thrown.message, ...PLACE, extensions }, error);
};

/** The one error that was reported, without what GraphQL puts around it. */
const onlyReported = (): unknown => {
  expect(reported).toHaveLength(1);
  const [error] = reported;
  return error instanceof GraphQLError ? error.originalError : error;
};

describe('an unexpected error', () => {
  it.each([
    ['a plain one', new Error('password=hunter2 in postgres://10.0.0.1')],
    ['one with a code of its own', Object.assign(new Error('hunter2'), { code: 'FORBIDDEN' })],
    ['one of the language', new TypeError("reading 'hunter2' of undefined")],
  ])('%s is INTERNAL, says nothing of the inside, and is reported', (_kind, thrown) => {
    const formatted = formatThrown(thrown);
    expect(formatted).toEqual({
      message: errorCatalogue.INTERNAL,
      ...PLACE,
      extensions: { code: 'INTERNAL' },
    });
    expect(onlyReported()).toBe(thrown);
  });

  it('is INTERNAL too with a code that is not in the catalogue, or one that is no text', () => {
    for (const code of ['DOWNSTREAM_SERVICE_ERROR', 'toString', 7, null]) {
      const error = new GraphQLError('inside', { extensions: { code } });
      expect(format({ message: 'inside', extensions: { code } }, error)).toEqual({
        message: errorCatalogue.INTERNAL,
        extensions: { code: 'INTERNAL' },
      });
    }
    expect(reported).toHaveLength(4);
  });

  it('is INTERNAL even when it is no error at all', () => {
    for (const thrown of [undefined, null, 'hunter2', { message: 'hunter2' }]) {
      expect(format({ message: 'hunter2' }, thrown).message).toBe(errorCatalogue.INTERNAL);
    }
  });
});

describe('an error that means only that there was too much to do', () => {
  it('is UNAVAILABLE for a second, and is reported as any other', () => {
    const full = new Error('too many connections');
    const formatOverload = makeGraphqlErrorFormatter(
      (error) => reported.push(error),
      (error) => error === full,
    );
    const error = new GraphQLError(full.message, { originalError: full });
    expect(formatOverload({ message: full.message }, error)).toEqual({
      message: errorCatalogue.UNAVAILABLE,
      extensions: { code: 'UNAVAILABLE', retryAfterSeconds: 1 },
    });
    expect(reported).toEqual([full]);
  });
});

describe('an error of the catalogue', () => {
  it('keeps its code, its sentence and its place, and nothing else', () => {
    const formatted = formatThrown(new ShopError('BAD_USER_INPUT', 'id is not an id'));
    expect(formatted).toEqual({
      message: 'id is not an id',
      ...PLACE,
      extensions: { code: 'BAD_USER_INPUT' },
    });
    expect(reported).toEqual([]);
  });

  it("says the catalogue's sentence when it has none of its own", () => {
    expect(formatThrown(new ShopError('FORBIDDEN')).message).toBe(errorCatalogue.FORBIDDEN);
  });

  it('is the same when it comes without a resolver around it', () => {
    const thrown = new ShopError('UNAUTHENTICATED');
    expect(format({ message: 'x' }, thrown)).toEqual({
      message: errorCatalogue.UNAUTHENTICATED,
      extensions: { code: 'UNAUTHENTICATED' },
    });
  });

  it('is reported with its cause, which the client does not see', () => {
    const cause = new Error('connect ECONNREFUSED 10.0.0.1');
    const thrown = new ShopError('UNAVAILABLE', undefined, { cause });
    expect(JSON.stringify(formatThrown(thrown))).not.toContain('10.0.0.1');
    expect(onlyReported()).toBe(thrown);
  });

  it('is reported when it is INTERNAL', () => {
    formatThrown(new ShopError('INTERNAL'));
    expect(reported).toHaveLength(1);
  });
});

describe('an error of the protocol', () => {
  it.each(Object.keys(protocolCatalogue))('%s keeps its message and is not reported', (code) => {
    const formatted = format(
      { message: 'Syntax Error', extensions: { code, stacktrace: ['inside'] } },
      new GraphQLError('Syntax Error', { extensions: { code } }),
    );
    expect(formatted).toEqual({ message: 'Syntax Error', extensions: { code } });
    expect(reported).toEqual([]);
  });
});

describe('a request that Apollo Server refuses without a code', () => {
  const refuse = (extensions: object, originalError?: Error) =>
    format(
      {
        message: 'provided sha does not match query',
        extensions: { code: 'INTERNAL_SERVER_ERROR' },
      },
      new GraphQLError('provided sha does not match query', {
        extensions: { ...extensions },
        originalError: originalError ?? null,
      }),
    ).extensions;

  it('is BAD_REQUEST when its status says that the client caused it', () => {
    expect(refuse({ http: { status: 400 } })).toEqual({ code: 'BAD_REQUEST' });
    expect(reported).toEqual([]);
  });

  it.each([
    ['has no status', {}, undefined],
    ['has a status of the server', { http: { status: 500 } }, undefined],
    ['has a code', { http: { status: 400 }, code: 'INSIDE' }, undefined],
    ['was thrown inside', { http: { status: 400 } }, new Error('hunter2')],
  ])('is INTERNAL when it %s', (_what, extensions, originalError) => {
    expect(refuse(extensions, originalError)).toEqual({ code: 'INTERNAL' });
    expect(reported).toHaveLength(1);
  });
});

describe('a message that repeats what was sent', () => {
  const formatProtocol = (message: string) =>
    format({ message, extensions: { code: 'BAD_USER_INPUT' } }, new GraphQLError(message)).message;

  it('is cut at 500 units, and not inside a character', () => {
    expect(formatProtocol('x'.repeat(500))).toBe('x'.repeat(500));
    expect(formatProtocol('x'.repeat(501))).toBe(`${'x'.repeat(499)}\u2026`);
    const cut = formatProtocol('\u{1f600}'.repeat(500_000));
    expect(cut).toHaveLength(500);
    expect(cut.isWellFormed()).toBe(true);
  });
});

describe('an argument that is not valid', () => {
  it.each([
    [
      argumentError('first', 'must be from 1 to 100'),
      'first must be from 1 to 100',
      { argument: 'first', fault: 'must be from 1 to 100' },
    ],
    [
      argumentErrorOf(
        validationFailed([
          { path: 'skus.3', message: 'is empty' },
          { path: 'text', message: 'is too long' },
        ]),
        'filter',
      ),
      'filter.skus.3: is empty',
      { argument: 'filter.skus.3', fault: 'is empty' },
    ],
    [
      argumentErrorOf(validationFailed([{ path: '', message: 'must be an object' }]), 'filter'),
      'filter.input: must be an object',
      { argument: 'filter', fault: 'must be an object' },
    ],
  ])('is named in the extensions, with its fault', (thrown, message, details) => {
    const extensions = { code: 'BAD_USER_INPUT', ...details };
    expect(formatThrown(thrown)).toEqual({ message, ...PLACE, extensions });
    const fromSubgraph = new GraphQLError(message, { extensions });
    expect(format({ message, extensions }, fromSubgraph)).toEqual({ message, extensions });
  });

  it('is left out when it is no text, and cut when it is long', () => {
    const formatExtensions = (details: object) => {
      const extensions = { code: 'BAD_USER_INPUT', ...details };
      return format({ message: 'x', extensions }, new GraphQLError('x', { extensions })).extensions;
    };
    for (const details of [{ argument: 1, fault: 'x' }, { argument: 'x' }, { fault: 'x' }]) {
      expect(formatExtensions(details)).toEqual({ code: 'BAD_USER_INPUT' });
    }
    const long = 'x'.repeat(501);
    const cut = `${'x'.repeat(499)}\u2026`;
    expect(formatExtensions({ argument: long, fault: long })).toEqual({
      code: 'BAD_USER_INPUT',
      argument: cut,
      fault: cut,
    });
  });
});

describe('when to try again', () => {
  it('is set by the failed service, and passed on by the router', () => {
    const thrown = new ShopError('UNAVAILABLE', undefined, { retryAfterSeconds: 7 });
    const extensions = { code: 'UNAVAILABLE', retryAfterSeconds: 7 };
    expect(formatThrown(thrown).extensions).toEqual(extensions);
    const onTheWay = new GraphQLError('away', { extensions });
    expect(format({ message: 'away', extensions }, onTheWay).extensions).toEqual(extensions);
  });

  it.each([['soon'], [-1], [0], [1.5], [null]])(
    'is a number of whole seconds, not %j',
    (seconds) => {
      const extensions = { code: 'UNAVAILABLE', retryAfterSeconds: seconds };
      const error = new GraphQLError('away', { extensions });
      expect(format({ message: 'away', extensions }, error).extensions).toEqual({
        code: 'UNAVAILABLE',
      });
    },
  );
});
