/** Fields whose values are never logged. */
const SECRET_FIELDS: ReadonlySet<string> = new Set([
  'authorization',
  'Authorization',
  'cookie',
  'password',
  'newPassword',
  'currentPassword',
  'token',
  'accessToken',
  'refreshToken',
  'access_token',
  'refresh_token',
  'passwordHash',
  'password_hash',
  'card',
  'secret',
  'x-router-authorization',
  'x-cartograph-caller',
]);

const REDACTED = '[redacted]';

/** What is not searched for secrets is not logged. */
const NOT_SEARCHED = '[object]';

/** Levels of objects in one line, and fields in all of them. Deeper and further objects are left out. */
const MAX_LEVELS = 6;
const MAX_FIELDS = 10_000;

/** Logged as what it returns, such as a date. */
const hasOwnJson = (value: object): boolean =>
  typeof (value as { toJSON?: unknown }).toJSON === 'function';

/**
 * Replaces the values of secret fields. What has none is returned as it is, which is nearly always
 * the case, so that a line costs no copy; else the objects around a secret are copied.
 * @param skipped top-level fields that are redacted elsewhere
 */
export const redactSecrets = <Fields extends object>(
  fields: Fields,
  skipped: ReadonlySet<string> | null = null,
): Fields => {
  let left = MAX_FIELDS;

  const redact = (value: object, levels: number): object => {
    let copy: Record<string, unknown> | unknown[] | null = null;
    for (const name in value) {
      if (levels === MAX_LEVELS && skipped?.has(name)) continue;
      left -= 1;
      const field = (value as Record<string, unknown>)[name];
      let shown = field;
      if (field === undefined) continue;
      if (SECRET_FIELDS.has(name)) shown = REDACTED;
      else if (typeof field === 'object' && field !== null && !hasOwnJson(field)) {
        shown = levels > 1 && left > 0 ? redact(field, levels - 1) : NOT_SEARCHED;
      }
      if (shown === field) continue;
      copy ??= Array.isArray(value) ? [...(value as unknown[])] : { ...value };
      (copy as Record<string, unknown>)[name] = shown;
    }
    return copy ?? value;
  };
  return redact(fields, MAX_LEVELS) as Fields;
};
