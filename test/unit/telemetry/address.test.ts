import { describe, expect, test } from 'vitest';
import { Secret } from '../../../shared/domain/secret.js';
import { toAddress } from '../../../shared/telemetry/address.js';

const key = '11111111-2222-3333-4444-555555555555';
const connection = `InstrumentationKey=${key};IngestionEndpoint=https://westeurope-5.in.applicationinsights.azure.com/;ApplicationId=${key}`;

const noConnection =
  'APPLICATIONINSIGHTS_CONNECTION_STRING: expected InstrumentationKey=<GUID>;IngestionEndpoint=https://…; no telemetry is sent';
const noAuthentication =
  'APPLICATIONINSIGHTS_AUTHENTICATION_STRING: expected Authorization=AAD, with ;ClientId=<GUID> for a user-assigned identity; no telemetry is sent';

describe('the address of Application Insights', () => {
  test.each([connection, `${connection};`, ` InstrumentationKey = ${key} ;;`])(
    'is a connection string: "%s"',
    (text) => {
      const address = toAddress(new Secret(text), undefined);

      expect(address.identity).toBeUndefined();
      expect(address.connectionString.reveal()).toMatch(new RegExp(`^instrumentationkey=${key}(;\\w+=[^;=]+)*$`));
    },
  );

  test.each([
    '',
    'nonsense',
    'InstrumentationKey=canary',
    key,
    `InstrumentationKey=${key};IngestionEndpoint=http://127.0.0.1:1/`,
    `InstrumentationKey=${key};IngestionEndpoint=canary`,
  ])('is refused with what was expected, and without what it was: "%s"', (text) => {
    expect(() => toAddress(new Secret(text), undefined)).toThrow(new Error(noConnection));
  });

  test.each([
    ['Authorization=AAD', {}],
    ['authorization=aad', {}],
    [`Authorization=AAD;ClientId=${key}`, { clientId: key }],
  ])('has an identity where one is asked for: %s', (text, identity) => {
    expect(toAddress(new Secret(connection), text).identity).toEqual(identity);
  });

  test.each(['AAD', 'Authorization=ikey', 'Authorization=AAD;ClientId=canary', 'ClientId=canary'])(
    'is refused when the identity is not understood: %s',
    (text) => {
      expect(() => toAddress(new Secret(connection), text)).toThrow(new Error(noAuthentication));
    },
  );
});
