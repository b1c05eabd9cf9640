import { describe, expect, test } from 'vitest';
import { isHostAllowed } from '../../../../shared/local/host/hostHeader.js';

describe('the Host header', () => {
  test.each(['localhost', 'localhost:7071', 'LOCALHOST:7071', '127.0.0.1:7071', '[::1]:7071', '[::1]'])(
    '%s is answered on a loopback address',
    (header) => {
      expect(isHostAllowed(header, '127.0.0.1')).toBe(true);
    },
  );

  test.each([
    'evil.example:7071',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    'localhost@evil.example',
    'localhost:7071:80',
    'localhost/',
    '',
    undefined,
  ])('%s is not answered on a loopback address', (header) => {
    expect(isHostAllowed(header, '127.0.0.1')).toBe(false);
  });

  test('may be the other loopback address that was chosen', () => {
    expect(isHostAllowed('127.0.0.9:7071', '127.0.0.9')).toBe(true);
    expect(isHostAllowed('127.0.0.9:7071', '127.0.0.1')).toBe(false);
    expect(isHostAllowed('evil.example', 'localhost')).toBe(false);
  });

  test('may be any name when the server was opened to the network on purpose', () => {
    expect(isHostAllowed('probes.contoso.com', '0.0.0.0')).toBe(true);
    expect(isHostAllowed(undefined, '0.0.0.0')).toBe(false);
  });
});
