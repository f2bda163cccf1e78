// The people of the newsroom, their tokens and what they were told.
import { z } from 'zod';
import { KopuroError } from '../../../shared/protocol/errors.ts';
import { idSchema, languageSchema, line, roleSchema } from '../../../shared/protocol/fields.ts';
import {
  changePersonSchema,
  createTokenSchema,
  notificationSchema,
  personSchema,
  tokenSchema,
} from '../../../shared/protocol/rest.ts';
import { personParams, tokenParams } from '../params.ts';
import type { HttpParts } from '../parts.ts';
import { type Route, route } from '../route.ts';

const NOTIFICATIONS_SHOWN = 100;

const addPersonSchema = z.object({
  name: line(100),
  role: roleSchema,
  languages: z.array(languageSchema).max(20).default([]),
});
const readSchema = z.object({ ids: z.union([z.literal('all'), z.array(idSchema).max(500)]) });
const linkSchema = z.object({ url: z.string(), expiresAt: z.number().int() });

export function peopleRoutes(parts: HttpParts): Route[] {
  const { identity, people, storage, now, baseUrl } = parts;
  return [
    route({
      method: 'get',
      path: '/api/people',
      tag: 'people',
      summary: 'Everybody, people who left included',
      access: { kind: 'person' },
      output: z.object({ people: z.array(personSchema) }),
      handle: async () => ({ people: await people.list() }),
    }),
    route({
      method: 'post',
      path: '/api/people',
      tag: 'people',
      summary: 'Adds a person',
      access: { kind: 'newsroom', action: 'managePeople' },
      body: addPersonSchema,
      status: 201,
      output: z.object({ person: personSchema }),
      handle: async (_call, { body }) => ({ person: await people.add(body) }),
    }),
    route({
      method: 'patch',
      path: '/api/people/:personId',
      tag: 'people',
      summary: 'Changes a name, a role or languages; in force on open connections at once',
      access: { kind: 'person' },
      params: personParams,
      body: changePersonSchema,
      output: z.object({ person: personSchema }),
      async handle({ principal }, { params, body }) {
        // Everybody may change their own name; everything else is an editor's.
        const ownName = params.personId === principal.person.id && Object.keys(body).every((key) => key === 'name');
        if (!ownName && principal.person.role !== 'editor') throw new KopuroError('not-allowed');
        return { person: await people.change(params.personId, body) };
      },
    }),
    route({
      method: 'delete',
      path: '/api/people/:personId',
      tag: 'people',
      summary: 'Removes a person: ends their sessions and tokens; what they wrote keeps their name',
      access: { kind: 'newsroom', action: 'managePeople' },
      params: personParams,
      output: null,
      handle: (_call, { params }) => people.remove(params.personId),
    }),
    route({
      method: 'post',
      path: '/api/people/:personId/sign-in-link',
      tag: 'people',
      summary: 'Makes a one-time sign-in link for a person',
      access: { kind: 'newsroom', action: 'managePeople' },
      params: personParams,
      status: 201,
      output: linkSchema,
      async handle(_call, { params }) {
        const person = await people.get(params.personId);
        const link = await identity.createLink(person.id);
        return { url: `${baseUrl()}/sign-in/${link.secret}`, expiresAt: link.expiresAt };
      },
    }),
    route({
      method: 'get',
      path: '/api/tokens',
      tag: 'tokens',
      summary: 'One’s own bearer tokens, without their secrets',
      access: { kind: 'person' },
      output: z.object({ tokens: z.array(tokenSchema) }),
      handle: async ({ principal }) => ({ tokens: await identity.tokens(principal.person.id) }),
    }),
    route({
      method: 'post',
      path: '/api/tokens',
      tag: 'tokens',
      summary: 'Makes a bearer token for a program; it is shown once',
      access: { kind: 'person' },
      body: createTokenSchema,
      status: 201,
      output: z.object({ token: z.string(), info: tokenSchema }),
      handle: ({ principal }, { body }) => identity.createToken(principal.person.id, body.name),
    }),
    route({
      method: 'delete',
      path: '/api/tokens/:tokenId',
      tag: 'tokens',
      summary: 'Revokes a token; its open connections close at once',
      access: { kind: 'person' },
      params: tokenParams,
      output: null,
      async handle({ principal }, { params }) {
        if (!(await identity.revokeToken(principal.person.id, params.tokenId))) throw new KopuroError('not-found');
      },
    }),
    route({
      method: 'get',
      path: '/api/notifications',
      tag: 'notifications',
      summary: 'What one was told lately, newest first',
      access: { kind: 'person' },
      output: z.object({ notifications: z.array(notificationSchema) }),
      handle: async ({ principal }) => ({
        notifications: await storage.notifications.list(principal.person.id, NOTIFICATIONS_SHOWN),
      }),
    }),
    route({
      method: 'post',
      path: '/api/notifications/read',
      tag: 'notifications',
      summary: 'Marks notifications as read',
      access: { kind: 'person' },
      body: readSchema,
      output: null,
      handle: ({ principal }, { body }) => storage.notifications.markRead(principal.person.id, body.ids, now()),
    }),
  ];
}
