// The session cookie: out of reach of scripts and of other sites, and secure wherever the connection is.
import type { Request, Response } from 'express';
import type { Config } from '../config.ts';
import { SESSION_COOKIE } from '../identity/authenticate.ts';

export function setSessionCookie(
  request: Request,
  response: Response,
  config: Pick<Config, 'publicUrl'>,
  session: { secret: string; expiresAt: number },
): void {
  response.cookie(SESSION_COOKIE, session.secret, {
    ...attributes(request, config),
    expires: new Date(session.expiresAt),
  });
}

export function clearSessionCookie(request: Request, response: Response, config: Pick<Config, 'publicUrl'>): void {
  response.clearCookie(SESSION_COOKIE, attributes(request, config));
}

function attributes(request: Request, config: Pick<Config, 'publicUrl'>) {
  const secure = request.secure || (config.publicUrl?.startsWith('https:') ?? false);
  return { httpOnly: true, sameSite: 'lax', secure, path: '/' } as const;
}
