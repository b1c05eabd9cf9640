import { answerTo } from '../../../sip/answer.js';
import type { PoolService } from '../poolService.js';

/** The domain that push notifications are federated to. */
export const pushDomain = 'push.lync.com';

/** The push clearing house as users meet it: behind the Edge, and it takes what it gets. */
export function clearingHouse(): PoolService {
  let taken = 0;
  return {
    methods: ['MESSAGE'],
    takes: ({ destination }) => destination.kind === 'foreign' && destination.domain === pushDomain,
    answer(exchange) {
      taken += 1;
      return [{ flow: exchange.flow, answer: answerTo(exchange.request, exchange.source, 200, 'OK') }];
    },
    describe: () => ({ pushRequests: taken }),
  };
}
