import { describe, expect, test } from 'vitest';
import { carry, finishEnvelopes } from '../../../shared/telemetry/envelopes.js';

const tags = { 'ai.cloud.role': 'edge-probes', 'ai.cloud.roleInstance': 'westeurope' };

/** An item as the SDK writes it. */
function item(properties: Record<string, string>) {
  return {
    ver: 1,
    name: 'Microsoft.ApplicationInsights.RemoteDependency',
    time: '2026-11-21T00:00:00.000Z',
    tags: {
      'ai.cloud.role': 'unknown_service:node',
      'ai.operation.id': 'of the SDK',
      'ai.internal.sdkVersion': 'node20',
    },
    data: {
      baseType: 'RemoteDependencyData',
      baseData: { ver: 2, id: 'a1', type: 'Dependency', resultCode: '0', properties, measurements: {} },
    },
  };
}

describe('the envelopes of a request', () => {
  test('get what was carried into its place, and the carrier is not sent', () => {
    const carried = {
      time: '2026-11-20T23:15:00.012Z',
      operationId: 'op',
      parentId: 'run',
      type: 'SIP',
      target: 'sip.contoso.com',
      resultCode: 'OK',
    };
    const body = JSON.stringify([item({ edge: 'contoso', ...carry(carried) })]);

    expect(JSON.parse(finishEnvelopes(body, tags))).toEqual([
      {
        ver: 1,
        name: 'Microsoft.ApplicationInsights.RemoteDependency',
        time: '2026-11-20T23:15:00.012Z',
        tags: {
          'ai.cloud.role': 'edge-probes',
          'ai.cloud.roleInstance': 'westeurope',
          'ai.internal.sdkVersion': 'node20',
          'ai.operation.id': 'op',
          'ai.operation.parentId': 'run',
        },
        data: {
          baseType: 'RemoteDependencyData',
          baseData: {
            ver: 2,
            id: 'a1',
            type: 'SIP',
            target: 'sip.contoso.com',
            resultCode: 'OK',
            properties: { edge: 'contoso' },
            measurements: {},
          },
        },
      },
    ]);
  });

  test('have no parent where none was carried', () => {
    const body = JSON.stringify([item(carry({ time: '2026-11-20T23:15:00.012Z', operationId: 'op' }))]);

    expect(JSON.parse(finishEnvelopes(body, {}))[0].tags).not.toHaveProperty(['ai.operation.parentId']);
  });

  test('stay in their order: an answer names them by their place', () => {
    const at = (operationId: string) => item(carry({ time: '2026-11-20T23:15:00.012Z', operationId }));
    const finished = JSON.parse(finishEnvelopes(JSON.stringify([at('one'), item({}), at('two')]), tags));

    expect(finished.map((one: ReturnType<typeof item>) => one.tags['ai.operation.id'])).toEqual([
      'one',
      'of the SDK',
      'two',
    ]);
  });

  test.each(['{}', '[]', '[1]', '[{"data":{}}]', '[{"data":{"baseData":{"properties":null}}}]'])(
    'may be none of ours: %s',
    (body) => {
      expect(finishEnvelopes(body, tags)).toBe(body);
    },
  );
});
