import { z } from 'zod';

/** A TCP port; 0 lets the system choose one. */
export const port = (): z.ZodType<number, unknown> => z.coerce.number().int().min(0).max(65_535);

/** A whole number of milliseconds, at least 1. */
export const milliseconds = (): z.ZodType<number, unknown> => z.coerce.number().int().min(1);

/** A whole number of milliseconds, `min` or more. */
export const millisecondsFrom = (min: number): z.ZodType<number, unknown> =>
  z.coerce.number().int().min(min);

/** An http or https address. */
export const httpUrl = (): z.ZodType<string, unknown> => z.url({ protocol: /^https?$/ });

/** The address of a Postgres database, with role and password in it. */
export const postgresUrl = (): z.ZodType<string, unknown> => z.url({ protocol: /^postgres(ql)?$/ });

/** A secret that two processes share: at least 32 characters, so that it can't be guessed. */
export const secret = (): z.ZodType<string, unknown> => z.string().min(32);

/** A PEM text; `\n` may stand for a line's end, as files of variables have it. */
export const pem = (): z.ZodType<string, unknown> =>
  z
    .string()
    .transform((text) => text.replaceAll('\\n', '\n'))
    .refine((text) => text.includes('-----BEGIN '), 'is not a PEM text');
