// Turns the table of routes into Express handlers. Every request goes the same way: who asks, may they, how often, is the
// input valid, the handler, the answer. Errors leave through `answerError` alone.
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Express, NextFunction, Request, Response } from 'express';
import { may } from '../../shared/access/roles.ts';
import { KopuroError } from '../../shared/protocol/errors.ts';
import { parseInput } from '../commands/validation.ts';
import { type Authentication, cookies, isSameSite, LANGUAGE_COOKIE } from '../identity/authenticate.ts';
import { asKopuroError, chooseLanguage, errorBody, type Language } from '../messages.ts';
import { StorageError } from '../storage/errors.ts';
import { isMultipart, readJson, readUpload } from './body.ts';
import { createLimiters } from './limits.ts';
import { articleParams } from './params.ts';
import type { HttpParts } from './parts.ts';
import { type Access, type Call, Content, type Route } from './route.ts';
import { setSessionCookie } from './session-cookie.ts';

const COMPRESS_FROM = 8 * 1024;
const compress = promisify(gzip);

/** Puts every route into the app; answers with what ends the timers that it needs. */
export function mountRoutes(app: Express, routes: readonly Route[], parts: HttpParts): () => void {
  const asking = new WeakMap<Request, Authentication>();
  const limiters = createLimiters(
    parts.config.limits,
    (request) => asking.get(request)?.principal?.person.id ?? null,
    parts.share,
  );

  for (const route of routes) {
    app[route.method](
      route.path,
      async (request: Request, response: Response, next: NextFunction) => {
        response.locals.route = route.path;
        response.setHeader('Cache-Control', 'no-store');
        const authentication = await parts.authenticator.authenticate(request);
        asking.set(request, authentication);
        if (authentication.byCookie && request.method !== 'GET' && request.method !== 'HEAD') {
          if (!isSameSite(request, parts.config.publicUrl)) throw new KopuroError('cross-site');
        }
        if (authentication.prolonged !== null) {
          setSessionCookie(request, response, parts.config, {
            secret: String(cookies(request).kopuro_session),
            expiresAt: authentication.prolonged,
          });
        }
        next();
      },
      limiters[route.rate],
      async (request: Request, response: Response) => {
        const authentication = asking.get(request);
        const principal = authentication?.principal ?? null;
        const call: Call = { principal, language: languageOf(request), request, response };
        await authorise(route.access, call, parts);
        const input = {
          params: route.params ? parseInput(route.params, request.params) : undefined,
          query: route.query ? parseInput(route.query, request.query) : undefined,
          body: await readInput(route, request),
        };
        const output = await route.handle(call, input);
        if (!response.headersSent) await send(request, response, route, output);
      },
    );
  }
  return limiters.close;
}

/** The language in which the asker reads. */
export function languageOf(request: Request): Language {
  return chooseLanguage(cookies(request)[LANGUAGE_COOKIE], request.headers['accept-language']);
}

/** The last handler of the app: every error that was thrown, in one form. */
export function errorHandler(parts: Pick<HttpParts, 'say' | 'logger'>) {
  return (thrown: unknown, request: Request, response: Response, _next: NextFunction): void => {
    const error = asKopuroError(thrown);
    if (error.code === 'internal' || thrown instanceof StorageError) {
      parts.logger.error({ err: thrown, method: request.method, route: response.locals.route }, 'request failed');
    }
    if (response.headersSent) {
      response.destroy();
      return;
    }
    if (error.code === 'body-too-large' || error.code === 'file-too-large') response.setHeader('Connection', 'close');
    if (error.status === 401) response.setHeader('WWW-Authenticate', 'Bearer');
    if (error.status === 503) response.setHeader('Retry-After', '2');
    response
      .status(error.status)
      .setHeader('Cache-Control', 'no-store')
      .json(errorBody(parts.say, languageOf(request), error.code, error.details));
  };
}

async function authorise(access: Access, call: Call, parts: HttpParts): Promise<void> {
  if (access.kind === 'public') return;
  if (access.kind === 'local') {
    // Nobody outside need know that these routes exist.
    if (!parts.authenticator.isLocal(call.request)) throw new KopuroError('not-found');
    return;
  }
  if (!call.principal) throw new KopuroError('not-signed-in');
  const { person } = call.principal;
  if (access.kind === 'newsroom') {
    if (!may(person, access.action, person.languages[0])) throw new KopuroError('not-allowed');
  } else if (access.kind === 'article' || access.kind === 'command') {
    const { articleId } = parseInput(articleParams, call.request.params);
    const standing = await parts.commands.standingIn(articleId, person);
    const action = access.kind === 'article' ? access.action : 'read';
    if (!may(standing, action)) throw new KopuroError('not-allowed');
  }
}

async function readInput(route: Route, request: Request): Promise<unknown> {
  if (!route.body) return undefined;
  if (route.upload && isMultipart(request)) return readUpload(request, route.bodyLimit);
  return parseInput(route.body, await readJson(request, route.bodyLimit));
}

/** Answers; what is long goes compressed, for readers with poor connections. */
async function send(request: Request, response: Response, route: Route, output: unknown): Promise<void> {
  response.status(route.status);
  let body: Buffer;
  if (output instanceof Content) {
    if (output.fileName !== null) response.attachment(output.fileName);
    response.setHeader('Content-Type', output.type);
    body = Buffer.from(output.body);
  } else if (route.output === null) {
    response.end();
    return;
  } else {
    response.setHeader('Content-Type', 'application/json; charset=utf-8');
    body = Buffer.from(JSON.stringify(output));
  }
  if (body.length > COMPRESS_FROM && request.acceptsEncodings('gzip')) {
    body = await compress(body);
    response.setHeader('Content-Encoding', 'gzip').vary('Accept-Encoding');
  }
  response.setHeader('Content-Length', body.length);
  response.end(request.method === 'HEAD' ? undefined : body);
}
