import { Type, type Static, type TSchema, type TUnsafe } from 'typebox';

/**
 * Points at a schema of the document by its name, and keeps its type.
 * @throws when the schema has no name
 */
export const reference = <Schema extends TSchema>(schema: Schema): TUnsafe<Static<Schema>> => {
  const name = '$id' in schema ? schema.$id : undefined;
  if (typeof name !== 'string') throw new Error('a schema without $id cannot be pointed at');
  return Type.Unsafe<Static<Schema>>(Type.Ref(`${name}#`));
};
