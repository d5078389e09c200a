export { addUtf8Parser } from './add-utf8-parser.ts';
export { isCrowdedJson } from './is-crowded-json.ts';
export { makeHttpServer, type Infrastructure } from './make-http-server.ts';
export { RequestRefusal } from './request-refusal.ts';
export type { RefusalFormat } from './refuse-unreadable.ts';
export type { ReadinessChecks } from './readiness.ts';
export { runService } from './run-service.ts';
