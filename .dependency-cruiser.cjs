/** Which way the arrows run: docs/architecture.md draws them, this holds them. */
const rule = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

const app = '^apps/([^/]+)/';

module.exports = {
  forbidden: [
    rule('no-cycles', 'A circle has no direction.', {}, { circular: true }),
    {
      ...rule(
        'no-folder-cycles',
        'The folders of an app depend on each other in one direction.',
        { path: '^apps/[^/]+/src/' },
        // Generated resolver types import the types that resolvers return.
        { circular: true, viaOnly: { pathNot: '/generated$' } },
      ),
      scope: 'folder',
    },
    rule(
      'rest-folders-below-the-server',
      'Folders of the REST API do not import the files that wire them: server.ts, config.ts.',
      { path: '^apps/rest/src/[^/]+/' },
      { path: '^apps/rest/src/[^/]+\\.ts$' },
    ),
    rule(
      'no-app-to-app',
      'Apps meet over the network only.',
      { path: app },
      { path: '^apps/', pathNot: '^apps/$1/' },
    ),
    rule(
      'no-lib-to-app',
      'Libraries know nothing of apps.',
      { path: '^libs/' },
      { path: '^apps/' },
    ),
    rule(
      'no-code-to-tools',
      'What ships does not need the tools that build and run it.',
      { path: '^(apps|libs)/' },
      { path: '^(tools|e2e)/' },
    ),
    rule(
      'one-door',
      "A library's insides are closed: src/index.ts is the only door.",
      { path: '^(apps|tools|e2e|libs/([^/]+))/' },
      { path: '^libs/[^/]+/src/', pathNot: ['^libs/[^/]+/src/index\\.ts$', '^libs/$2/'] },
    ),
    rule(
      'testing-in-tests',
      'The testing library is for tests.',
      {
        path: '^(apps|libs|tools)/',
        pathNot: ['\\.test\\.ts$', '/test/', '^libs/testing/', '^e2e/'],
      },
      { path: '^libs/testing/' },
    ),
    rule(
      'values-are-pure',
      'errors, money and pagination are values: no infrastructure.',
      { path: '^libs/(errors|money|pagination)/' },
      { path: '^libs/', pathNot: '^libs/(errors|money|pagination)/' },
    ),
    rule(
      'domain-is-pure',
      'The rules of the shop know no GraphQL, Prisma, HTTP, process or room around them.',
      { path: `${app}src/domain/` },
      {
        path: [
          `^apps/$1/src/(?!domain/)`,
          '^libs/(config|http|logging|resilience|subgraph|telemetry|testing)/',
          'node_modules/(@prisma|pg|graphql|@apollo|fastify|undici|graphile-worker)/',
          '^(node:)?(http|https|net|process|fs|child_process)$',
        ],
        pathNot: ['\\.test\\.ts$'],
      },
    ),
    rule(
      'resolvers-call-the-domain',
      'A resolver, or the context of a request, calls the domain; rows are not its business.',
      { path: `${app}src/(resolvers/|context\\.ts)` },
      { path: `^apps/$1/src/(db|clients|jobs|server\\.ts|main\\.ts)` },
    ),
    rule(
      'ports-serve-the-domain',
      'db and clients implement ports of the domain and know nothing above them.',
      { path: `${app}src/(db|clients)/` },
      { path: `^apps/$1/src/(resolvers|jobs|server\\.ts|main\\.ts|context\\.ts)` },
    ),
    rule(
      'prisma-stays-in-db',
      'Types of the database stop in db/.',
      { path: `${app}src/(?!db/)` },
      { path: ['^apps/$1/src/db/generated/', 'node_modules/@prisma/'] },
    ),
    rule(
      'graphql-types-stay-in-resolvers',
      'Generated GraphQL types stop where resolvers and clients translate them.',
      { path: `^apps/(?!rest/|router/)[^/]+/src/(domain|db|jobs)/` },
      { path: '/src/generated/' },
    ),
    rule('main-wires-only', 'Nothing imports an entry point.', {}, { path: '(^|/)main\\.ts$' }),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '/generated/internal/|/generated/models' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
    },
  },
};
