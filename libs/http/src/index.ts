export { isCrowdedJson } from './is-crowded-json.ts';
export { makeHttpServer, type Infrastructure } from './make-http-server.ts';
export type { ReadinessChecks } from './readiness.ts';
export { runService } from './run-service.ts';
