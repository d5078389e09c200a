import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import type { SqlMigrationAwareDriverAdapterFactory } from '@prisma/driver-adapter-utils';
import * as bindings from '@prisma/schema-engine-wasm/schema_engine_bg';
import type { SchemaEngine } from '@prisma/schema-engine-wasm/schema_engine_bg';

const BINDINGS = '@prisma/schema-engine-wasm/schema_engine_bg';

/** As much of it as is used here: its types are in the DOM library, which no server code has. */
declare const WebAssembly: {
  instantiate(
    bytes: Uint8Array,
    imports: Record<string, object>,
  ): Promise<{ instance: { exports: Record<string, unknown> } }>;
};

let instantiated: Promise<void> | undefined;

/**
 * Starts Prisma's schema engine over a driver adapter; it connects at once.
 * The WebAssembly is loaded once in a process (some 40 ms), however many engines there are.
 * Call `free()` when done; it does not close the adapter.
 */
export async function startSchemaEngine(
  factory: SqlMigrationAwareDriverAdapterFactory,
  schema: { path: string; content: string },
): Promise<SchemaEngine> {
  instantiated ??= instantiate();
  await instantiated;
  return await bindings.SchemaEngine.new(
    { datamodels: [[schema.path, schema.content]] },
    () => undefined,
    bindMigrationAwareSqlAdapterFactory(factory),
  );
}

/**
 * The package's own entry imports the .wasm as a module, which Node does only behind a flag; so
 * its glue code is handed the instance here, as that entry would.
 */
async function instantiate(): Promise<void> {
  Object.assign(globalThis, { PRISMA_WASM_PANIC_REGISTRY: { set_message: failOnPanic } });
  const wasmPath = createRequire(import.meta.url)
    .resolve(BINDINGS)
    .replace(/\.js$/, '.wasm');
  const { instance } = await WebAssembly.instantiate(await readFile(wasmPath), {
    './schema_engine_bg.js': { ...bindings, ...letProcessEnd() },
  });
  bindings.__wbg_set_wasm(instance.exports);
  (instance.exports['__wbindgen_start'] as () => void)();
}

/**
 * The engine's limit of ten seconds on waiting for its lock is a timer that it never clears, for
 * which a process would stay after its work is done. What it waits for keeps a process up anyway.
 */
function letProcessEnd(): Record<string, unknown> {
  const timers = Object.keys(bindings).filter((name) => name.startsWith('__wbg_setTimeout_'));
  const setTimer = (run: () => void, ms: number) => setTimeout(run, ms >>> 0).unref();
  return Object.fromEntries(timers.map((name) => [name, setTimer]));
}

/** The engine looks for this by a global name; without it a panic shows as a TypeError. */
function failOnPanic(message: string): never {
  throw new Error(`Prisma's schema engine panicked: ${message}`);
}
