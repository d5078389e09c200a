import type { FastifyInstance } from 'fastify';
import { cpuOf, leastCpuMs, slownessOfMachine } from './cpu-time.ts';
import { expensiveTexts, overlongTexts, type HostileText } from './hostile-texts.ts';
import { signRequest } from './subgraph-caller.ts';
import { findTextInputs, type TextInput } from './text-inputs.ts';

/** What one request may cost, beyond what the same request costs with an ordinary text. */
const MAX_CPU_MS = 50;

/** How often an ordinary request is measured; the least is what it costs. */
const ORDINARY_TRIES = 3;

/** What a subgraph reads is 1 MiB, and a text is not all of a request. */
const OVERLONG_BYTES = 1_000_000;

/** Where the type takes no text, or no length is given: any text is refused. */
const NO_TEXT_LENGTH = 100;

const TYPED = new Set([
  'BAD_USER_INPUT',
  'FORBIDDEN',
  'GRAPHQL_VALIDATION_FAILED',
  'PAYLOAD_TOO_LARGE',
  'UNAUTHENTICATED',
]);

type Body = {
  readonly data?: Record<string, { readonly __typename?: string } | null> | null;
  readonly errors?: readonly {
    readonly message: string;
    readonly extensions?: { code?: string };
  }[];
};

const isRefused = ({ data, errors = [] }: Body): boolean =>
  errors.length > 0 ||
  Object.values(data ?? {}).some((value) => value?.__typename?.endsWith('Problem'));

const findUntyped = ({ errors = [] }: Body): string | undefined =>
  errors.map(({ extensions }) => extensions?.code ?? 'no code').find((code) => !TYPED.has(code));

/**
 * Sends every text input of a subgraph's public schema its longest allowed value, made of the
 * characters that cost most, and values that are too long, up to a megabyte.
 * @param sender headers of the account that sends them
 * @param ids of entities whose fields take texts, by type: those that are looked up first
 * @returns what costs more than 50 ms of CPU, is not refused though too long, or has no typed error
 */
export const findCostlyTexts = async (
  app: FastifyInstance,
  schema: URL,
  sender: Readonly<Record<string, string>>,
  ids: Readonly<Record<string, string>> = {},
): Promise<readonly string[]> => {
  const send = (request: ReturnType<TextInput['makeRequest']>) => {
    const { headers, body } = signRequest(app.subgraphName, request);
    return app.inject({
      method: 'POST',
      url: '/graphql',
      headers: { ...headers, ...sender },
      body,
    });
  };

  const check = async (
    input: TextInput,
    { name, text }: HostileText,
    isTooLong: boolean,
    limit: number,
  ) => {
    const request = input.makeRequest(text);
    const responses: { json: () => unknown }[] = [];
    const cost = await leastCpuMs(async () => responses.push(await send(request)), limit);
    // If it is sent again to be measured, the first response counts.
    const body = responses[0]?.json() as Body;
    const content = JSON.stringify(body);
    const faults: string[] = [];
    const untyped = findUntyped(body);
    if (untyped !== undefined) faults.push(`responds with ${untyped}`);
    if (content.length > 5_000) faults.push(`responds with ${content.length} characters`);
    if (isTooLong && !isRefused(body)) faults.push('is not refused');
    if (!isTooLong && content.includes('characters or fewer')) faults.push('is called too long');
    if (cost >= limit && cost >= limit * (await slownessOfMachine())) {
      faults.push(`costs ${Math.round(cost)} ms of CPU`);
    }
    return faults.map((fault) => `${input.coordinate} of ${name} ${fault}`);
  };

  const checkInput = async (input: TextInput, turn: number): Promise<readonly string[]> => {
    const isText = input.type === 'String' || input.type === 'ID';
    if (isText && input.maxLength === null) return [`${input.coordinate} states no maximum length`];
    const length = input.maxLength ?? NO_TEXT_LENGTH;
    // The first request also warms up; what is compiled and connected then is not counted.
    const ordinary = () => send(input.makeRequest('a'));
    const limit = MAX_CPU_MS + (await cpuOf(ordinary, ORDINARY_TRIES));
    const faults: string[] = [];
    const texts = [
      ...(isText ? expensiveTexts(length) : []).map((text) => ({ text, isTooLong: false })),
      ...overlongTexts(length, OVERLONG_BYTES, turn).map((text) => ({ text, isTooLong: true })),
    ];
    for (const { text, isTooLong } of texts) {
      faults.push(...(await check(input, text, isTooLong, limit)));
      // One faulty text is enough to report an input: others may cost seconds.
      if (faults.length > 0) break;
    }
    return faults;
  };

  const inputs = findTextInputs(schema, ids);
  if (inputs.length === 0) throw new Error('the schema has no input that could be a text');
  const faults: string[] = [];
  for (const [turn, input] of inputs.entries()) faults.push(...(await checkInput(input, turn)));
  return faults;
};
