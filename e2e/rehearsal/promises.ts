import { CommandFailure, EXIT } from '@cartograph/command';
import { type Migration, readPrismaFiles } from '../../tools/migrate/migration-files.ts';
import { SERVICES, type ServiceName } from '../../tools/services.ts';

/**
 * What a migration says of itself, in a comment line of its own (docs/operations/upgrade.md):
 * `-- @works-without`: the code that comes with it also runs without it;
 * `-- @stops-services`: the code before it does not run with it. Without a mark, the code before it
 * runs with it, and the code that comes with it needs it.
 */
const MARKS = ['works-without', 'stops-services'] as const;

export type Mark = (typeof MARKS)[number];

export type NewMigration = {
  readonly service: ServiceName;
  readonly name: string;
  readonly marks: readonly Mark[];
};

/** The marks of a migration. @throws CommandFailure for one that there is not */
export const readMarks = ({ name, sql }: Migration): readonly Mark[] =>
  [...sql.matchAll(/^-- @(\S+)\s*$/gm)].map(([, word]) => {
    const mark = MARKS.find((one) => one === word);
    if (mark) return mark;
    throw new CommandFailure(EXIT.failed, `${name}: there is no mark @${word}.`);
  });

/**
 * The migrations that a version adds to those of an earlier one.
 * @param before the folder `prisma` of the earlier version
 */
export const findNewMigrations = async (before: string): Promise<readonly NewMigration[]> => {
  const found: NewMigration[] = [];
  for (const service of SERVICES) {
    const now = await readPrismaFiles(service);
    const known = await readPrismaFiles(service, before).catch(() => ({ migrations: [] }));
    const names = new Set(known.migrations.map(({ name }) => name));
    for (const migration of now.migrations) {
      if (names.has(migration.name)) continue;
      found.push({ service, name: migration.name, marks: readMarks(migration) });
    }
  }
  return found;
};
