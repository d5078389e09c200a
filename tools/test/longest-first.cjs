const { default: TestSequencer } = require('@jest/test-sequencer');

/**
 * What takes longest, though its files are short: stories of a whole shop, proofs, commands that run
 * as processes, and what tries every text.
 */
const LONGEST =
  /\/(?:e2e|product\/src\/commands)\/|\/command-lines\.|\/new-subgraph\.|\/staged\.|\/affected\.|\/hostile-texts\.|\/start-jobs\./;

/**
 * The order of suites. Jest's own goes by how long each took the last time, which a fresh clone does
 * not know: there the longest ones would come last, and one of them run alone in the end.
 */
module.exports = class LongestFirst extends TestSequencer {
  sort(tests) {
    const rank = ({ path }) => (LONGEST.test(path) ? 0 : 1);
    return super.sort(tests).toSorted((one, other) => rank(one) - rank(other));
  }
};
