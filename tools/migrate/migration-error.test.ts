import { describe, expect, it } from '@jest/globals';

import { describeEngineFailure, messageOf } from './migration-error.ts';

describe('describeEngineFailure', () => {
  it('names the migration and keeps the words of the database', () => {
    const error = new Error(`external connector error
Error querying the database: ERROR: type "intt" does not exist (line 3 of migration.sql)
   0: sql_schema_connector::apply_migration::apply_script
           with migration_name="20260102000000_broken"
             at schema-engine/connectors/sql-schema-connector/src/apply_migration.rs:113`);
    expect(describeEngineFailure(error)).toBe(
      'migration 20260102000000_broken failed: ' +
        'ERROR: type "intt" does not exist (line 3 of migration.sql)',
    );
  });
});

describe('messageOf', () => {
  it('tells each of the attempts of a connection', () => {
    const attempts = [new Error('connect ECONNREFUSED ::1:1'), new Error('connect ECONNREFUSED 1')];
    expect(messageOf(new AggregateError(attempts))).toBe(
      'connect ECONNREFUSED ::1:1; connect ECONNREFUSED 1',
    );
  });

  it('takes what is no error as it is', () => {
    expect(messageOf('gone')).toBe('gone');
  });
});
