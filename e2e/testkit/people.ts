import { randomUUID } from 'node:crypto';
import { rest } from './rest.ts';

/** Somebody with an account. */
export type Person = { readonly id: string; readonly email: string; readonly token: string };

const toPerson = (body: { access_token: string; user: { id: string; email: string } }): Person => ({
  id: body.user.id,
  email: body.user.email,
  token: body.access_token,
});

/** Opens an account that nobody else uses. */
export const newShopper = async (): Promise<Person> => {
  const { body } = await rest('POST', '/v1/auth/register', {
    body: { email: `${randomUUID()}@example.com`, password: 'correct horse battery' },
  });
  return toPerson(body);
};

/** Signs in as the demo administrator. */
export const admin = async (): Promise<Person> => {
  const { body } = await rest('POST', '/v1/auth/login', {
    body: { email: 'admin@example.com', password: 'cartograph-admin' },
  });
  return toPerson(body);
};
