import path from 'node:path';
import { makeLogger } from '@cartograph/logging';
import { format, resolveConfig } from 'prettier';
import { readConfig } from '../../apps/rest/src/config.ts';
import { makeServer } from '../../apps/rest/src/server.ts';

/** The repository. */
export const ROOT = path.resolve(import.meta.dirname, '..', '..');

/** The committed OpenAPI document of the REST API, in the repository. */
export const DOCUMENT = 'apps/rest/openapi.json';

/** Makes the document from the routes, as it is committed. The server does not listen. */
export const makeDocument = async (): Promise<string> => {
  const app = await makeServer({
    config: readConfig({ NODE_ENV: 'test' }),
    log: makeLogger({ name: 'rest', level: 'fatal' }),
  });
  await app.ready();
  const text = JSON.stringify(app.swagger());
  await app.close();
  const filepath = path.join(ROOT, DOCUMENT);
  return format(text, { ...(await resolveConfig(filepath)), filepath });
};
