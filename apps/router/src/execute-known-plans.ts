import type { Logger } from '@cartograph/logging';
import { trace } from '@opentelemetry/api';
import {
  getOperationAST,
  getVariableValues,
  Kind,
  visit,
  type DocumentNode,
  type GraphQLSchema,
} from 'graphql';
import {
  compileArrangement,
  isData,
  UnusualData,
  type Data,
  type Operation,
} from './arrange-data.ts';
import type { CachePolicy, Context, Reply, SubgraphSource } from './make-subgraph-source.ts';
import {
  isPlainPlan,
  runPlan,
  type Fetch,
  type PlanNode,
  type PlanReceiver,
  type QueryPlan,
} from './run-plan.ts';
import { PLAN_HEADER, wrapGateway, type Executor, type Gateway } from './wrap-gateway.ts';

type RequestContext = Parameters<Executor>[0];
type Arrangement = (data: Data) => Data;

/** Functions of one operation, each for other values of the variables in its conditions. */
const MAX_ARRANGEMENTS = 32;

/** An operation with its plan. */
type KnownPlan = Operation & {
  readonly plan: PlanNode;
  readonly conditions: readonly string[];
  readonly arrangements: Map<string, Arrangement>;
};

/** The variables that `@skip` and `@include` read. */
const readConditions = (document: DocumentNode): readonly string[] => {
  const names = new Set<string>();
  visit(document, {
    [Kind.DIRECTIVE]: ({ name, arguments: given = [] }) => {
      if (name.value !== 'skip' && name.value !== 'include') return;
      for (const { value } of given) if (value.kind === Kind.VARIABLE) names.add(value.name.value);
    },
  });
  return [...names];
};

/** The replies of subgraphs to one request: the gateway gets those that have come, in place of new ones. */
const makeReplies = () => {
  const kept = new Map<string, Reply[]>();
  return {
    keepReply: (key: string, reply: Reply): void => {
      kept.set(key, [...(kept.get(key) ?? []), reply]);
    },
    takeReply: (key: string): Reply | undefined => kept.get(key)?.shift(),
  };
};

/**
 * Executes operations by the plans that the gateway has made. The gateway executes each operation once, and parses
 * it anew whenever it does; here an operation is compiled at its second request. The gateway remains the reference:
 * it plans, and it executes what has no plain plan. When a subgraph sends an error or unusual data, the gateway
 * makes the response from the same replies: no call is sent twice.
 * @param options.sources the data sources of the gateway, by the name of the subgraph
 */
export const makeKnownPlans = (options: {
  readonly sources: ReadonlyMap<string, Pick<SubgraphSource, 'fetch'>>;
  readonly log: Logger;
  /** A plan was found, and the gateway was not needed. */
  readonly onHit: () => void;
}) => {
  const { sources, log, onHit } = options;
  /** By document, for as long as the server stores it, and by the name of its operation. */
  const plans = new WeakMap<DocumentNode, Map<string | undefined, KnownPlan | null>>();
  const tracer = trace.getTracer('cartograph.router');

  /** @returns null when the gateway must always execute the operation */
  const prepare = (
    schema: GraphQLSchema,
    document: DocumentNode,
    name: string | undefined,
    plan: QueryPlan['node'],
  ): KnownPlan | null => {
    const operation = getOperationAST(document, name);
    if (!operation || !isPlainPlan(plan, schema)) return null;
    const conditions = readConditions(document);
    return { schema, document, operation, plan, conditions, arrangements: new Map() };
  };

  /** @throws UnusualData for an operation that the gateway must execute */
  const arrangementOf = (known: KnownPlan, variables: Data): Arrangement => {
    const key = known.conditions.map((name) => (variables[name] === true ? 'y' : 'n')).join('');
    const existing = known.arrangements.get(key);
    if (existing) return existing;
    if (known.arrangements.size >= MAX_ARRANGEMENTS) throw new UnusualData();
    const arrangement = compileArrangement(known, variables);
    known.arrangements.set(key, arrangement);
    return arrangement;
  };

  const makeFetch =
    (context: RequestContext): Fetch =>
    (node, variables) =>
      tracer.startActiveSpan(
        'gateway.fetch',
        { attributes: { service: node.serviceName } },
        async (span) => {
          try {
            const source = sources.get(node.serviceName);
            if (!source) throw new Error(`there is no subgraph ${node.serviceName}`);
            const { data, errors } = await source.fetch(
              {
                query: node.operation,
                operationName: node.operationName,
                variables,
                document: node.operationDocumentNode,
              },
              context.context as Context,
              context.overallCachePolicy as CachePolicy,
            );
            if (errors || !isData(data)) throw new UnusualData();
            return data;
          } finally {
            span.end();
          }
        },
      );

  /** @returns null when the gateway must make the response */
  const execute = async (known: KnownPlan, context: RequestContext): Promise<Data | null> => {
    const { schema, operation, plan } = known;
    const given = context.request.variables ?? {};
    // They were checked before; only conditions need their defaults.
    const { coerced } =
      known.conditions.length === 0
        ? { coerced: {} }
        : getVariableValues(schema, operation.variableDefinitions ?? [], given);
    if (!coerced) return null;
    try {
      const arrange = arrangementOf(known, coerced);
      return arrange(await runPlan(plan, { given, conditions: coerced }, makeFetch(context)));
    } catch (error) {
      if (!(error instanceof UnusualData)) log.error({ err: error }, 'plan could not be executed');
      return null;
    }
  };

  const makeExecutor =
    (executor: Executor): Executor =>
    async (context) => {
      const known = plans.get(context.document)?.get(context.request.operationName);
      if (!known || context.request.http?.headers.has(PLAN_HEADER)) return executor(context);
      const { keepReply, takeReply } = makeReplies();
      const data = await execute(known, { ...context, context: { ...context.context, keepReply } });
      if (data) {
        onHit();
        return { data };
      }
      return executor({ ...context, context: { ...context.context, takeReply } });
    };

  /** Receives the plans: the option `experimental_didResolveQueryPlan` of the gateway. */
  const receive: PlanReceiver = ({ queryPlan, requestContext, operationContext }) => {
    const { document, request } = requestContext;
    const ofDocument = plans.get(document) ?? new Map<string | undefined, KnownPlan | null>();
    if (ofDocument.has(request.operationName)) return;
    const known = prepare(operationContext.schema, document, request.operationName, queryPlan.node);
    plans.set(document, ofDocument.set(request.operationName, known));
  };

  return {
    receive,
    /** Wraps the gateway. */
    use: (gateway: Gateway): Gateway => wrapGateway(gateway, makeExecutor),
  };
};
