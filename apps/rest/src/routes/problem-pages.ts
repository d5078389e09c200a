import { hashEtag } from '@cartograph/http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { hasCurrentCopy } from '../http/has-current-copy.ts';
import { PAGE_POLICY, renderProblemList, renderProblemPage } from '../openapi/problem-pages.ts';
import { problemSlug } from '../problems/problem-body.ts';
import { isCode, ProblemError, statuses, type Code } from '../problems/problem-error.ts';

/** The pages change with a release only. */
const CACHE_CONTROL = 'max-age=3600, public';

type Page = { readonly html: string; readonly etag: string };

const toPage = (html: string): Page => ({ html, etag: hashEtag(html) });

const sendPage = (
  request: FastifyRequest,
  reply: FastifyReply,
  { html, etag }: Page,
): FastifyReply => {
  if (hasCurrentCopy(request, reply, { body: html, etag, cacheControl: CACHE_CONTROL })) {
    return reply.code(304).send(undefined);
  }
  return reply
    .header('content-security-policy', PAGE_POLICY)
    .header('x-content-type-options', 'nosniff')
    .type('text/html; charset=utf-8')
    .send(html);
};

/**
 * The pages that the `type` of a problem names: `/problems/out-of-stock`, and a list of them. Other
 * spellings of a code, such as `/problems/OUT_OF_STOCK`, redirect there.
 */
export const problemPageRoutes = (app: FastifyInstance): void => {
  const list = toPage(renderProblemList());
  const pages = new Map(
    (Object.keys(statuses) as Code[]).map((code) => [
      problemSlug(code),
      toPage(renderProblemPage(code)),
    ]),
  );

  app.get('/problems', { schema: { hide: true } }, (request, reply) =>
    sendPage(request, reply, list),
  );

  app.get<{ Params: { code: string } }>(
    '/problems/:code',
    { schema: { hide: true } },
    (request, reply) => {
      const { code: given } = request.params;
      const page = pages.get(given);
      if (page) return sendPage(request, reply, page);
      const code = given.toUpperCase().replaceAll('-', '_');
      if (!isCode(code)) throw new ProblemError('NOT_FOUND');
      return reply.redirect(`/problems/${problemSlug(code)}`, 308);
    },
  );
};
