// Signing in and out: the session, one-time links, invitations.
import { z } from 'zod';
import { KopuroError } from '../../../shared/protocol/errors.ts';
import {
  acceptInvitationSchema,
  invitationSchema,
  inviteSchema,
  personSchema,
  sessionSchema,
} from '../../../shared/protocol/rest.ts';
import { invitationParams, secretParams } from '../params.ts';
import type { HttpParts } from '../parts.ts';
import { type Route, route } from '../route.ts';
import { clearSessionCookie, setSessionCookie } from '../session-cookie.ts';

// Messengers fetch the links that people send one another; that must not use them up.
const PREVIEW_AGENTS =
  /bot\b|preview|facebookexternalhit|slack|telegram|whatsapp|twitter|discord|skype|linkedin|embedly|viber|vkshare|outlook|crawler|spider/i;

export function sessionRoutes(parts: HttpParts): Route[] {
  const { config, identity, people, baseUrl } = parts;
  return [
    route({
      method: 'get',
      path: '/sign-in/:token',
      tag: 'session',
      summary: 'Uses a one-time sign-in link: sets the session cookie and leads to the desk',
      access: { kind: 'public' },
      params: secretParams,
      rate: 'signIn',
      status: 303,
      output: 'text/html',
      async handle({ principal, request, response }, { params }) {
        const purpose = `${request.get('purpose') ?? ''} ${request.get('sec-purpose') ?? ''}`;
        if (
          request.method === 'HEAD' ||
          PREVIEW_AGENTS.test(request.get('user-agent') ?? '') ||
          /prefetch|preview/.test(purpose)
        ) {
          response.status(200).type('text/plain').send('Köpürö\n');
          return;
        }
        const person = await identity.useLink(params.token);
        if (person) {
          const session = await identity.startSession(person.id);
          setSessionCookie(request, response, config, session);
        } else if (!principal) {
          if (!(request.get('accept') ?? '').includes('text/html')) throw new KopuroError('sign-in-link-invalid');
          response.redirect(303, '/sign-in?error=sign-in-link-invalid');
          return;
        }
        response.redirect(303, '/');
      },
    }),
    route({
      method: 'get',
      path: '/api/session',
      tag: 'session',
      summary: 'Who is signed in',
      access: { kind: 'public' },
      output: sessionSchema,
      handle: async ({ principal }) => ({
        person: principal?.person ?? null,
        setUp: await people.isSetUp(),
        version: config.version,
      }),
    }),
    route({
      method: 'delete',
      path: '/api/session',
      tag: 'session',
      summary: 'Signs out: ends this session and its open connections',
      access: { kind: 'public' },
      output: null,
      async handle({ principal, request, response }) {
        if (principal) await identity.endSession(principal);
        clearSessionCookie(request, response, config);
      },
    }),
    route({
      method: 'get',
      path: '/api/invitations',
      tag: 'people',
      summary: 'Invitations that were made',
      access: { kind: 'newsroom', action: 'managePeople' },
      output: z.object({ invitations: z.array(invitationSchema) }),
      handle: async () => ({ invitations: await people.invitations() }),
    }),
    route({
      method: 'post',
      path: '/api/invitations',
      tag: 'people',
      summary: 'Invites somebody: the link is shown once',
      access: { kind: 'newsroom', action: 'managePeople' },
      body: inviteSchema,
      status: 201,
      output: z.object({ invitation: invitationSchema, url: z.string(), token: z.string() }),
      async handle({ principal }, { body }) {
        const { invitation, secret } = await people.invite(principal.person.id, body);
        return { invitation, url: `${baseUrl()}/invite/${secret}`, token: secret };
      },
    }),
    route({
      method: 'delete',
      path: '/api/invitations/:invitationId',
      tag: 'people',
      summary: 'Takes an invitation back',
      access: { kind: 'newsroom', action: 'managePeople' },
      params: invitationParams,
      output: null,
      handle: (_call, { params }) => people.revokeInvitation(params.invitationId),
    }),
    route({
      method: 'get',
      path: '/api/invitations/by-token/:token',
      tag: 'session',
      summary: 'What an invitation offers, without using it',
      access: { kind: 'public' },
      params: secretParams,
      rate: 'signIn',
      output: z.object({ invitation: invitationSchema }),
      handle: async (_call, { params }) => ({ invitation: await people.readInvitation(params.token) }),
    }),
    route({
      method: 'post',
      path: '/api/invitations/accept',
      tag: 'session',
      summary: 'Uses an invitation: makes the person and signs them in',
      access: { kind: 'public' },
      body: acceptInvitationSchema,
      rate: 'signIn',
      status: 201,
      output: z.object({ person: personSchema }),
      async handle({ request, response }, { body }) {
        const person = await people.acceptInvitation(body.token, body.name);
        setSessionCookie(request, response, config, await identity.startSession(person.id));
        return { person };
      },
    }),
  ];
}
