import { ColumnTypeEnum, isDriverAdapterError } from '@prisma/driver-adapter-utils';
import type {
  ColumnType,
  SqlDriverAdapter,
  SqlQuery,
  SqlResultSet,
} from '@prisma/driver-adapter-utils';
import pg from 'pg';

const NAME_OID = 19;

/** The types of all columns that the engine selects beside a "char". */
const COLUMN_TYPES: ReadonlyMap<number, ColumnType> = new Map<number, ColumnType>([
  [pg.types.builtins.BOOL, ColumnTypeEnum.Boolean],
  [pg.types.builtins.CHAR, ColumnTypeEnum.Character],
  [NAME_OID, ColumnTypeEnum.Text],
  [pg.types.builtins.INT2, ColumnTypeEnum.Int32],
  [pg.types.builtins.OID, ColumnTypeEnum.Int64],
  [pg.types.builtins.TEXT, ColumnTypeEnum.Text],
]);

/**
 * Runs one of the engine's queries through Prisma's adapter, and by hand where that gives up: it
 * does not know the type "char" (github.com/prisma/prisma/issues/27403), which the engine asks
 * for when it reads constraints. Those are plain reads, so that running one again is harmless.
 */
export async function queryCatalogue(
  pool: pg.Pool,
  prisma: SqlDriverAdapter,
  query: SqlQuery,
): Promise<SqlResultSet> {
  try {
    return await prisma.queryRaw(query);
  } catch (error) {
    if (!isDriverAdapterError(error) || error.cause.kind !== 'UnsupportedNativeDataType') {
      throw error;
    }
    const { fields, rows } = await pool.query<unknown[]>({
      text: query.sql,
      values: query.args,
      rowMode: 'array',
    });
    const columnTypes = fields.map(({ dataTypeID }) => COLUMN_TYPES.get(dataTypeID));
    if (!columnTypes.every((type) => type !== undefined)) {
      throw error;
    }
    return { columnNames: fields.map(({ name }) => name), columnTypes, rows };
  }
}
