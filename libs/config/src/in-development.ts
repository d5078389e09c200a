import { z } from 'zod';

/** The values that fields have where production's rules do not hold. */
const developmentDefaults = z.registry<{ readonly value: string }>();

/**
 * Gives a field a default that holds in development and in tests alone, such as an address of this
 * machine. Production must set the variable.
 * @param value as it would stand in the environment
 */
export const inDevelopment = <Field extends z.ZodType>(field: Field, value: string): Field => {
  developmentDefaults.add(field, { value });
  return field;
};

/** The defaults of a schema's fields that were declared by `inDevelopment`, by variable. */
export const findDevelopmentDefaults = (schema: z.ZodObject): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(schema.shape).flatMap(([name, field]) => {
      const found = developmentDefaults.get(field as z.ZodType);
      return found ? [[name, found.value]] : [];
    }),
  );
