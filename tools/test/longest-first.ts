import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * What takes longest, though its files are short: stories of a whole shop, proofs, commands that run
 * as processes, and what tries every text.
 */
const LONGEST =
  /\/(?:e2e|product\/src\/commands)\/|\/command-lines\.|\/new-subgraph\.|\/staged\.|\/affected\.|\/hostile-texts\.|\/start-jobs\./;

/**
 * The order of files. Vitest's own goes by how long each took the last time, which a fresh clone does
 * not know: there the longest ones would come last, and one of them run alone in the end.
 */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => (LONGEST.test(moduleId) ? 0 : 1);
    const sorted = await super.sort(files);
    return sorted.toSorted((one, other) => rank(one) - rank(other));
  }
}
