// What a route is: one value from which the Express handler, the OpenAPI document and the contract tests are made.
import type { Request, Response } from 'express';
import type { z } from 'zod';
import type { Action } from '../../shared/access/roles.ts';
import type { Principal } from '../identity/identity.ts';
import type { Language } from '../messages.ts';

/** Who may use a route. Checked before the body is read. */
export type Access =
  /** Anybody. */
  | { kind: 'public' }
  /** Whoever is signed in; the route concerns only what is theirs. */
  | { kind: 'person' }
  /** Whoever's newsroom role allows the action. */
  | { kind: 'newsroom'; action: Action }
  /** Whoever's standing in the article `:articleId` allows the action. */
  | { kind: 'article'; action: Action }
  /** Whoever is signed in and may read the article; the command decides the rest. */
  | { kind: 'command' }
  /** Only through the local socket of the data folder (the command line). */
  | { kind: 'local' };

/** What a handler knows of the request besides its validated input. */
export interface Call {
  /** Null in public routes when nobody is signed in. */
  principal: Principal | null;
  language: Language;
  request: Request;
  response: Response;
}

/** Of routes that need somebody. */
export interface SignedCall extends Call {
  principal: Principal;
}

/** A response that is not JSON. */
export class Content {
  readonly type: string;
  readonly body: string | Uint8Array;
  readonly fileName: string | null;

  constructor(type: string, body: string | Uint8Array, fileName: string | null = null) {
    this.type = type;
    this.body = body;
    this.fileName = fileName;
  }
}

export interface Route {
  method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** With `:parameters`, as Express writes them. */
  path: string;
  tag: string;
  summary: string;
  access: Access;
  params: z.ZodType | null;
  query: z.ZodType | null;
  body: z.ZodType | null;
  /** Takes multipart/form-data with one file as well as JSON. */
  upload: boolean;
  bodyLimit: number;
  /** Which allowance a request uses up. */
  rate: 'api' | 'imports' | 'signIn';
  status: number;
  /** Null: no content. A string: that media type. */
  output: z.ZodType | string | readonly string[] | null;
  handle(call: Call, input: { params: unknown; query: unknown; body: unknown }): Promise<unknown>;
}

const JSON_LIMIT = 256 * 1024;

interface Definition<A extends Access, P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType> {
  method: Route['method'];
  path: string;
  tag: string;
  summary: string;
  access: A;
  params?: P;
  query?: Q;
  body?: B;
  upload?: boolean;
  bodyLimit?: number;
  rate?: Route['rate'];
  status?: number;
  output: Route['output'];
  handle(
    call: A extends { kind: 'public' } ? Call : SignedCall,
    input: { params: z.output<P>; query: z.output<Q>; body: z.output<B> },
  ): Promise<unknown>;
}

/** Writes a route down; what a handler gets is typed by the schemas beside it. */
export function route<A extends Access, P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType>(
  definition: Definition<A, P, Q, B>,
): Route {
  return {
    method: definition.method,
    path: definition.path,
    tag: definition.tag,
    summary: definition.summary,
    access: definition.access,
    params: definition.params ?? null,
    query: definition.query ?? null,
    body: definition.body ?? null,
    upload: definition.upload ?? false,
    bodyLimit: definition.bodyLimit ?? JSON_LIMIT,
    rate: definition.rate ?? 'api',
    status: definition.status ?? (definition.output === null ? 204 : 200),
    output: definition.output,
    // The schemas above are what makes `input` and `call` of these types; `mount` applies them before it calls.
    handle: definition.handle as Route['handle'],
  };
}
