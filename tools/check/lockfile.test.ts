import { describe, expect, it } from 'vitest';
import { findLockfileFaults } from './lockfile.ts';

describe('findLockfileFaults', () => {
  it('finds none in a lock of versions alone', () => {
    const packages = {
      '': {},
      'node_modules/@apollo/gateway': { version: '2.100.4' },
      'node_modules/nx': {
        version: '1.0.0',
        optionalDependencies: { '@nx/nx-linux-x64-gnu': '1' },
      },
      'node_modules/@nx/nx-linux-x64-gnu': { version: '1.0.0' },
      'node_modules/@cartograph/money': { resolved: 'libs/money', link: true },
    };
    expect(findLockfileFaults({ packages })).toEqual([]);
  });

  it('finds addresses, missing platforms and versions below a floor, wherever they are nested', () => {
    const packages = {
      'node_modules/a': { version: '1.0.0', resolved: 'https://registry.test/a.tgz' },
      'node_modules/nx': { version: '1.0.0', optionalDependencies: { '@nx/nx-darwin-arm64': '1' } },
      'node_modules/b/node_modules/@apollo/server': { version: '5.4.9' },
    };
    expect(findLockfileFaults({ packages })).toHaveLength(3);
  });

  it('finds install scripts that are neither allowed nor forbidden', () => {
    const packages = {
      'node_modules/a': { version: '1.0.0', hasInstallScript: true },
      'node_modules/b': { version: '1.0.0', hasInstallScript: true },
      'node_modules/@c/linux-x64': { version: '1.0.0', hasInstallScript: true },
    };
    expect(findLockfileFaults({ packages }, { a: true, b: false })).toEqual([
      'node_modules/@c/linux-x64 has an install script: name it in allowScripts of package.json',
    ]);
  });
});
