/** What the samples are expanded with. */
export const VARIABLES = { SET: 'value', EMPTY: '', NESTED: '${env.SET}' };

/** A file beside supergraph.yaml, and its text. */
export const VARIABLE_FILE = { name: 'there.txt', text: 'content' };

/** Texts of supergraph.yaml that rover expands: what each is, the text, and what rover makes of it. */
export const VARIABLE_SAMPLES: readonly (readonly [string, string, string])[] = [
  ['a variable', '${env.SET}', 'value'],
  ['a variable within a text', 'http://${env.SET}:4001/${env.SET}', 'http://value:4001/value'],
  ['a variable that is set to nothing', 'a${env.EMPTY}b', 'ab'],
  ['the same with a default', '${env.EMPTY:-default}', ''],
  ['a default that is not needed', '${env.SET:-default}', 'value'],
  ['a default', '${env.MISSING:-http://b/graphql}', 'http://b/graphql'],
  ['a default with the sign of a default', '${env.MISSING:-a:-b}', 'a:-b'],
  ['a variable in a value', '${env.NESTED}', '${env.SET}'],
  ['a variable in a default', '${env.MISSING:-${env.SET}}', '${env.SET}'],
  ['a file', '${file.there.txt}', 'content'],
  ['a file that does not exist', '${file.missing.txt}', '${file.missing.txt}'],
  ['the same with a default', '${file.missing.txt:-default}', 'default'],
  ['a dollar sign', '$${env.SET} $$', '${env.SET} $'],
  ['a dollar sign before anything else', 'a$ b$', 'a$ b$'],
  ['a brace that is not closed', '${env.SET', '${env.SET'],
];

/** Texts that rover refuses: why, the text, and what we say. */
export const REFUSED_VARIABLES: readonly (readonly [string, string, string])[] = [
  ['has no value', '${env.MISSING}', 'the environment variable MISSING is not set'],
  ['has another kind', '${secret.KEY}', '${secret.KEY} is not a variable'],
  ['has no braces', '$SET', '${SET} is not a variable'],
];
