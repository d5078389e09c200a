/** What variables are read from. */
export type VariableSource = {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Reads a file relative to the folder of supergraph.yaml; null when there is none. */
  readonly readFile: (file: string) => Promise<string | null>;
};

/** `$$`, `${key}` or `${key:-default}`, `$NAME`; a `$` before anything else is itself. */
const VARIABLE = /\$(?:(\$)|\{([^}]*)\}|([A-Za-z_]\w*))/g;

const findValue = async (
  key: string,
  { environment, readFile }: VariableSource,
): Promise<string | null> => {
  if (key.startsWith('env.')) return environment[key.slice('env.'.length)] ?? null;
  if (key.startsWith('file.')) return readFile(key.slice('file.'.length));
  throw new Error(`\${${key}} is not a variable: write \${env.NAME} or \${file.PATH}`);
};

/**
 * Replaces the variables of a text as rover does: `${env.NAME}`, `${file.PATH}`, either with a default
 * after `:-`, and `$$` for a dollar sign. Values are not expanded again. A variable that is set to
 * nothing has that value; a file that does not exist is not replaced.
 * @throws Error that names the variable: it has no value and no default, or is of another form
 */
const expandText = async (text: string, source: VariableSource): Promise<string> => {
  let expanded = '';
  let end = 0;
  for (const match of text.matchAll(VARIABLE)) {
    const [whole, dollar, braced, bare] = match;
    expanded += text.slice(end, match.index);
    end = match.index + whole.length;
    if (dollar !== undefined) {
      expanded += dollar;
      continue;
    }
    const [key = '', ...defaults] = (braced ?? bare ?? '').split(':-');
    const value =
      (await findValue(key, source)) ?? (defaults.length > 0 ? defaults.join(':-') : null);
    if (value === null && key.startsWith('env.')) {
      throw new Error(`the environment variable ${key.slice('env.'.length)} is not set`);
    }
    expanded += value ?? whole;
  }
  return expanded + text.slice(end);
};

/** Replaces the variables in all texts of a YAML document; keys are as they are. */
export const expandVariables = async (value: unknown, source: VariableSource): Promise<unknown> => {
  if (typeof value === 'string') return expandText(value, source);
  if (Array.isArray(value)) return Promise.all(value.map((one) => expandVariables(one, source)));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(
    async ([key, one]) => [key, await expandVariables(one, source)] as const,
  );
  return Object.fromEntries(await Promise.all(entries));
};
