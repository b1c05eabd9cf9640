import { app } from '@azure/functions';
import type { Service } from '../shared/service.js';
import { toResponse } from './toResponse.js';

/** `GET /api/status` and `GET /api/status/{edge}/{transaction}`: public documents, without names and error texts. */
export function registerStatus(service: Service): void {
  app.http('status', {
    route: 'api/status',
    methods: ['GET', 'HEAD'],
    authLevel: 'anonymous',
    handler: async (_request, context) => toResponse(await service.status((line) => context.error(line))),
  });
  app.http('transaction-status', {
    route: 'api/status/{edge}/{transaction}',
    methods: ['GET', 'HEAD'],
    authLevel: 'anonymous',
    handler: async ({ params }, context) => {
      const { edge = '', transaction = '' } = params;
      return toResponse(await service.transactionStatus(edge, transaction, (line) => context.error(line)));
    },
  });
}
