export { isCrowdedJson } from './is-crowded-json.ts';
export { makeHttpServer, type Infrastructure, type ReadinessChecks } from './make-http-server.ts';
export { runService } from './run-service.ts';
