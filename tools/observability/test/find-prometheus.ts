/**
 * A real Prometheus for tests: on the PATH, or Debian's package, unpacked without being installed.
 */
import path from 'node:path';
import { findDebianProgram } from '@cartograph/testing';

/** The programs of Prometheus on this machine. */
export type PrometheusPrograms = { readonly prometheus: string; readonly promtool: string };

/**
 * Finds Prometheus, and promtool beside it.
 * @returns null where there is none; a warning is printed then
 * @throws where there is none and CI=true
 */
export const findPrometheus = async (): Promise<PrometheusPrograms | null> => {
  try {
    const { file } = await findDebianProgram({
      file: 'usr/bin/prometheus',
      packages: ['prometheus'],
      versionFlag: '--version',
    });
    return { prometheus: file, promtool: path.join(path.dirname(file), 'promtool') };
  } catch (error) {
    const sentence =
      'PROMETHEUS WAS NOT TRIED: there is none on the PATH, and `apt-get download` has none.';
    if (process.env['CI'] === 'true') throw new Error(sentence, { cause: error });
    process.stderr.write(`\n*** ${sentence} ***\n${String(error)}\n\n`);
    return null;
  }
};
