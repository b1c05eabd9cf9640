import { app } from '@azure/functions';
import type { Service } from '../shared/service.js';
import { toResponse } from './toResponse.js';

/** `POST /api/run/{edge}/{transaction}`: runs once, now, and answers with the whole result; only for those who hold a key. */
export function registerRun(service: Service): void {
  app.http('run', {
    route: 'api/run/{edge}/{transaction}',
    methods: ['POST'],
    authLevel: 'function',
    handler: async (request, context) => {
      const { edge = '', transaction = '' } = request.params;
      const force = request.query.get('force') ?? undefined;
      const asked = { edge, transaction, force, body: await request.text() };
      return toResponse(await service.answerRun(asked, (line) => context.log(line)));
    },
  });
}
