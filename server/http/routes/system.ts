// What machines ask: is it alive, is it ready, how is it doing, what does it offer.
import { z } from 'zod';
import { KopuroError } from '../../../shared/protocol/errors.ts';
import type { HttpParts } from '../parts.ts';
import { Content, type Route, route } from '../route.ts';

const okSchema = z.object({ status: z.literal('ok') });

export function systemRoutes(parts: HttpParts, openapi: () => unknown): Route[] {
  return [
    route({
      method: 'get',
      path: '/healthz',
      tag: 'system',
      summary: 'The process is alive, and does not need to be started anew',
      access: { kind: 'public' },
      output: okSchema,
      async handle() {
        await parts.storage.requireHope();
        return { status: 'ok' };
      },
    }),
    route({
      method: 'get',
      path: '/readyz',
      tag: 'system',
      summary: 'The server takes requests and its storage can be read and written',
      access: { kind: 'public' },
      output: okSchema,
      async handle() {
        if (!parts.accepting()) throw new KopuroError('shutting-down');
        try {
          await parts.storage.check();
        } catch (error) {
          parts.logger.error({ err: error }, 'storage is not ready');
          throw new KopuroError('not-saved');
        }
        // Storage may answer and yet not keep up, or have no room for more than such a small question.
        if (!parts.rooms.stats().storing) throw new KopuroError('not-saved');
        return { status: 'ok' };
      },
    }),
    route({
      method: 'get',
      path: '/metrics',
      tag: 'system',
      summary: 'Figures for Prometheus',
      access: { kind: 'public' },
      output: 'text/plain',
      async handle() {
        const { type, body } = await parts.metrics.render();
        return new Content(type, body);
      },
    }),
    route({
      method: 'get',
      path: '/api/openapi.json',
      tag: 'system',
      summary: 'This description',
      access: { kind: 'public' },
      output: z.looseObject({ openapi: z.string() }),
      handle: async () => openapi(),
    }),
  ];
}
