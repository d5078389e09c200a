/** The same data with null at each path; a path goes through every item of a list. */
export const withNulls = (value: unknown, paths: readonly (readonly string[])[]): unknown => {
  if (Array.isArray(value)) return value.map((item) => withNulls(item, paths));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, child]) => {
      const here = paths.filter(([first]) => first === key).map((path) => path.slice(1));
      return [key, here.some(({ length }) => length === 0) ? null : withNulls(child, here)];
    }),
  );
};
