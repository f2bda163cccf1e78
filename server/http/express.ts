// Puts the Express app together: headers that keep browsers safe, the table of routes, the web app, the error handler.
import express, { type Express, type Request, type Response } from 'express';
import helmet from 'helmet';
import { KopuroError } from '../../shared/protocol/errors.ts';
import { errorHandler, mountRoutes } from './mount.ts';
import { createOpenApi } from './openapi.ts';
import type { HttpParts } from './parts.ts';
import { redactUrl } from './redact.ts';
import type { Route } from './route.ts';
import { annotationRoutes } from './routes/annotations.ts';
import { articleRoutes } from './routes/articles.ts';
import { localRoutes } from './routes/local.ts';
import { peopleRoutes } from './routes/people.ts';
import { sessionRoutes } from './routes/session.ts';
import { snapshotRoutes } from './routes/snapshots.ts';
import { systemRoutes } from './routes/system.ts';
import { serveClient } from './static.ts';

/** Everything that the server answers over HTTP. */
export function createRoutes(parts: HttpParts): Route[] {
  const routes: Route[] = [];
  let document: unknown;
  const openapi = () => {
    document ??= createOpenApi(routes, parts.config.version);
    return document;
  };
  routes.push(
    ...systemRoutes(parts, openapi),
    ...sessionRoutes(parts),
    ...articleRoutes(parts),
    ...annotationRoutes(parts),
    ...snapshotRoutes(parts),
    ...peopleRoutes(parts),
    ...localRoutes(parts),
  );
  return routes;
}

/** The app, and what ends its timers. */
export function createExpressApp(parts: HttpParts, routes: readonly Route[]): { app: Express; close: () => void } {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('trust proxy', parts.config.trustProxy);
  app.set('query parser', 'simple');
  app.use(securityHeaders(parts));
  app.use(watch(parts));
  const close = mountRoutes(app, routes, parts);
  app.all(['/api', '/api/{*path}', '/sync/{*path}'], () => {
    throw new KopuroError('not-found');
  });
  app.use(serveClient(parts.config.clientFolder));
  app.use(errorHandler(parts));
  return { app, close };
}

function securityHeaders(parts: HttpParts) {
  const tls = parts.config.publicUrl?.startsWith('https:') ?? false;
  return helmet({
    strictTransportSecurity: tls,
    crossOriginEmbedderPolicy: false,
    xFrameOptions: { action: 'deny' },
    referrerPolicy: { policy: 'same-origin' },
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        // What is pasted is parsed in a document that is never shown, but goes by this policy too: without this, bold and
        // italics that other programs write as styles would be lost. The app itself sets styles through the object model only.
        styleSrcAttr: ["'unsafe-inline'"],
        imgSrc: ["'self'", 'data:'],
        fontSrc: ["'self'"],
        connectSrc: ["'self'", (request) => ownSockets(request.headers.host)],
        manifestSrc: ["'self'"],
        workerSrc: ["'self'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
        objectSrc: ["'none'"],
      },
    },
  });
}

/** `'self'` does not cover WebSockets in every browser. */
function ownSockets(host: string | undefined): string {
  return host !== undefined && /^[\w.:[\]-]+$/.test(host) ? `ws://${host} wss://${host}` : "'self'";
}

/** Measures and, at level debug, logs every request; never with a secret in its address. */
function watch(parts: HttpParts) {
  return (request: Request, response: Response, next: () => void): void => {
    const began = performance.now();
    response.once('close', () => {
      const milliseconds = performance.now() - began;
      const route = typeof response.locals.route === 'string' ? response.locals.route : 'other';
      parts.metrics.request(request.method, route, response.statusCode, milliseconds / 1000);
      parts.logger.debug(
        {
          method: request.method,
          url: redactUrl(request.originalUrl),
          status: response.statusCode,
          ms: Math.round(milliseconds * 10) / 10,
        },
        'request',
      );
    });
    next();
  };
}
