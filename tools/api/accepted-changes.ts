/**
 * Breaking changes of /v1 that are made on purpose, as `npm run api:check` prints them, with the reason.
 * An entry can be removed once main has the change.
 */
export const ACCEPTED_CHANGES: Readonly<Record<string, string>> = {};
