import { app } from '@azure/functions';
import type { Service } from '../shared/service.js';
import { toResponse } from './toResponse.js';

/** `GET /`: the status page. */
export function registerPage(service: Service): void {
  app.http('page', {
    // The root of the site: the host takes no empty route, and one that holds nothing does the same.
    route: '{ignored:maxlength(0)?}',
    methods: ['GET', 'HEAD'],
    authLevel: 'anonymous',
    handler: async (_request, context) => toResponse(await service.page((line) => context.error(line))),
  });
}
