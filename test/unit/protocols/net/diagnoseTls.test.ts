import { describe, expect, test } from 'vitest';
import type { CertificateFacts } from '../../../../shared/protocols/net/certificate.js';
import {
  diagnoseCertificate,
  diagnoseHandshake,
  isClientCertificateDemand,
} from '../../../../shared/protocols/net/diagnoseTls.js';

const host = 'sip.contoso.example';
const peer = 'sip.contoso.example at 192.0.2.10:443';
const seen: CertificateFacts = {
  host,
  subject: 'edge.contoso.example',
  issuer: 'Contoso Issuing CA',
  names: ['DNS:edge.contoso.example', 'DNS:contoso.example'],
  notBefore: '2026-01-01T00:00:00.000Z',
  notAfter: '2026-10-31T23:59:59.000Z',
  daysLeft: -20,
};

describe('a refused certificate', () => {
  test.each([
    ['CERT_HAS_EXPIRED', 'TLS_CERTIFICATE_EXPIRED', 'expired at 2026-10-31T23:59:59.000Z'],
    ['CERT_NOT_YET_VALID', 'TLS_CERTIFICATE_NOT_YET_VALID', 'not valid before 2026-01-01T00:00:00.000Z'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'TLS_NAME_MISMATCH', 'it names DNS:edge.contoso.example, DNS:contoso.example'],
    [
      'SELF_SIGNED_CERT_IN_CHAIN',
      'TLS_CERTIFICATE_UNTRUSTED',
      'its issuer "Contoso Issuing CA" is not trusted (SELF_SIGNED_CERT_IN_CHAIN)',
    ],
    [
      'DEPTH_ZERO_SELF_SIGNED_CERT',
      'TLS_CERTIFICATE_UNTRUSTED',
      'its issuer "Contoso Issuing CA" is not trusted (DEPTH_ZERO_SELF_SIGNED_CERT)',
    ],
    [
      'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
      'TLS_CERTIFICATE_UNTRUSTED',
      'its issuer "Contoso Issuing CA" is not trusted (UNABLE_TO_VERIFY_LEAF_SIGNATURE)',
    ],
    ['INVALID_PURPOSE', 'TLS_CERTIFICATE_INVALID', 'INVALID_PURPOSE'],
  ])('for %s is %s', (reason, code, words) => {
    const found = diagnoseCertificate(host, reason, seen);

    expect(found).toMatchObject({ code, layer: 'tls', error: `certificate of ${host} refused: ${words}` });
  });

  test('that is itself still valid is not called expired where its chain is', () => {
    const found = diagnoseCertificate(host, 'CERT_HAS_EXPIRED', { ...seen, daysLeft: 100 });

    expect(found.error).toBe(`certificate of ${host} refused: a certificate of its chain has expired`);
  });

  test.each([
    [{ ...seen, names: [] }, 'it names edge.contoso.example'],
    [{ ...seen, names: [], subject: '' }, 'it names nobody'],
  ])('without alternative names is named by its subject', (facts, words) => {
    expect(diagnoseCertificate(host, 'ERR_TLS_CERT_ALTNAME_INVALID', facts).error).toBe(
      `certificate of ${host} refused: ${words}`,
    );
  });

  test('that was never shown is said to be missing', () => {
    expect(diagnoseCertificate(host, 'UNABLE_TO_GET_ISSUER_CERT', undefined).error).toBe(
      `certificate of ${host} refused: the server showed none (UNABLE_TO_GET_ISSUER_CERT)`,
    );
  });
});

describe('a handshake that did not complete', () => {
  test('in time says so with the limit', () => {
    expect(diagnoseHandshake(peer, { kind: 'timeout', limitMs: 5_000 })).toMatchObject({
      code: 'TLS_HANDSHAKE_TIMEOUT',
      error: `no TLS handshake with ${peer} within 5000 ms`,
    });
  });

  test.each([
    { kind: 'closed' } as const,
    { kind: 'error', code: 'ECONNRESET', reason: 'read ECONNRESET', afterServerHello: false } as const,
    { kind: 'error', code: 'EPIPE', reason: 'write EPIPE', afterServerHello: true } as const,
  ])('because the peer hung up is one thing, however it was noticed: %j', (failure) => {
    expect(diagnoseHandshake(peer, failure)).toMatchObject({
      code: 'TLS_HANDSHAKE_CLOSED',
      error: `${peer} closed the connection during the TLS handshake`,
    });
  });

  test.each([
    ['ERR_SSL_WRONG_VERSION_NUMBER', false, 'TLS_NOT_SPOKEN'],
    ['ERR_SSL_PACKET_LENGTH_TOO_LONG', false, 'TLS_NOT_SPOKEN'],
    ['ERR_SSL_HTTP_REQUEST', false, 'TLS_NOT_SPOKEN'],
    ['ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', false, 'TLS_VERSION_UNSUPPORTED'],
    ['ERR_SSL_UNSUPPORTED_PROTOCOL', false, 'TLS_VERSION_UNSUPPORTED'],
    ['ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE', false, 'TLS_HANDSHAKE_FAILED'],
    ['ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE', true, 'TLS_CLIENT_CERTIFICATE_REQUIRED'],
    ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', true, 'TLS_CLIENT_CERTIFICATE_REQUIRED'],
    ['ERR_SSL_TLSV1_UNRECOGNIZED_NAME', false, 'TLS_HANDSHAKE_FAILED'],
    ['ERR_SSL_TLSV1_ALERT_INTERNAL_ERROR', true, 'TLS_HANDSHAKE_FAILED'],
  ])('for %s (after the server hello: %s) is %s', (code, afterServerHello, expected) => {
    const found = diagnoseHandshake(peer, { kind: 'error', code, reason: 'the words of OpenSSL', afterServerHello });

    expect(found).toMatchObject({
      code: expected,
      error: `TLS handshake with ${peer} failed: the words of OpenSSL (${code})`,
    });
  });
});

test('a refused handshake tells of a demand for a client certificate only once the server has spoken', () => {
  expect(isClientCertificateDemand('ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE', false)).toBe(false);
  expect(isClientCertificateDemand('ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE', true)).toBe(true);
  expect(isClientCertificateDemand('ECONNRESET', true)).toBe(false);
});
