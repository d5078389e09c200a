import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { PrismaPg } from '@prisma/adapter-pg';
import {
  bindMigrationAwareSqlAdapterFactory,
  type ColumnType,
  ColumnTypeEnum,
  type SqlDriverAdapter,
} from '@prisma/driver-adapter-utils';
import * as bindings from '@prisma/schema-engine-wasm/schema_engine_bg';
import pg from 'pg';

const BINDINGS = '@prisma/schema-engine-wasm/schema_engine_bg';
const TEXT_ARRAY_OID = 1009;

/** The types of the columns that the engine selects; all others are texts. */
const COLUMN_TYPES: ReadonlyMap<number, ColumnType> = new Map<number, ColumnType>([
  [pg.types.builtins.BOOL, ColumnTypeEnum.Boolean],
  [pg.types.builtins.CHAR, ColumnTypeEnum.Character],
  [pg.types.builtins.INT2, ColumnTypeEnum.Int32],
  [pg.types.builtins.INT4, ColumnTypeEnum.Int32],
  [pg.types.builtins.INT8, ColumnTypeEnum.Int64],
  [pg.types.builtins.OID, ColumnTypeEnum.Int64],
  [TEXT_ARRAY_OID, ColumnTypeEnum.TextArray],
]);

/** As much of it as is used here: its types are in the DOM library, which no server code has. */
declare const WebAssembly: {
  instantiate(
    bytes: Uint8Array,
    imports: Record<string, object>,
  ): Promise<{ instance: { exports: Record<string, unknown> } }>;
};

/**
 * The package's own entry imports the .wasm as a module, which Node does only behind a flag: its
 * glue code gets the instance here, as that entry would give it.
 */
const instantiate = async (): Promise<void> => {
  const onPanic = (message: string): never => {
    throw new Error(`Prisma's schema engine panicked: ${message}`);
  };
  Object.assign(globalThis, { PRISMA_WASM_PANIC_REGISTRY: { set_message: onPanic } });
  const wasmPath = createRequire(import.meta.url)
    .resolve(BINDINGS)
    .replace(/\.js$/, '.wasm');
  const { instance } = await WebAssembly.instantiate(await readFile(wasmPath), {
    './schema_engine_bg.js': { ...bindings },
  });
  bindings.__wbg_set_wasm(instance.exports);
  (instance.exports['__wbindgen_start'] as () => void)();
};

let instantiated: Promise<void> | undefined;

/**
 * Prisma's adapter, but for the type "char", which it does not know
 * (github.com/prisma/prisma/issues/27403) and the engine selects when it reads constraints.
 */
const connect = async (pool: pg.Pool): Promise<SqlDriverAdapter> => {
  const adapter = await new PrismaPg(pool).connect();
  adapter.queryRaw = async ({ sql: text, args: values }) => {
    const { fields, rows } = await pool.query<unknown[]>({ text, values, rowMode: 'array' });
    return {
      columnNames: fields.map(({ name }) => name),
      columnTypes: fields.map(
        ({ dataTypeID }) => COLUMN_TYPES.get(dataTypeID) ?? ColumnTypeEnum.Text,
      ),
      rows,
    };
  };
  return adapter;
};

/**
 * Compares a database with a Prisma schema.
 * @returns the SQL that leads from the one to the other; an empty text when they agree
 * @throws the engine's error, when the schema is not valid
 */
export const diffSchema = async (
  connectionString: string,
  schema: { readonly path: string; readonly content: string },
): Promise<string> => {
  instantiated ??= instantiate();
  await instantiated;
  const pool = new pg.Pool({ connectionString, max: 1 });
  try {
    const adapter = await connect(pool);
    const engine = await bindings.SchemaEngine.new(
      { datamodels: [[schema.path, schema.content]] },
      () => undefined,
      bindMigrationAwareSqlAdapterFactory({
        provider: adapter.provider,
        adapterName: adapter.adapterName,
        connect: () => Promise.resolve(adapter),
        connectToShadowDb: () => Promise.resolve(adapter),
      }),
    );
    const { exitCode, stdout } = await engine.diff({
      from: { tag: 'schemaDatasource', files: [schema], configDir: '/' },
      to: { tag: 'schemaDatamodel', files: [schema] },
      script: true,
      exitCode: true,
      filters: { externalTables: [], externalEnums: [] },
    });
    engine.free();
    // 2 stands for a difference; without one the script is a comment.
    return exitCode === 2 ? (stdout ?? '') : '';
  } finally {
    await pool.end();
  }
};
